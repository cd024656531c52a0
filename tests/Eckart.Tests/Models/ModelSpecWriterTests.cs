using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Training;
using Eckart.Tests.Training;

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
}
