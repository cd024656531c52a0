using System.Diagnostics;

namespace Eckart.Tests.Cli;

public sealed class StartupTests
{
    [Fact]
    public async Task Help_loads_no_native_library_of_the_heavy_packages()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The loader's own log is Linux's.");
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(AppContext.BaseDirectory, "eckart.dll"), "--help" }, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["LD_DEBUG"] = "files";

        using var process = Process.Start(start)!;
        var help = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var log = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Contains("search", await help, StringComparison.Ordinal);
        Assert.Contains("libcoreclr", log, StringComparison.Ordinal);
        Assert.All(["torch", "Skia", "tokenizers"], name => Assert.DoesNotContain(name, log, StringComparison.OrdinalIgnoreCase));
    }
}
