using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Eckart.Formats;

namespace Eckart.Models;

/// <summary>SHA-256 of a checkpoint's contents, whatever files they stand in.</summary>
internal static class CheckpointDigest
{
    private const int Block = 1 << 24;

    /// <summary>Hex digest over what the spec has that shapes do not say, and the tensors in ordinal order of their names: name, type, shape, bytes.</summary>
    public static string Of(ModelSpec spec, ITensorFile file)
    {
        var entries = file.Tensors.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal).ToArray();
        var digests = new byte[entries.Length][];
        Parallel.For(0, entries.Length, i => digests[i] = Of(file, entries[i]));
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(Maths(spec)), .. digests.SelectMany(digest => digest)]));
    }

    // Not the records' own texts, which are the culture's.
    private static string Maths(ModelSpec spec)
    {
        var (rotary, scaling) = (spec.Rotary, spec.Rotary.Scaling);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{spec.Family.ModelType} {spec.Layers} {spec.Heads} {spec.KeyValueHeads} {spec.NormEpsilon:R} {spec.Activation} {spec.TiedHead} {string.Join(',', spec.Biases.Order())} " +
            $"{rotary.Size} {rotary.Theta:R} {rotary.Layout} {scaling?.Kind} {scaling?.Factor:R} {scaling?.LowFrequency:R} {scaling?.HighFrequency:R} {scaling?.OriginalPositions}{Rarer(spec)}");
    }

    // What most models lack is left out where it is lacking, so that their digests stay.
    private static string Rarer(ModelSpec spec) => string.Concat(
        spec.Residual == spec.Family.Residual ? "" : $" {spec.Residual}",
        spec.Window is null ? "" : $" window {spec.Window}",
        spec.Rotary.Scaling is { Kind: RotaryScalingKind.Yarn } yarn ? string.Create(CultureInfo.InvariantCulture, $" {yarn.Magnitude:R} {yarn.WholePairs}") : "");

    private static byte[] Of(ITensorFile file, TensorEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Name}\0{entry.Type}\0{entry.ShapeText}\0"));
        for (var offset = 0L; offset < entry.ByteLength; offset += Block)
            hash.AppendData(file.Bytes(entry.Name, offset, (int)Math.Min(Block, entry.ByteLength - offset)));
        return hash.GetHashAndReset();
    }
}
