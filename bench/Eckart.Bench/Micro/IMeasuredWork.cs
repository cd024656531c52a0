namespace Eckart.Bench.Micro;

/// <summary>A benchmark that knows how much one call does, so that its rate can be compared with the machine's.</summary>
public interface IMeasuredWork
{
    /// <summary>Multiplications and additions, numbers or bytes of one call, with the parameters set.</summary>
    double Work { get; }

    /// <summary>What <see cref="Work"/> counts, e.g. <c>FLOP</c>.</summary>
    string Unit { get; }
}
