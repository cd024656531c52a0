using Eckart.Formats;

namespace Eckart.Tests.Support;

/// <summary>A file system that counts its calls, and of which one call, and perhaps what follows it, fails.</summary>
internal sealed class FaultyFiles
{
    private readonly Fault fault;
    private readonly int place;
    private FileCall? failing;

    /// <param name="fault">In what way it fails.</param>
    /// <param name="place">The call that does, from 0.</param>
    /// <param name="unflushed">How long a line may wait for the disk.</param>
    public FaultyFiles(Fault fault = Fault.None, int place = -1, TimeSpan unflushed = default)
    {
        (this.fault, this.place) = (fault, place);
        Calls = new FileCalls
        {
            Unflushed = unflushed,          // none, for as many calls on a slow machine as on a fast one
            Open = (path, options) =>
            {
                Enter(path.EndsWith(".lock", StringComparison.Ordinal) ? FileCall.Lock : FileCall.Open);
                return new Stream(this, path, options);
            },
            Move = (from, to) =>
            {
                Enter(FileCall.Rename);
                FileCalls.Disk.Move(from, to);
            },
            Delete = path =>
            {
                Enter(FileCall.Delete);
                FileCalls.Disk.Delete(path);
            },
            MakeFolder = path =>
            {
                Enter(FileCall.MakeFolder);
                FileCalls.Disk.MakeFolder(path);
            },
            DeleteFolder = path =>
            {
                Enter(FileCall.DeleteFolder);
                FileCalls.Disk.DeleteFolder(path);
            },
        };
    }

    public FileCalls Calls { get; }

    /// <summary>All calls so far.</summary>
    public List<FileCall> Made { get; } = [];

    /// <summary>Bytes of each journal that were flushed without an error: no fault may lose them.</summary>
    public Dictionary<string, long> Kept { get; } = [];

    /// <summary>Whether a fault can strike a call of a kind.</summary>
    public static bool Concerns(Fault fault, FileCall call) => fault switch
    {
        Fault.Denied => call is FileCall.Open or FileCall.Lock or FileCall.Rename or FileCall.Delete or FileCall.MakeFolder or FileCall.DeleteFolder,
        Fault.Short or Fault.ShortThenFull or Fault.ShortThenDeath => call is FileCall.Write,
        _ => true,
    };

    private bool Enter(FileCall call)
    {
        Made.Add(call);
        var number = Made.Count - 1;
        if (number == place) failing = call;
        if (number < place || failing is null) return false;
        var first = number == place;
        return fault switch
        {
            Fault.Full when first => throw new IOException("No space left on device"),
            Fault.FullForGood or Fault.DeniedForGood when call != failing => false,
            Fault.FullForGood => throw new IOException("No space left on device"),
            Fault.Denied when first => throw new UnauthorizedAccessException("Access to the path is denied."),
            Fault.DeniedForGood => throw new UnauthorizedAccessException("Access to the path is denied."),
            Fault.Gone => throw new IOException("Input/output error"),
            Fault.Short or Fault.ShortThenFull or Fault.ShortThenDeath when first => true,
            Fault.ShortThenFull => throw new IOException("No space left on device"),
            Fault.Death or Fault.ShortThenDeath => throw new ProcessDiedException(),
            _ => false,
        };
    }

    // Only the overload with an array is overridden: FileStream sends the other one to it in a derived type.
    private sealed class Stream(FaultyFiles files, string path, FileStreamOptions options) : FileStream(path, options)
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (!files.Enter(FileCall.Write))
            {
                base.Write(buffer, offset, count);
                return;
            }

            base.Write(buffer, offset, count / 2);
            throw files.fault == Fault.ShortThenDeath ? new ProcessDiedException() : new IOException("No space left on device");
        }

        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk) files.Enter(FileCall.Flush);
            base.Flush(flushToDisk: false);       // thousands of runs: no power fails here
            if (flushToDisk && Path.GetFileName(Name) is var name && name.StartsWith("trials", StringComparison.Ordinal) && name.EndsWith(".jsonl", StringComparison.Ordinal)) files.Kept[Name] = Length;
        }

        public override void SetLength(long value)
        {
            files.Enter(FileCall.Cut);
            base.SetLength(value);
        }
    }
}

/// <summary>Kinds of calls that can fail.</summary>
internal enum FileCall
{
    Open,
    Lock,
    Write,
    Flush,
    Cut,
    Rename,
    Delete,
    MakeFolder,
    DeleteFolder,
}

/// <summary>Ways to fail.</summary>
internal enum Fault
{
    None,

    /// <summary>One call finds the disk full.</summary>
    Full,

    /// <summary>So do all later ones of its kind.</summary>
    FullForGood,

    /// <summary>One call lacks the right.</summary>
    Denied,

    /// <summary>So do all later ones of its kind.</summary>
    DeniedForGood,

    /// <summary>From this call on, everything fails.</summary>
    Gone,

    /// <summary>Half of the bytes arrive, then the disk is full for this call.</summary>
    Short,

    /// <summary>Half of the bytes arrive, then nothing succeeds any more, not even to cut them off.</summary>
    ShortThenFull,

    /// <summary>Neither this call nor any later one happens.</summary>
    Death,

    /// <summary>Half of the bytes arrive, and nothing after them happens.</summary>
    ShortThenDeath,
}

/// <summary>Stands for the end of the process: nothing may take it for an error of the disk.</summary>
internal sealed class ProcessDiedException() : Exception("The process has died.");
