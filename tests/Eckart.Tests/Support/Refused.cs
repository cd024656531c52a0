using Eckart.Formats;

namespace Eckart.Tests.Support;

/// <summary>Asserts that input is refused as every input should be.</summary>
internal static class Refused
{
    /// <summary>Runs <paramref name="read"/> and holds the one problem it must report to the parts given; each part names text that must stand in the line.</summary>
    public static void With(Action read, params ReadOnlySpan<string> parts)
    {
        var refused = Assert.Throws<InputException>(read);

        var line = Assert.Single(refused.Problems).ToString();
        Assert.DoesNotContain('\n', line);
        foreach (var part in parts) Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
