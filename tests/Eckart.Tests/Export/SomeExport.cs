using Eckart.Export;
using Eckart.Models;
using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Tests.Export;

/// <summary>Exports, and the logits that they should read back to.</summary>
internal static class SomeExport
{
    public static IReadOnlyList<EditedMatrix> Write(string source, string path, string intervention, Func<DenseExportSettings, DenseExportSettings>? change = null) =>
        WriteUntil(source, path, intervention, change, null, TestContext.Current.CancellationToken);

    /// <summary>One that may be stopped.</summary>
    public static IReadOnlyList<EditedMatrix> WriteUntil(
        string source, string path, string intervention, Func<DenseExportSettings, DenseExportSettings>? change, Action? tensorBegun, CancellationToken stopped)
    {
        using var checkpoint = Checkpoint.Open(source);
        var settings = new DenseExportSettings { Intervention = Intervention.Parse(intervention).Resolve(checkpoint.Spec), Command = "eckart export" };
        return new DenseExport(checkpoint, path, change is null ? settings : change(settings)).Write(tensorBegun, stopped);
    }

    /// <summary>Logits of a few tokens of a checkpoint as it is.</summary>
    public static float[] Logits(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        return Logits(model);
    }

    /// <summary>Logits under an intervention whose edited matrices are rounded to a type; with <paramref name="all"/>, all other weights too.</summary>
    public static float[] LogitsUnder(string path, string intervention, torch.ScalarType type, bool all = false)
    {
        using var checkpoint = Checkpoint.Open(path);
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var editor = new WeightEditor(model, SvdKind.Exact, seed: 0);
        var resolved = Intervention.Parse(intervention).Resolve(checkpoint.Spec);
        using var edit = editor.Apply(resolved);
        using var scope = torch.NewDisposeScope();
        var edited = edit.Ranks.Keys.Select(site => model.Layers[site.Layer].Projections[site.Projection].Weight);
        var others = model.Layers.SelectMany(layer => layer.Projections.Values.Select(linear => linear.Weight)).Append(model.Embedding).Append(model.Head.Weight);
        foreach (var weight in all ? others : edited) weight.copy_(weight.to(type).to(torch.float32));
        return Logits(model);
    }

    private static float[] Logits(CausalLm model)
    {
        using var scope = torch.NewDisposeScope();
        return model.Logits(model.HiddenStates([1, 2, 3, 17, 5, 11, 2])).data<float>().ToArray();
    }

    public static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
        Assert.True(largest <= tolerance, $"off by {largest:g3}");
    }
}
