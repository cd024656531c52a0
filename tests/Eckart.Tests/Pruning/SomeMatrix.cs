using TorchSharp;

namespace Eckart.Tests.Pruning;

/// <summary>Seeded matrices; fresh tensors in the caller's dispose scope.</summary>
internal static class SomeMatrix
{
    /// <summary>(m, n) of standard normal entries.</summary>
    public static torch.Tensor Normal(int m, int n, ulong seed, torch.ScalarType type = torch.ScalarType.Float32)
    {
        using var generator = new torch.Generator(seed);
        return torch.randn(m, n, dtype: type, generator: generator);
    }

    /// <summary>(m, n) with the min(m, n) singular values given, float64.</summary>
    public static torch.Tensor WithSpectrum(int m, int n, double[] values, ulong seed)
    {
        using var scope = torch.NewDisposeScope();
        var left = torch.linalg.qr(Normal(m, values.Length, seed, torch.float64)).Q;
        var right = torch.linalg.qr(Normal(n, values.Length, seed + 1, torch.float64)).Q;
        return left.mul(torch.tensor(values)).mm(right.t()).MoveToOuterDisposeScope();
    }

    public static int[] Bits(torch.Tensor matrix) => Array.ConvertAll(matrix.data<float>().ToArray(), BitConverter.SingleToInt32Bits);

    /// <summary>‖a − b‖_F in float64.</summary>
    public static double Distance(torch.Tensor a, torch.Tensor b)
    {
        using var scope = torch.NewDisposeScope();
        return a.to(torch.float64).sub(b.to(torch.float64)).square().sum().sqrt().item<double>();
    }
}
