using Eckart.Formats.Tokenizers;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Tokenizers;

/// <summary>Alone, because every other test that writes a file asks for the temporary folder too.</summary>
[CollectionDefinition(nameof(TemporaryFolderOfTokenizersTests), DisableParallelization = true)]
[Collection(nameof(TemporaryFolderOfTokenizersTests))]
public sealed class TemporaryFolderOfTokenizersTests
{
    [Fact]
    public void A_temporary_folder_that_cannot_be_written_to_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not take its temporary folder from TMPDIR");
        using var folder = new TemporaryFolder();
        var before = Environment.GetEnvironmentVariable("TMPDIR");
        var missing = Path.Combine(folder.Path, "none");
        Environment.SetEnvironmentVariable("TMPDIR", missing);
        try
        {
            Refused.With(() => TextTokenizer.FromJson(TinyModel.Tokenizer(), "tokenizer.json"), missing, "expected to write a copy of tokenizer.json, found: ", "set TMPDIR to a folder that can be written to");
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
    }
}
