using Eckart.Formats.HuggingFace.Hub;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubSettingsTests
{
    private static readonly string Secret = "hf_" + new string('s', 30);

    [Theory]
    [InlineData("HOME=/u", "/u/.cache/huggingface/hub", "/u/.cache/huggingface/token")]
    [InlineData("HOME=/u XDG_CACHE_HOME=/x", "/x/huggingface/hub", "/x/huggingface/token")]
    [InlineData("HOME=/u XDG_CACHE_HOME=/x HF_HOME=/h", "/h/hub", "/h/token")]
    [InlineData("HF_HOME=/h", "/h/hub", "/h/token")]
    [InlineData("HF_HOME=/h HF_HUB_CACHE=/c HF_TOKEN_PATH=/t", "/c", "/t")]
    [InlineData("HF_HOME=~/h HOME=/u", "/u/h/hub", "/u/h/token")]
    [InlineData("HF_HOME= HF_HUB_CACHE= HF_TOKEN_PATH= HF_ENDPOINT= HF_TOKEN= HF_HUB_OFFLINE= XDG_CACHE_HOME= HOME=/u", "/u/.cache/huggingface/hub", "/u/.cache/huggingface/token")]
    [InlineData("HF_HUB_CACHE=/c HF_TOKEN_PATH=/t", "/c", "/t")]
    [InlineData("USERPROFILE=/u", "/u/.cache/huggingface/hub", "/u/.cache/huggingface/token")]
    public void Cache_and_token_are_where_the_hubs_tools_have_them(string environment, string cache, string token)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These are paths of other systems.");

        var settings = From(environment);

        Assert.Equal((cache, token, false, null, "https://huggingface.co/"), (settings.Cache, settings.TokenFile, settings.Offline, settings.Token, settings.Endpoint.ToString()));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("On", true)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("", false)]
    public void Offline_is_said_in_four_ways(string value, bool offline) => Assert.Equal(offline, From($"HF_HOME=/h HF_HUB_OFFLINE={value}").Offline);

    [Theory]
    [InlineData("https://hub.example/mirror", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://hub.example", false)]
    [InlineData("ftp://hub.example", false)]
    [InlineData("hub.example", false)]
    [InlineData("https://me:secret@hub.example", false)]
    [InlineData("https://hub.example?x=secret", false)]
    [InlineData("file:///secret", false)]
    public void The_hub_is_asked_in_private_or_on_this_machine(string endpoint, bool accepted)
    {
        if (accepted)
        {
            Assert.Equal(new Uri(endpoint), From($"HF_HOME=/h HF_ENDPOINT={endpoint}").Endpoint);
            return;
        }

        var refused = Assert.Throws<Eckart.Formats.InputException>(() => From($"HF_HOME=/h HF_ENDPOINT={endpoint}"));
        Assert.StartsWith("HF_ENDPOINT: expected an https address", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_home_the_cache_has_no_place() => Refused.With(() => From(""), "HF_HOME: expected a folder", "found neither this variable nor HOME", "set HF_HOME");

    [Fact]
    public void A_token_is_never_printed()
    {
        var settings = From($"HF_HOME=/h HF_TOKEN={Secret}");

        Assert.NotNull(settings.Token);
        Assert.DoesNotContain(Secret, $"{settings} {settings.Token}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("a\0b")]
    public void A_token_that_no_header_can_hold_is_refused_without_repeating_it(string text)
    {
        var refused = Assert.Throws<Eckart.Formats.InputException>(() => HubToken.From(Secret + text, "HF_TOKEN"));

        Assert.StartsWith("HF_TOKEN: expected a token, found ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
    }

    private static HubSettings From(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return HubSettings.FromEnvironment(name => variables.GetValueOrDefault(name));
    }
}
