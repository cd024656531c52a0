using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Tests.Training;
using Eckart.Training;

namespace Eckart.Tests.Models;

public sealed class ModelSpecWriterTests
{
    public static TheoryData<string> Families => [.. TrainingSettings.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void What_is_written_reads_as_the_same_spec(string family)
    {
        var spec = SomeTraining.OddSpec(family);

        var config = ModelSpecWriter.Write(spec, "float16");

        Assert.Equal(spec, ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json")));
        Assert.Equal("float16", (string?)config["torch_dtype"]);
    }

    [Theory]
    [InlineData(RotaryScalingKind.Linear)]
    [InlineData(RotaryScalingKind.Llama3)]
    [InlineData(RotaryScalingKind.Yarn)]
    [InlineData(RotaryScalingKind.Dynamic)]
    public void Rotary_scaling_reads_back_as_it_was(RotaryScalingKind kind)
    {
        var spec = SomeTraining.OddSpec("llama");
        var scaling = kind switch
        {
            RotaryScalingKind.Linear => new RotaryScaling(kind, 2.5),
            RotaryScalingKind.Llama3 => new RotaryScaling(kind, 8, 1, 4, 8192),
            RotaryScalingKind.Yarn => new RotaryScaling(kind, 4, 1, 32, 20, 1.25, WholePairs: true),
            _ => new RotaryScaling(kind, 2, OriginalPositions: spec.MaxPositions),
        };
        spec = spec with { Rotary = spec.Rotary with { Scaling = scaling } };

        Assert.Equal(spec, ModelSpecReader.Read(ConfigJson.FromJson(ModelSpecWriter.Write(spec, "float32"), "config.json")));
    }
}
