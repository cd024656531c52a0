using System.Runtime.CompilerServices;
using Eckart.Models;

namespace Eckart.Engine.Kernels;

/// <summary>The non-linear part of an MLP in one pass over its rows, computed in float32.</summary>
internal static unsafe class MlpActivation
{
    /// <summary>y = activation(gate)·up.</summary>
    /// <param name="activation">The non-linearity.</param>
    /// <param name="gate">(rows, size), <paramref name="gateStride"/> numbers from row to row.</param>
    /// <param name="gateStride">Row stride of gate.</param>
    /// <param name="up">(rows, size).</param>
    /// <param name="upStride">Row stride of up.</param>
    /// <param name="y">(rows, size); may be <paramref name="gate"/> or <paramref name="up"/>. What lies between its rows is left alone.</param>
    /// <param name="yStride">Row stride of y.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row.</param>
    public static void Gated(Activation activation, float* gate, nint gateStride, float* up, nint upStride, float* y, nint yStride, int rows, int size) =>
        Gated<Float32Element, float>(activation, gate, gateStride, up, upStride, y, yStride, rows, size);

    /// <summary>As the other <see cref="Gated(Activation, float*, nint, float*, nint, float*, nint, int, int)"/>, all three in bfloat16.</summary>
    public static void Gated(Activation activation, ushort* gate, nint gateStride, ushort* up, nint upStride, ushort* y, nint yStride, int rows, int size) =>
        Gated<Bfloat16Element, ushort>(activation, gate, gateStride, up, upStride, y, yStride, rows, size);

    /// <summary>y = activation(up), for an MLP without a gate.</summary>
    /// <param name="activation">The non-linearity.</param>
    /// <param name="up">(rows, size), <paramref name="upStride"/> numbers from row to row.</param>
    /// <param name="upStride">Row stride of up.</param>
    /// <param name="y">(rows, size); may be <paramref name="up"/>. What lies between its rows is left alone.</param>
    /// <param name="yStride">Row stride of y.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row.</param>
    public static void Plain(Activation activation, float* up, nint upStride, float* y, nint yStride, int rows, int size) =>
        Plain<Float32Element, float>(activation, up, upStride, y, yStride, rows, size);

    /// <summary>As the other <see cref="Plain(Activation, float*, nint, float*, nint, int, int)"/>, both in bfloat16.</summary>
    public static void Plain(Activation activation, ushort* up, nint upStride, ushort* y, nint yStride, int rows, int size) =>
        Plain<Bfloat16Element, ushort>(activation, up, upStride, y, yStride, rows, size);

    private static void Gated<TElement, T>(Activation activation, T* gate, nint gateStride, T* up, nint upStride, T* y, nint yStride, int rows, int size)
        where TElement : IElement<T>
        where T : unmanaged
    {
        delegate*<T*, T*, T*, int, void> row = activation switch
        {
            Activation.Silu => &GatedRow<Silu, TElement, T>,
            Activation.Gelu => &GatedRow<Gelu, TElement, T>,
            Activation.GeluTanh => &GatedRow<GeluTanh, TElement, T>,
            Activation.Relu => &GatedRow<Relu, TElement, T>,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
        for (; rows > 0; rows--, gate += gateStride, up += upStride, y += yStride) row(gate, up, y, size);
    }

    private static void Plain<TElement, T>(Activation activation, T* up, nint upStride, T* y, nint yStride, int rows, int size)
        where TElement : IElement<T>
        where T : unmanaged
    {
        delegate*<T*, T*, int, void> row = activation switch
        {
            Activation.Silu => &PlainRow<Silu, TElement, T>,
            Activation.Gelu => &PlainRow<Gelu, TElement, T>,
            Activation.GeluTanh => &PlainRow<GeluTanh, TElement, T>,
            Activation.Relu => &PlainRow<Relu, TElement, T>,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
        for (; rows > 0; rows--, up += upStride, y += yStride) row(up, y, size);
    }

    [MethodImpl(Lanes.Fast)]
    private static void GatedRow<TActivation, TElement, T>(T* gate, T* up, T* y, int size)
        where TActivation : IActivation
        where TElement : IElement<T>
        where T : unmanaged
    {
        var i = 0;
        for (; i + Lanes.Width <= size; i += Lanes.Width) TElement.Store(y + i, TActivation.Of(TElement.Load(gate + i)) * TElement.Load(up + i));
        var rest = size - i;
        if (rest > 0) Tail<TElement, T>.Store(y + i, TActivation.Of(Tail<TElement, T>.Load(gate + i, rest)) * Tail<TElement, T>.Load(up + i, rest), rest);
    }

    [MethodImpl(Lanes.Fast)]
    private static void PlainRow<TActivation, TElement, T>(T* up, T* y, int size)
        where TActivation : IActivation
        where TElement : IElement<T>
        where T : unmanaged
    {
        var i = 0;
        for (; i + Lanes.Width <= size; i += Lanes.Width) TElement.Store(y + i, TActivation.Of(TElement.Load(up + i)));
        var rest = size - i;
        if (rest > 0) Tail<TElement, T>.Store(y + i, TActivation.Of(Tail<TElement, T>.Load(up + i, rest)), rest);
    }
}
