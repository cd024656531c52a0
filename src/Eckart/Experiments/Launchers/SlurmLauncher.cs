using System.Text;
using Eckart.Experiments.Plans;
using Eckart.Formats;

namespace Eckart.Experiments.Launchers;

/// <summary>Hands a plan to Slurm: an array with a task a share, and a job after it that merges and reports.</summary>
public static class SlurmLauncher
{
    private const string SharesFile = SlurmScript.Folder + "/shares.sh";
    private const string MergeFile = SlurmScript.Folder + "/merge.sh";

    /// <summary>Submits; nothing waits for the jobs. Where Slurm refuses, the folder is as it was.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="options">Of sbatch, for both jobs, such as <c>--partition=cpu --time=2:00:00</c>; may be empty.</param>
    /// <exception cref="InputException">No Slurm, or it refuses; a folder of another plan or with a share at work.</exception>
    public static Launched Launch(LaunchRequest request, string options)
    {
        ArgumentNullException.ThrowIfNull(request);
        var folder = request.Folder;
        string[] absent = [.. new[] { PlanText.FileName, PlannedWork.FileName, Launched.FileName, SharesFile, MergeFile }.Select(name => Path.Combine(folder.Path, name)).Where(path => !File.Exists(path))];
        var jobs = new List<string>();
        try
        {
            SlurmCommand.Require();
            request.Prepare();
            var script = new SlurmScript(request.Plan.Name, request.Command, request.Shards, options, Directory.GetCurrentDirectory());
            Directory.CreateDirectory(Path.Combine(folder.Path, SlurmScript.Folder));
            folder.Write(SharesFile, Encoding.UTF8.GetBytes(script.Shares));
            folder.Write(MergeFile, Encoding.UTF8.GetBytes(script.Merge));
            jobs.Add(SlurmCommand.Submit(Path.Combine(folder.Path, SharesFile)));
            jobs.Add(SlurmCommand.Submit(Path.Combine(folder.Path, MergeFile), $"--dependency=afterany:{jobs[0]}"));
            var launched = new Launched("slurm", request.Shards, jobs);
            folder.WriteJson(Launched.FileName, launched);
            return launched;
        }
        catch
        {
            foreach (var job in jobs) TakeBack(job);
            foreach (var path in absent.Where(File.Exists)) File.Delete(path);
            if (new DirectoryInfo(Path.Combine(folder.Path, SlurmScript.Folder)) is { Exists: true } scripts && !scripts.EnumerateFileSystemInfos().Any()) scripts.Delete();
            folder.RemoveIfUnused();
            throw;
        }
    }

    private static void TakeBack(string job)
    {
        try
        {
            SlurmCommand.Cancel(job);
        }
        catch (InputException)
        {
            // What made the launch fail is what is told.
        }
    }
}
