using Eckart.Engine;

namespace Eckart.Cli;

/// <summary>Work that was timed, with what the machine could do in the same minutes.</summary>
/// <param name="Operations">Done.</param>
/// <param name="Time">It took.</param>
/// <param name="Rate">Of plain products, sampled before and after.</param>
internal sealed record TimedWork(long Operations, WorkTime Time, GemmRate Rate)
{
    /// <summary>The operations that plain products would have done in that time.</summary>
    public double Possible => Time.Seconds * Rate.PerSecond;

    /// <summary>The same by processors' time.</summary>
    public double PossibleByProcessors => Time.ProcessorSeconds * Rate.PerProcessorSecond;
}
