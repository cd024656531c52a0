using Eckart.Tasks;

namespace Eckart.Tests.Tasks;

public sealed class NearestTests
{
    [Theory]
    [InlineData("sst", "did you mean 'sst2'?")]
    [InlineData("SST2", "did you mean 'sst2'?")]
    [InlineData("agnews", "did you mean 'ag_news'?")]
    [InlineData("imagenet", "use one of 'sst2', 'ag_news'")]
    [InlineData("", "use one of 'sst2', 'ag_news'")]
    public void The_near_name_is_suggested_and_else_all(string name, string hint) => Assert.Equal(hint, Nearest.Hint(name, ["sst2", "ag_news"]));

    [Fact]
    public void Where_nothing_exists_nothing_is_suggested() => Assert.Equal("remove it", Nearest.Hint("sst2", []));
}
