using ScottPlot;
using SkiaSharp;

namespace Eckart.Reporting;

/// <summary>DejaVu Sans from this assembly: a machine without fonts would otherwise draw figures without text, and others each in their own.</summary>
internal sealed class EmbeddedFont : IFontResolver
{
    /// <summary>The name under which figures ask for it.</summary>
    public const string Name = "Eckart";

    private const string Resource = "fonts/DejaVuSans.ttf";

    private static readonly Lazy<bool> Registered = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        return true;
    });

    private readonly SKTypeface typeface;

    private EmbeddedFont()
    {
        using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        typeface = SKTypeface.FromStream(stream);
    }

    /// <summary>Makes the font known to ScottPlot, whose list of fonts is the process's; other fonts resolve as before.</summary>
    public static void Register() => _ = Registered.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => fontName == Name ? typeface : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? typeface : null;
}
