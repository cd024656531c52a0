using Eckart.Formats.Safetensors;
using Eckart.Tests.Support;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

public sealed class LinearModelTests
{
    [Fact]
    public void A_saved_model_is_the_same_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var model = new LinearModel(SomeLayer.Stack(1, 3), 7);

        model.Save(folder.Path);
        var loaded = LinearModel.Load(folder.Path);

        Assert.Equal(7, loaded.Demonstrations);
        foreach (var (left, right) in model.Layers.Zip(loaded.Layers))
            Assert.True(left.Value.Values.SequenceEqual(right.Value.Values) && left.Key.Values.SequenceEqual(right.Key.Values) && left.Query.Values.SequenceEqual(right.Query.Values));
    }

    [Fact]
    public void A_truncation_cuts_one_layers_matrices_alone()
    {
        var model = new LinearModel(SomeLayer.Stack(1, 3), 7);

        var cut = model.Truncated(1, 2, AttentionMatrix.Key);

        Assert.Same(model.Layers[0], cut.Layers[0]);
        Assert.Same(model.Layers[1].Value, cut.Layers[1].Value);
        Assert.Equal(2, SingularDecomposition.Of(cut.Layers[1].Key).Rank);
    }

    [Fact]
    public void A_prediction_is_the_last_number_of_the_masked_token() =>
        Assert.Equal((4 * 1) + (5 * 2), LinearModel.Predict(RealMatrix.OfRows([1, 0, 0], [0, 1, 0], [4, 5, 6]), [1, 2, 100]));

    [Fact]
    public void Other_folders_are_refused()
    {
        using var folder = new TemporaryFolder();
        Refused.With(() => LinearModel.Load(folder.Path), "model.safetensors");

        var path = Path.Combine(folder.Path, "model.safetensors");
        SafetensorsWriter.Write(path, [new("w", "F64", [1], stream => stream.Write(new byte[8]))], new Dictionary<string, string>());
        Refused.With(() => LinearModel.Load(folder.Path), "model.safetensors", "'demonstrations' of at least 2 in its metadata, found none", "regression train --attention linear");

        SafetensorsWriter.Write(path, [new("w", "F64", [1], stream => stream.Write(new byte[8]))], new Dictionary<string, string> { ["demonstrations"] = "5" });
        Refused.With(() => LinearModel.Load(folder.Path), "found 1 tensors, 0 of them values");

        SafetensorsWriter.Write(path, [new("layers.0.value", "F32", [2, 2], stream => stream.Write(new byte[16]))], new Dictionary<string, string> { ["demonstrations"] = "5" });
        Refused.With(() => LinearModel.Load(folder.Path), "tensor 'layers.0.value'", "float64 of shape (D, D), found F32 (2, 2)");

        SafetensorsWriter.Write(path, [new("layers.0.value", "F64", [2, 2], stream => stream.Write(new byte[32]))], new Dictionary<string, string> { ["demonstrations"] = "5" });
        Refused.With(() => LinearModel.Load(folder.Path), "tensor 'layers.0.key'", "found none");
    }

    [Fact]
    public void The_one_that_comes_along_is_small_and_square() => Assert.Equal((6, 3, 10), (LinearModel.Default.Size, LinearModel.Default.Layers.Length, LinearModel.Default.Demonstrations));
}
