using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Eckart.Tests.Support;

/// <summary>A test of minutes: skipped unless <c>ECKART_LONG=1</c>; of the trait <c>Tier=long</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute, ITraitAttribute
{
    public LongFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (Environment.GetEnvironmentVariable("ECKART_LONG") != "1") Skip = "takes minutes: ECKART_LONG=1 runs it";
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Tier", "long")];
}
