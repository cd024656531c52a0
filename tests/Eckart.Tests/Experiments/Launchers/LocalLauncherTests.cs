using Eckart.Experiments;
using Eckart.Experiments.Launchers;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments.Launchers;

public sealed class LocalLauncherTests
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(4, "expected all 2 shares to be finished, found share 2/2 with exit 137")]
    public void A_share_that_is_killed_is_started_again_three_times_at_most(int kills, string? problem)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals that kill");
        using var folder = new TemporaryFolder();
        var program = folder.File("share.sh", $"""
            [ "$(echo "$@" | tail -c 4)" = 2/2 ] || exit 0
            echo once >> {folder.Path}/starts
            [ $(wc -l < {folder.Path}/starts) -gt {kills} ] || kill -9 $$
            """);
        var run = Path.Combine(folder.Path, "run");
        var request = new LaunchRequest(PlanFile.Parse("{name: small, drop: all}", "small.yaml"), new PlannedWork(false, []), RunFolder.Open(run), new ShareCommand(["bash", program], run, []), 2);

        void Launch() => LocalLauncher.Run(request, null, TestContext.Current.CancellationToken);

        if (problem is null) Launch();
        else Assert.Contains(problem, Assert.Throws<InputException>(Launch).Message, StringComparison.Ordinal);
        Assert.Equal(Math.Min(kills + 1, 4), File.ReadAllLines(Path.Combine(folder.Path, "starts")).Length);
    }
}
