using System.Diagnostics;
using System.Runtime.Intrinsics;
using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

/// <summary>Runs this folder's tests again as on a machine with shorter vectors.</summary>
public sealed class FallbackTests
{
    // Read by the .NET runtime when a process starts.
    private const string Switch = "DOTNET_EnableAVX512";

    [Fact]
    public async Task The_kernels_pass_their_tests_without_AVX_512()
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "Without AVX-512 the other tests have just been those of the fallback.");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(FallbackTests).Assembly.Location, "-namespace", typeof(FallbackTests).Namespace!, "-noColor" },
            RedirectStandardOutput = true,
        };
        start.Environment[Switch] = "0";

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("[SKIP]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_switch_turns_AVX_512_off() =>
        Assert.True(Environment.GetEnvironmentVariable(Switch) != "0" || Lanes.Name != "avx512");
}
