namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>How far a download is; what an earlier one left is in neither number.</summary>
/// <param name="Done">Bytes received.</param>
/// <param name="Total">Bytes to receive; it grows where a file has to be begun again.</param>
public readonly record struct BytesDone(long Done, long Total);
