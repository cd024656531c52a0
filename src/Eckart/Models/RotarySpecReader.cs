using System.Globalization;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;

namespace Eckart.Models;

/// <summary>Reads a <see cref="RotarySpec"/> from a configuration, in today's dialect (<c>rope_parameters</c>) and the older one (<c>rope_scaling</c>).</summary>
/// <remarks>What is absent has the value that transformers gives it. Some of its 4.x versions took YaRN's factor from the two lengths even where it was given; here, as in later ones, it is taken from them only where it is not.</remarks>
internal static class RotarySpecReader
{
    private const double DefaultTheta = 10_000;
    private const double DefaultFastTurns = 32;
    private const double DefaultSlowTurns = 1;
    private const string Share = "partial_rotary_factor";
    private const string Remedy = "take the config.json that belongs to the weights";

    /// <exception cref="Formats.InputException">A key that is missing, or asks for what the code lacks; the message names it.</exception>
    public static RotarySpec Read(ConfigJson config, Family family, int headSize)
    {
        if (family.Rotary is not { } layout) return new RotarySpec(0, DefaultTheta, RotaryLayout.Halves, null);
        var today = config.Section("rope_parameters");
        var theta = today?.OptionalNumber("rope_theta", 1) ?? config.OptionalNumber(family.Keys.RotaryBase, 1) ?? DefaultTheta;
        var section = today ?? config.Section("rope_scaling");
        return new RotarySpec(Size(config, section, family.Keys, headSize), theta, layout, section is null ? null : Scaling(config, section, family.Keys));
    }

    private static int Size(ConfigJson config, ConfigJson? section, ConfigKeys keys, int headSize)
    {
        if (keys.RotarySize is { } given && config.IsNull(given)) throw config.Refuse(given, "expected a number of rotated dimensions, or no such key, found null", Remedy);
        if (keys.RotaryShare is null) RefuseShares(config, section);
        var share = keys.RotaryShare is null ? 1 : section?.OptionalNumber(Share, 0) ?? config.OptionalNumber(Share, 0) ?? config.OptionalNumber(keys.RotaryShare, 0) ?? keys.RotaryShareDefault;
        var size = (keys.RotarySize is null ? null : config.OptionalInteger(keys.RotarySize, 1, int.MaxValue)) ?? keys.RotarySizeDefault ?? (int)Math.Min(int.MaxValue, headSize * share);
        return size <= headSize && size % 2 == 0 ? size
            : throw config.Refuse(keys.RotarySize ?? keys.RotaryShare ?? keys.HeadSize ?? keys.Heads, $"expected an even number of rotated dimensions up to the head size {headSize}, found {size}", Remedy);
    }

    // The older dialect has the key at the top, today's beside the other rotary keys.
    private static void RefuseShares(params ReadOnlySpan<ConfigJson?> sections)
    {
        foreach (var section in sections)
            if (section?.OptionalNumber(Share, 0) is { } part and not 1)
                throw section.Refuse(Share, $"expected 1, found {part.ToString(CultureInfo.InvariantCulture)}", "the code cannot do another value for this family; take another model");
    }

    private static RotaryScaling? Scaling(ConfigJson config, ConfigJson section, ConfigKeys keys)
    {
        var key = section.OptionalText("rope_type") is null ? "type" : "rope_type";
        return (section.OptionalText("rope_type") ?? section.OptionalText("type") ?? "default") switch
        {
            "default" => null,
            "linear" => new RotaryScaling(RotaryScalingKind.Linear, Factor(section)),
            "llama3" => Llama3(section),
            "yarn" => Yarn(section, config.Integer(keys.MaxPositions, 1, int.MaxValue)),
            "dynamic" => new RotaryScaling(RotaryScalingKind.Dynamic, Factor(section), OriginalPositions: config.Integer(keys.MaxPositions, 1, int.MaxValue)),
            var other => throw section.Refuse(key, $"expected one of default, linear, llama3, yarn, dynamic, found {Excerpt.Of(other)}", "the code cannot do another; take another model"),
        };
    }

    private static RotaryScaling Llama3(ConfigJson section)
    {
        var (low, high) = (section.Number("low_freq_factor", double.Epsilon), section.Number("high_freq_factor", double.Epsilon));
        RefuseUnlessBelow(section, low, high, "low_freq_factor", "high_freq_factor");
        return new RotaryScaling(RotaryScalingKind.Llama3, Factor(section), low, high, section.Integer("original_max_position_embeddings", 1, int.MaxValue));
    }

    private static RotaryScaling Yarn(ConfigJson section, int positions)
    {
        var (slow, fast) = (section.OptionalNumber("beta_slow", double.Epsilon) ?? DefaultSlowTurns, section.OptionalNumber("beta_fast", double.Epsilon) ?? DefaultFastTurns);
        RefuseUnlessBelow(section, slow, fast, "beta_slow", "beta_fast");
        var original = section.OptionalInteger("original_max_position_embeddings", 1, int.MaxValue) ?? positions;
        var factor = section.OptionalNumber("factor", double.Epsilon) ?? (original < positions ? (double)positions / original : Factor(section));
        return new RotaryScaling(
            RotaryScalingKind.Yarn, factor, slow, fast, original,
            Magnitude(section, factor), section.OptionalBoolean("truncate") ?? true);
    }

    // 0.1 ln s + 1 (the paper's √(1/t)), or what the checkpoint says in its place.
    private static double Magnitude(ConfigJson section, double factor)
    {
        var (weight, all) = (section.OptionalNumber("mscale", 0) ?? 0, section.OptionalNumber("mscale_all_dim", 0) ?? 0);
        return section.OptionalNumber("attention_factor", double.Epsilon) ?? (weight > 0 && all > 0 ? Scale(weight) / Scale(all) : Scale(1));

        double Scale(double part) => factor <= 1 ? 1 : (0.1 * part * Math.Log(factor)) + 1;
    }

    private static double Factor(ConfigJson section) => section.Number("factor", double.Epsilon);

    private static void RefuseUnlessBelow(ConfigJson section, double low, double high, string lowKey, string highKey)
    {
        if (low >= high)
            throw section.Refuse(highKey, string.Create(CultureInfo.InvariantCulture, $"expected more than {lowKey} = {low}, found {high}"), Remedy);
    }
}
