using System.Reflection;
using TorchSharp;

namespace Eckart.Tests;

public sealed class NativeLibraryTests
{
    private const string Name = "libLibTorchSharp.so";

    [Fact]
    public void Libtorch_loads_and_multiplies()
    {
        using var scope = torch.NewDisposeScope();

        var product = torch.ones(8, 8).mm(torch.ones(8, 8));

        Assert.Equal(512, product.sum().item<float>());
    }

    [Fact]
    public void Only_the_weak_flag_differs_from_the_packages_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The symbol version is asked for on Linux only.");
        var built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Name));
        var package = File.ReadAllBytes(Directory.GetFiles(Path.Combine(PackageRoot, "torchsharp"), Name, SearchOption.AllDirectories).Single());

        var changed = Enumerable.Range(0, built.Length).Where(i => built[i] != package[i]).ToArray();

        Assert.Equal(package.Length, built.Length);
        Assert.Equal((0, 2), (package[Assert.Single(changed)], built[changed[0]]));
    }

    private static string PackageRoot => typeof(NativeLibraryTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PackageRoot").Value!;
}
