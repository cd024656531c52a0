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

    [Theory]
    [InlineData("titel", "did you mean 'title'?")]
    [InlineData("Defualt", "did you mean 'default'?")]
    [InlineData("etitl", "use one of 'title', 'default'")]      // two edits are too many for five letters
    [InlineData("tiltes", "did you mean 'title'?")]             // and not for six
    public void Neighbours_that_changed_places_are_one_edit(string name, string hint) => Assert.Equal(hint, Nearest.Hint(name, ["title", "default"]));

    [Fact]
    public void Where_nothing_exists_nothing_is_suggested() => Assert.Equal("remove it", Nearest.Hint("sst2", []));
}
