using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class CommandLineProblemTests
{
    [Theory]
    [InlineData("", "eckart: expected a verb, found none; use one of 'search', 'evaluate'")]
    [InlineData("serch", "eckart: expected a verb, found 'serch'; did you mean 'search'?")]
    [InlineData("tasks shwo", "eckart tasks: expected a verb, found 'shwo'; did you mean 'show'?")]
    [InlineData("tasks show", "eckart tasks show: expected <name>, found none; write eckart tasks show <name>")]
    [InlineData("tasks show cb rte", "eckart tasks show: expected nothing more, found 'rte'; see eckart tasks show --help")]
    [InlineData("search --modules mlp", "eckart search: expected an option, found '--modules'; did you mean '--module'?")]
    [InlineData("search --model", "eckart search --model: expected a value, found none; write --model PATH")]
    [InlineData("search --rates --json", "eckart search --rates: expected a value, found option '--json'; write --rates 0,0.1,…")]
    [InlineData("search --seed 1 --seed 2", "eckart search --seed: expected it once, found it 2 times; leave one of them")]
    [InlineData("search --shots few", "eckart search --shots: expected a whole number, found 'few'; give")]
    [InlineData("search --seed 1.5", "eckart search --seed: expected a whole number, found '1.5'; give")]
    [InlineData("search --seed 99999999999999999999", "eckart search --seed: expected a whole number, found '99999999999999999999'; give")]
    [InlineData("search --top-k 99999999999", "eckart search --top-k: expected a whole number, found '99999999999'; give")]
    [InlineData("search --alpha 0,05", "eckart search --alpha: expected a number such as 0.05, found '0,05'; give")]
    [InlineData("score --threads all", "eckart score --threads: expected a whole number, found 'all'; give")]
    [InlineData("score --memory plenty", "eckart score --memory: expected a size such as 512MiB, 2GiB or 2GB, or plain bytes, found 'plenty'; give")]
    [InlineData("score --memory 0", "eckart score --memory: expected a size such as 512MiB, 2GiB or 2GB, or plain bytes, found '0'; give")]
    [InlineData("search --chunk-tokens 0", "eckart search --chunk-tokens: expected a whole number above 0, found '0'; give")]
    [InlineData("evaluate --chunk-tokens -500", "eckart evaluate --chunk-tokens: expected a whole number above 0, found '-500'; give")]
    [InlineData("evaluate --chunk-tokens 1e3", "eckart evaluate --chunk-tokens: expected a whole number above 0, found '1e3'; give")]
    [InlineData("merge run --ouT --out all", "eckart merge: expected an option, found '--ouT'; did you mean '--out'?")]
    [InlineData("run --dryrun plan.yaml", "eckart run: expected an option, found '--dryrun'; did you mean '--dry-run'?")]
    [InlineData("evaluate --memory", "eckart evaluate --memory: expected a value, found none; write --memory SIZE")]
    public async Task What_cannot_be_parsed_is_refused_in_three_parts(string line, string problem) =>
        await CommandLine.Refuses(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), problem);

    [Fact]
    public async Task A_text_that_begins_with_an_at_sign_is_no_file_of_options()
    {
        using var words = new Words();

        var (exit, output, _) = await CommandLine.Run("tokenize", "--model", words.Model, "--text", "@x");

        Assert.Equal(0, exit);
        Assert.StartsWith("{\"ids\":[64,120]", output, StringComparison.Ordinal);
    }
}
