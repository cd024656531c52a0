namespace Eckart.Cli;

/// <summary>Work that was timed, with what the machine could do in the same minutes.</summary>
/// <param name="Operations">Done.</param>
/// <param name="Seconds">It took.</param>
/// <param name="GemmRate">Operations a second of plain products, sampled before and after.</param>
internal sealed record TimedWork(long Operations, double Seconds, double GemmRate)
{
    /// <summary>The operations that plain products would have done in that time.</summary>
    public double Possible => Seconds * GemmRate;
}
