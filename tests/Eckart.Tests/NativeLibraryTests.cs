using TorchSharp;

namespace Eckart.Tests;

public sealed class NativeLibraryTests
{
    [Fact]
    public void Libtorch_loads_and_multiplies()
    {
        using var scope = torch.NewDisposeScope();

        var product = torch.ones(8, 8).mm(torch.ones(8, 8));

        Assert.Equal(512, product.sum().item<float>());
    }
}
