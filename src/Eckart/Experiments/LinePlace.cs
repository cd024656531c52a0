namespace Eckart.Experiments;

/// <summary>Where a line stands in its file.</summary>
/// <param name="Start">Bytes before it.</param>
/// <param name="Length">Its bytes, without its end.</param>
internal readonly record struct LinePlace(long Start, int Length);
