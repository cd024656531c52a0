namespace Eckart.Tests.Support.Mutations;

/// <summary>A damaged copy of a file, and how it came about.</summary>
/// <param name="Bytes">The copy.</param>
/// <param name="Steps">What was done to the original, one after the other.</param>
internal sealed record Mutation(byte[] Bytes, IReadOnlyList<string> Steps)
{
    /// <summary>For a failing test's message.</summary>
    public override string ToString() => string.Join(", then ", Steps);
}
