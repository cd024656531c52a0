using System.Text.Json;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;

namespace Eckart.Tests.Pruning;

public sealed class SpectraTests
{
    [Fact]
    public void Every_matrix_of_the_real_model_has_the_reference_spectrum()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/tasks/smollm2_spectra.json")));
        using var checkpoint = Checkpoint.Open(Shared.Find(Shared.SmolLm2));
        var golden = document.RootElement.EnumerateArray().ToArray();
        var read = 0;

        foreach (var spectrum in Spectra.Of(checkpoint, Spectra.AllSites(checkpoint.Spec), workers: 2))
        {
            var expected = golden[read++];
            var (largest, condition) = (expected.GetProperty("largest").GetDouble(), expected.GetProperty("condition").GetDouble());
            Assert.Equal($"{expected.GetProperty("site").GetString()} {expected.GetProperty("layer").GetInt32()}", $"{spectrum.Site.Projection} {spectrum.Site.Layer}");
            Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), spectrum.Shape);
            Assert.Equal(largest, spectrum.Measures.Largest, 1e-5 * largest);
            Assert.Equal(condition, spectrum.Measures.Condition!.Value, 1e-3 * condition);
        }

        Assert.Equal(210, read);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Spectra_come_one_by_one_in_the_order_asked_for(int workers)
    {
        using var tiny = new TinyLm();
        var asked = Spectra.AllSites(tiny.Model.Spec).Reverse().ToArray();

        Assert.Equal(asked, Spectra.Of(tiny.Checkpoint, asked, workers).Select(spectrum => spectrum.Site));
        Assert.Equal(asked[..2], Spectra.Of(tiny.Checkpoint, Forever(asked), workers).Select(spectrum => spectrum.Site).Take(2));
    }

    [Fact]
    public void A_value_of_entries_spread_about_their_mean_sets_the_edge()
    {
        using var tiny = new TinyLm(weights => weights["model.layers.0.self_attn.k_proj.weight"] = ([8, 16], [.. Enumerable.Range(0, 128).Select(i => i % 2 == 0 ? 5f : 1f)]));

        var spectrum = Spectra.Of(tiny.Checkpoint, [new WeightSite(0, Projection.Key)], 1).Single();

        Assert.Equal(2 * (Math.Sqrt(8) + 4), spectrum.Measures.MarchenkoPasturEdge, 1e-5);
        Assert.Null(spectrum.Measures.Condition);
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(float.NegativeInfinity, 2)]
    public void A_weight_that_is_not_finite_is_refused_by_its_name(float value, int workers)
    {
        const string name = "model.layers.1.mlp.down_proj.weight";
        using var tiny = new TinyLm(weights => weights[name].Values[3] = value);

        Refused.With(() => _ = Spectra.Of(tiny.Checkpoint, Spectra.AllSites(tiny.Model.Spec), workers).Count(), tiny.Checkpoint.Path, name, "NaN or infinity");
    }

    private static IEnumerable<WeightSite> Forever(WeightSite[] sites)
    {
        for (var i = 0; ; i++) yield return sites[i % sites.Length];
    }
}
