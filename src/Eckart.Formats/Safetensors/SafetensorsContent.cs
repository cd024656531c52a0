using System.Collections.Immutable;

namespace Eckart.Formats.Safetensors;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The stored type as the format spells it, e.g. <c>F16</c>.</param>
/// <param name="Shape">Sizes, slowest first; empty for a scalar.</param>
/// <param name="Write">Writes its elements, row-major and little-endian, all of them.</param>
public sealed record SafetensorsContent(string Name, string Type, ImmutableArray<long> Shape, Action<Stream> Write);
