using System.Diagnostics;
using System.Globalization;

namespace Eckart.Tests.Support;

/// <summary>A real Slurm cluster of one machine, on the loopback interface, with all that it writes in a folder of its own; ended with the test.</summary>
internal sealed class LoopbackCluster : IDisposable
{
    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"];
    private const int FirstPort = 26817;

    private readonly string folder;
    private readonly int nodes;

    /// <summary>Starts it; the test is skipped where Slurm or munge is missing, or where daemons may not be started.</summary>
    /// <param name="folder">Empty; a path without spaces, short enough for a socket.</param>
    /// <param name="nodes">Each of one core.</param>
    public LoopbackCluster(string folder, int nodes)
    {
        (this.folder, this.nodes) = (folder, nodes);
        foreach (var program in Programs) Assert.SkipUnless(Find(program) is not null, $"no {program} here: apt-get install slurm-wlm munge");
        Assert.SkipUnless(Environment.UserName == "root", "only root starts Slurm's daemons");
        foreach (var part in new[] { "state", "spool", "log" }) Directory.CreateDirectory(Path.Combine(folder, part));
        Secret(Path.Combine(folder, "munge.key"));
        File.WriteAllText(Configuration, Text());
        try
        {
            Run("munged", "--force", $"--key-file={folder}/munge.key", $"--socket={folder}/munge.socket", $"--pid-file={folder}/munged.pid", $"--log-file={folder}/log/munged.log", $"--seed-file={folder}/munge.seed");
            Run("slurmctld");
            for (var node = 1; node <= nodes; node++) Run("slurmd", "-N", $"w{node}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For the environment of whatever talks to it, as <c>SLURM_CONF</c>.</summary>
    public string Configuration => Path.Combine(folder, "slurm.conf");

    /// <summary>Jobs that have yet to end.</summary>
    public string Queue => Run("squeue", "--noheader");

    /// <summary>Runs a program that knows of the cluster, to its end.</summary>
    public string Run(string program, params string[] args)
    {
        var start = new ProcessStartInfo(Find(program)!, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["SLURM_CONF"] = Configuration;
        using var process = Process.Start(start)!;
        process.WaitForExit();      // not for the end of what it prints: a daemon that it leaves behind may hold that open
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: exit {process.ExitCode}");
        return process.StandardOutput.ReadToEnd();
    }

    /// <summary>Kills a node with all that runs there, as if its power went; the cluster finds out half a minute later.</summary>
    /// <param name="node">From 1.</param>
    /// <returns>How many processes of a job were there.</returns>
    public int Lose(int node)
    {
        var tasks = SystemProcess.All(one => SystemProcess.Environment(one) is var names && names.Contains($"SLURM_CONF={Configuration}") && names.Contains($"SLURMD_NODENAME=w{node}"));
        var above = tasks.Select(SystemProcess.Parent).ToHashSet();
        var steps = SystemProcess.All(one => above.Contains(one.Id) && SystemProcess.Command(one)[0].StartsWith("slurmstepd", StringComparison.Ordinal));
        using var daemon = Process.GetProcessById(int.Parse(File.ReadAllText(Pid(node)), CultureInfo.InvariantCulture));
        foreach (var one in steps.Prepend(daemon).Concat(tasks)) one.Kill();        // whoever would tell of the others' end first
        return tasks.Length;
    }

    /// <summary>Ends what it started, by the ids that its daemons wrote down.</summary>
    public void Dispose()
    {
        if (File.Exists(Path.Combine(folder, "slurmctld.pid"))) EndJobs();
        foreach (var file in Enumerable.Range(1, nodes).Select(Pid).Append(Path.Combine(folder, "slurmctld.pid")).Append(Path.Combine(folder, "munged.pid"))) End(file);
    }

    private string Pid(int node) => Path.Combine(folder, $"slurmd-w{node}.pid");

    private void EndJobs()
    {
        if (Find("scancel") is not { } cancel) return;
        var start = new ProcessStartInfo(cancel, ["--signal=KILL", "--full", $"--user={Environment.UserName}"]);
        start.Environment["SLURM_CONF"] = Configuration;
        using (var process = Process.Start(start)!) process.WaitForExit(TimeSpan.FromSeconds(10));
    }

    private static void End(string pidFile)
    {
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadAllText(pidFile), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id)) return;
        try
        {
            using var process = Process.GetProcessById(id);
            using (var kill = Process.Start("kill", [id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
            if (!process.WaitForExit(TimeSpan.FromSeconds(10))) process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static void Secret(string path)
    {
        File.WriteAllBytes(path, System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // cred_expire: a job that is queued again waits until the pass of its first start has run out.
    private string Text()
    {
        var host = Environment.MachineName.Split('.')[0];
        return $"""
            ClusterName=loop
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FirstPort}
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={folder}/munge.socket,cred_expire=5
            CredType=cred/munge
            StateSaveLocation={folder}/state
            SlurmdSpoolDir={folder}/spool/%n
            SlurmctldPidFile={folder}/slurmctld.pid
            SlurmdPidFile={folder}/slurmd-%n.pid
            SlurmctldLogFile={folder}/log/slurmctld.log
            SlurmdLogFile={folder}/log/slurmd-%n.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            SchedulerParameters=bf_interval=1,sched_min_interval=100000
            MpiDefault=none
            ReturnToService=2
            SlurmdTimeout=30
            KillWait=2
            NodeName=w[1-{nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{FirstPort + 1}-{FirstPort + nodes}] CPUs=1 RealMemory=1000 State=UNKNOWN
            PartitionName=sweep Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """;
    }
}
