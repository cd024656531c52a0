using Eckart.Statistics;
using Eckart.Training;

namespace Eckart.Tests.Training;

/// <summary>Texts that repeat a short random sequence: what follows can be known from the second time on. The last tokens may be padding.</summary>
internal sealed class RepeatedTexts(int vocabulary = 12, int length = 25, int period = 4, int padding = 0) : ITextSource
{
    public int Vocabulary => vocabulary;

    public int Length => length;

    public void Draw(long step, long steps, int place, Span<int> ids, Span<float> weights)
    {
        var random = new SplitMix64((ulong)((step * 1000) + place));
        for (var i = 0; i < length; i++) ids[i] = i < period ? random.Below(vocabulary) : ids[i - period];
        for (var i = 0; i < weights.Length; i++) weights[i] = i >= weights.Length - padding ? 0 : i + 1 < period ? 0.1f : 1;
    }

    public string Describe() => $$"""{"repeat":{{period}},"vocabulary":{{vocabulary}},"length":{{length}}}""";
}
