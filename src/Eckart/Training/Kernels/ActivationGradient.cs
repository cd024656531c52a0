using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Training.Kernels;

/// <summary>The way back through the non-linear part of an MLP, in one pass.</summary>
internal static unsafe class ActivationGradient
{
    /// <summary>Gradients of y = activation(gate)·up.</summary>
    /// <param name="activation">The non-linearity.</param>
    /// <param name="wide">(rows, 2·size): gate and up side by side.</param>
    /// <param name="given">By y, (rows, size).</param>
    /// <param name="toWide">By gate and up, (rows, 2·size); overwritten.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row of y.</param>
    public static void Gated(Activation activation, float* wide, float* given, float* toWide, int rows, int size)
    {
        delegate*<float*, float*, float*, int, void> row = activation switch
        {
            Activation.Silu => &GatedRow<Silu>,
            Activation.Gelu => &GatedRow<Gelu>,
            Activation.GeluTanh => &GatedRow<GeluTanh>,
            Activation.Relu => &GatedRow<Relu>,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
        for (; rows > 0; rows--, wide += 2 * size, given += size, toWide += 2 * size) row(wide, given, toWide, size);
    }

    /// <summary>Gradient of y = activation(x).</summary>
    /// <param name="activation">The non-linearity.</param>
    /// <param name="x">Of <paramref name="count"/> numbers.</param>
    /// <param name="given">By y.</param>
    /// <param name="toX">By x; overwritten; may be <paramref name="given"/>.</param>
    /// <param name="count">Numbers.</param>
    public static void Plain(Activation activation, float* x, float* given, float* toX, nint count)
    {
        delegate*<float*, float*, float*, nint, void> all = activation switch
        {
            Activation.Silu => &PlainRow<Silu>,
            Activation.Gelu => &PlainRow<Gelu>,
            Activation.GeluTanh => &PlainRow<GeluTanh>,
            Activation.Relu => &PlainRow<Relu>,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
        all(x, given, toX, count);
    }

    [MethodImpl(Lanes.Fast)]
    private static void GatedRow<TActivation>(float* wide, float* given, float* toWide, int size)
        where TActivation : IActivation
    {
        float* up = wide + size, toUp = toWide + size;
        var i = 0;
        for (; i + Lanes.Width <= size; i += Lanes.Width)
        {
            var (value, gradient) = (TActivation.Of(Vector512.Load(wide + i), out var slope), Vector512.Load(given + i));
            (gradient * Vector512.Load(up + i) * slope).Store(toWide + i);
            (gradient * value).Store(toUp + i);
        }

        var rest = size - i;
        if (rest == 0) return;
        var (last, by) = (TActivation.Of(Tail<Float32Element, float>.Load(wide + i, rest), out var lastSlope), Tail<Float32Element, float>.Load(given + i, rest));
        Tail<Float32Element, float>.Store(toWide + i, by * Tail<Float32Element, float>.Load(up + i, rest) * lastSlope, rest);
        Tail<Float32Element, float>.Store(toUp + i, by * last, rest);
    }

    [MethodImpl(Lanes.Fast)]
    private static void PlainRow<TActivation>(float* x, float* given, float* toX, nint count)
        where TActivation : IActivation
    {
        nint i = 0;
        for (; i + Lanes.Width <= count; i += Lanes.Width)
        {
            TActivation.Of(Vector512.Load(x + i), out var slope);
            (Vector512.Load(given + i) * slope).Store(toX + i);
        }

        var rest = (int)(count - i);
        if (rest == 0) return;
        TActivation.Of(Tail<Float32Element, float>.Load(x + i, rest), out var lastSlope);
        Tail<Float32Element, float>.Store(toX + i, Tail<Float32Element, float>.Load(given + i, rest) * lastSlope, rest);
    }
}
