using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Engine.Arithmetic;

/// <summary>The rotary angles of a walk's positions, and the arithmetic that uses them.</summary>
internal sealed class Angles : IDisposable
{
    private readonly ModelSpec spec;
    private readonly ComputeOptions compute;
    private readonly Rotary rotary;
    private static readonly HeadRules Plain = new(null, null, 0);
    private readonly (Tensor Cos, Tensor Sin) halves;
    private readonly Tensor table;      // of each position the cosines, then the sines

    /// <param name="spec">Of the model.</param>
    /// <param name="compute">Where they are wanted.</param>
    /// <param name="rotary">Of the model; still the caller's.</param>
    /// <param name="positions">From 0 on.</param>
    public Angles(ModelSpec spec, ComputeOptions compute, Rotary rotary, int positions)
    {
        (this.spec, this.compute, this.rotary) = (spec, compute, rotary);
        using var scope = NewDisposeScope();
        var (cos, sin) = rotary.Angles(positions, compute);
        halves = (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
        table = cat([cos, sin], 1).DetachFromDisposeScope();
    }

    /// <summary>Kernels where there are any, operators elsewhere.</summary>
    /// <param name="operators">Whether operators are wanted everywhere.</param>
    public ILayerArithmetic Arithmetic(bool operators) =>
        operators || compute.Device.type != TorchSharp.DeviceType.CPU ? new OperatorArithmetic(spec, rotary, halves, Plain) : new KernelArithmetic(spec, table, Plain);

    /// <inheritdoc/>
    public void Dispose()
    {
        halves.Cos.Dispose();
        halves.Sin.Dispose();
        table.Dispose();
    }
}
