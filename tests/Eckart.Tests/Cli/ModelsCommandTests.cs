using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task Show_describes_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder);

        var (exit, output, _) = await CommandLine.Run("models", "show", model);

        Assert.Equal(0, exit);
        Assert.Contains("Query (16, 16), Key (8, 16)", output, StringComparison.Ordinal);
        Assert.Contains("unused_tensors     none", output, StringComparison.Ordinal);
    }
}
