using Eckart.Experiments.Launchers;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments.Launchers;

public sealed class SlurmScriptTests
{
    [Fact]
    public void The_scripts_are_as_they_were_read()
    {
        var command = new ShareCommand(["/usr/bin/dotnet", "/opt/eckart/eckart.dll"], "/home/me/runs/100% mine", ["--threads", "4", "--data", "/data/it's here"]);
        var script = new SlurmScript("figure-1", command, 64, "--partition=cpu --time=2:00:00", "/home/me");

        Golden.Match(script.Shares, "shares");
        Golden.Match(script.Merge, "merge");
    }
}
