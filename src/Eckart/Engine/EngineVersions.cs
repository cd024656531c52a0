namespace Eckart.Engine;

/// <summary>Numbers that go into the identity of trials. No two engines share one; whenever a change may change a digit of an engine's scores, it takes the next that none has had.</summary>
internal static class EngineVersions
{
    /// <summary>Of <see cref="ReferenceEngine"/>; 1 truncated by the float32 decomposition.</summary>
    public const int Reference = 2;

    /// <summary>Of <see cref="WalkEngine"/>; 3 took a randomised truncation's product for the unedited one.</summary>
    public const int Walk = 4;
}
