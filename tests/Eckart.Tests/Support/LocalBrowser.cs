using PuppeteerSharp;

namespace Eckart.Tests.Support;

/// <summary>The machine's Chromium, without a window and without a network; ended with the test.</summary>
internal sealed class LocalBrowser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IBrowser browser;

    private LocalBrowser(IBrowser browser) => this.browser = browser;

    /// <summary>What pages said was wrong: errors of scripts, and whatever they wanted to load.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Starts it; the test is skipped where there is none.</summary>
    public static async Task<LocalBrowser> Start()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipUnless(path is not null, "no chromium here: apt-get install chromium");
        return new LocalBrowser(await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = path, Headless = true, Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] }));
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">An HTML file.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="dark">Whether the system is said to be dark.</param>
    public async Task<IPage> Open(string path, int width = 1280, bool dark = false)
    {
        var page = await browser.NewPageAsync();
        page.Console += (_, said) =>
        {
            if (said.Message.Type is ConsoleType.Error or ConsoleType.Warning) Complaints.Add($"console: {said.Message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add($"error: {error.Message}");
        page.Request += (_, wanted) =>
        {
            if (!wanted.Request.Url.StartsWith("file:", StringComparison.Ordinal) && !wanted.Request.Url.StartsWith("data:", StringComparison.Ordinal)) Complaints.Add($"request: {wanted.Request.Url}");
        };
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" }]);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.GoToAsync(new Uri(path).AbsoluteUri, new NavigationOptions { WaitUntil = [WaitUntilNavigation.Load] });
        return page;
    }

    public async ValueTask DisposeAsync() => await browser.DisposeAsync();
}
