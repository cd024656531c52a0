using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Experiments;

/// <summary>The spectrum of one matrix of a model, as a journal keeps it.</summary>
public sealed record SpectrumLine : IJournalLine
{
    internal static ReadOnlySpan<byte> KeyName => "spectrum"u8;

    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <summary>Which matrix: what <see cref="Id"/> is the hash of.</summary>
    public required SpectrumKey Spectrum { get; init; }

    /// <summary>(m, n).</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>What its singular values say.</summary>
    public required SpectralSummary Measures { get; init; }

    /// <inheritdoc/>
    string IJournalLine.Label => Spectrum.ToString();

    /// <summary>The line of a matrix.</summary>
    /// <param name="model">Digest of the checkpoint.</param>
    /// <param name="spectrum">Of the matrix.</param>
    public static SpectrumLine Of(string model, MatrixSpectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var key = SpectrumKey.Of(model, spectrum.Site);
        return new SpectrumLine { Id = key.Id(), Spectrum = key, Shape = spectrum.Shape, Measures = spectrum.Measures };
    }

    /// <summary>The spectrum without its model.</summary>
    public MatrixSpectrum ToMatrix() => new(new WeightSite(Spectrum.Layer, Enum.Parse<Projection>(Spectrum.Projection, ignoreCase: true)), Shape, Measures);

    /// <inheritdoc/>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrialJson.Options);

    internal string? Contradiction()
    {
        if (!Enum.GetNames<Projection>().Contains(Spectrum.Projection, StringComparer.OrdinalIgnoreCase) || Spectrum.Layer < 0) return $"expected a projection and a layer, found {Excerpt.Of(Spectrum.ToString())}";
        if (Shape is not [> 0, > 0]) return $"expected a shape (m, n), found ({(Shape.IsDefault ? "" : string.Join(", ", Shape))})";
        return double.IsFinite(Measures.Largest) && Measures.Smallest >= 0 && Measures.Smallest <= Measures.Largest ? null
            : string.Create(CultureInfo.InvariantCulture, $"expected singular values from 0 up, the smallest first, found {Measures.Smallest} and {Measures.Largest}");
    }
}

/// <summary>A matrix of a model.</summary>
/// <param name="Model">Digest of the checkpoint.</param>
/// <param name="Layer">From 0.</param>
/// <param name="Projection">In lower case, e.g. <c>down</c>.</param>
public sealed record SpectrumKey(string Model, int Layer, string Projection)
{
    /// <summary>That of a site.</summary>
    public static SpectrumKey Of(string model, WeightSite site) => new(model, site.Layer, site.Projection.ToString().ToLowerInvariant());

    /// <summary>Its hash.</summary>
    public string Id() => JournalLine.IdOf(this);

    /// <summary><c>down@3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Projection}@{Layer}");
}
