using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Eckart.Formats;
using Eckart.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>Exact factors, kept on disk from one run to the next under the content of their matrix. Any number of threads and processes may use a folder at once.</summary>
/// <param name="folder">Made where it is missing; empty: nothing is read or kept. Where it cannot be made, read or written, factors are computed as if it were empty.</param>
/// <param name="limitBytes">From 0. After writing, files are deleted until no more than this is left, the longest unused first, the one just written never.</param>
public sealed class FactorCache(string folder, long limitBytes)
{
    private const string Extension = ".factors";

    // Another method, build of libtorch or kind of processor gives other last digits.
    private static readonly string Method = string.Create(
        CultureInfo.InvariantCulture,
        $"factors {FactorFile.Version} eigh of the float64 Gram matrix, {typeof(torch).Assembly.GetName().Version} {RuntimeInformation.ProcessArchitecture} {Vector512.IsHardwareAccelerated}");

    private readonly string folder = folder ?? throw new ArgumentNullException(nameof(folder));
    private readonly long limitBytes = limitBytes >= 0 ? limitBytes : throw new ArgumentOutOfRangeException(nameof(limitBytes), limitBytes, "Expected a limit from 0 up.");

    /// <summary>The user's own: 4 GiB in <c>$XDG_CACHE_HOME/eckart/factors</c> or <c>~/.cache/eckart/factors</c>, on Windows and macOS where caches stand there.</summary>
    public static FactorCache Default() => new(DefaultFolder(), 4L << 30);

    /// <summary>The factors of a matrix, read, or computed and kept.</summary>
    /// <param name="weight">(m, n), any float dtype, taken as float32; finite; read only, still the caller's.</param>
    /// <returns>As <see cref="SpectralFactors.Of"/> gives, to the last bit where its products run on as many threads; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">Not a matrix.</exception>
    public SpectralFactors Of(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var wide = weight.to(float32, CPU).contiguous();
        if (folder.Length == 0 || wide.dim() != 2) return SpectralFactors.Of(wide);

        var key = KeyOf(wide);
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(key)}{Extension}");
        if (FactorFile.Read(path, key, wide.shape[0], wide.shape[1]) is { } kept)
        {
            Attempt(() => File.SetLastWriteTimeUtc(path, DateTime.UtcNow));
            return kept;
        }

        var factors = SpectralFactors.Of(wide);
        Attempt(() =>
        {
            Directory.CreateDirectory(folder);
            FactorFile.Write(path, key, factors);
            Trim(Path.GetFileName(path));
        });
        return factors;
    }

    private static byte[] KeyOf(Tensor wide)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes($"{Method} {string.Join(' ', wide.shape)}\0"));
        TensorMemory.Of(wide).ForEachBlock(block => digest.AppendData(block));
        return digest.GetHashAndReset();
    }

    // What a writer that was killed left beside its file counts, and goes, like a file.
    private void Trim(string written)
    {
        var files = new DirectoryInfo(folder).GetFiles($"*{Extension}*").Where(file => file.Exists).ToArray();
        var total = files.Sum(file => file.Length);
        foreach (var file in files.Where(file => file.Name != written).OrderBy(file => file.LastWriteTimeUtc))
        {
            if (total <= limitBytes) return;
            if (Attempt(file.Delete)) total -= file.Length;
        }
    }

    // A cache that fails is a slower program, not an error.
    private static bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InputException)
        {
            return false;
        }
    }

    private static string DefaultFolder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } named && Path.IsPathFullyQualified(named) ? named     // a relative one is to be ignored, says the specification
            : Path.Combine(home, ".cache");
        return Path.IsPathFullyQualified(caches) ? Path.Combine(caches, "eckart", "factors") : "";       // a user without a home
    }
}
