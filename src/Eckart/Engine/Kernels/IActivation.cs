using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Eckart.Engine.Kernels;

/// <summary>A non-linearity of 16 numbers at once. A type for each of <see cref="Models.Activation"/>, so that a loop around it is written once.</summary>
internal interface IActivation
{
    /// <summary>The function, number by number.</summary>
    static abstract V Of(V x);

    /// <summary>The function and its slope, number by number.</summary>
    static abstract V Of(V x, out V slope);
}

/// <summary>x·σ(x).</summary>
internal readonly struct Silu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x) => x / (V.One + Exponential.Of(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, out V slope)
    {
        var share = V.One / (V.One + Exponential.Of(-x));
        slope = share * Vector512.MultiplyAddEstimate(x, V.One - share, V.One);
        return x * share;
    }
}

/// <summary>max(x, 0).</summary>
internal readonly struct Relu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x) => Vector512.MaxNative(V.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, out V slope)
    {
        slope = Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), V.One, V.Zero);
        return Of(x);
    }
}

/// <summary>x·(1 + tanh u)/2 with u = √(2/π)·(x + 0.044715·x³), which is x·σ(2u).</summary>
internal readonly struct GeluTanh : IActivation
{
    private const float MinusTwiceRoot = -1.59576912f, Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x)
    {
        var minusTwiceU = x * Vector512.MultiplyAddEstimate(x * x, Vector512.Create(Cubic * MinusTwiceRoot), Vector512.Create(MinusTwiceRoot));
        return x / (V.One + Exponential.Of(minusTwiceU));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, out V slope)
    {
        var square = x * x;
        var share = V.One / (V.One + Exponential.Of(x * Vector512.MultiplyAddEstimate(square, Vector512.Create(Cubic * MinusTwiceRoot), Vector512.Create(MinusTwiceRoot))));
        var inner = Vector512.MultiplyAddEstimate(square, Vector512.Create(-3 * Cubic * MinusTwiceRoot), Vector512.Create(-MinusTwiceRoot));     // of 2u
        slope = share * Vector512.MultiplyAddEstimate(x * (V.One - share), inner, V.One);
        return x * share;
    }
}

/// <summary>x·Φ(x), Φ the distribution function of the standard normal.</summary>
/// <remarks>With z = |x|/√2, the tail 1 − Φ(|x|) is exp(−z²)·t·P(t)/2, where t = 1/(1 + 0.4·z) and P interpolates at nine Chebyshev nodes of
/// the t that belong to 0 ≤ z ≤ 9.4, to 10⁻⁷ of the tail.</remarks>
internal readonly struct Gelu : IActivation
{
    private const float InverseRoot2 = 0.707106781f, InverseRoot2Pi = 0.398942280f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x) => x * Share(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, out V slope)
    {
        var share = Share(x);
        slope = Vector512.MultiplyAddEstimate(x * Vector512.Create(InverseRoot2Pi), Exponential.Of(x * x * Vector512.Create(-0.5f)), share);
        return x * share;
    }

    // Φ
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Share(V x)
    {
        var z = Vector512.Abs(x) * Vector512.Create(InverseRoot2);
        var t = V.One / Vector512.MultiplyAddEstimate(z, Vector512.Create(0.4f), V.One);
        var p = Vector512.MultiplyAddEstimate(Vector512.Create(0.037142545f), t, Vector512.Create(-0.120625772f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.0439547226f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.132941186f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.0492921658f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.206098869f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.198708326f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.226878762f));
        p = Vector512.MultiplyAddEstimate(p, t, Vector512.Create(0.225609228f));

        var tail = Vector512.Create(0.5f) * Exponential.Of(-(z * z)) * t * p;
        return Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), tail, V.One - tail);
    }
}
