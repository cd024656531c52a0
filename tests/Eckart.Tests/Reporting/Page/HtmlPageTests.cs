using System.Globalization;
using Eckart.Reporting;
using Eckart.Tests.Support;
using PuppeteerSharp;

namespace Eckart.Tests.Reporting.Page;

/// <summary>The page in a real browser.</summary>
public sealed class HtmlPageTests
{
    private const string Gold = "0101010101";

    [Fact]
    public async Task Trials_are_sorted_filtered_and_shown_query_by_query()
    {
        await using var browser = await LocalBrowser.Start();
        using var run = Small();
        RunReport.Of(run.Folder).Write();

        var page = await browser.Open(run["report.html"]);

        Assert.Equal("8 trials", await Text(page, "#count"));
        await Press(page, "accuracy");
        Assert.Equal(["mlp@0:0.5", "attention@1:0.9"], (await Column(page))[..2]);
        await Press(page, "accuracy");
        Assert.Equal("unedited", (await Column(page))[0]);
        Assert.Equal("ascending", await page.EvaluateExpressionAsync<string>("document.querySelector('thead [aria-sort]').getAttribute('aria-sort')"));
        await page.SelectAsync("[name=module]", "mlp");
        Assert.Equal("3 of 8 trials", await Text(page, "#count"));
        await page.SelectAsync("[name=layer]", "2");
        Assert.Equal(["mlp@2:0.5"], await Column(page));
        await page.ClickAsync("[type=reset]");
        await page.WaitForFunctionAsync("() => document.querySelector('#count').textContent === '8 trials'");
        await page.TypeAsync("[name=edit]", "drop");
        Assert.Equal(["drop@1"], await Column(page));
        await page.ClickAsync("[type=reset]");
        await page.WaitForFunctionAsync("() => document.querySelector('#count').textContent === '8 trials'");
        await page.SelectAsync("[name=task]", "some-task");
        await page.EvaluateExpressionAsync("[...document.querySelectorAll('tbody button')].find(button => button.textContent === 'mlp@0:0.5').click()");

        // Unedited says 0 everywhere: the five rows whose right choice is 1 were gained.
        Assert.Equal("5 of 10 predictions changed: 5 gained, 0 lost, 0 from one wrong choice to another. Exact McNemar p = 0.0625, corrected for 5 edits 0.3125.", await Text(page, "#changes-note"));
        Assert.Equal(["101 <b>text</b> 1 yes no yes gained", "103 text 3 yes no yes gained"], (await Rows(page, "#changed tbody tr"))[..2]);
        Assert.Equal("changes-title", await page.EvaluateExpressionAsync<string>("document.activeElement.id"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task What_tells_trials_apart_is_a_column()
    {
        await using var browser = await LocalBrowser.Start();
        using var run = new SomeRun();
        run.Add("none", "01", "01");
        run.Add("none", "01", "01", change: key => key with { Order = 3, Dtype = "bf16", Svd = "randomized" });
        RunReport.Of(run.Written().Folder).Write();

        var page = await browser.Open(run["report.html"]);

        Assert.Equal(["edit", "order", "dtype", "svd", "accuracy"], (await page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('#table thead th')].map(cell => cell.textContent)"))[..5]);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Everything_can_be_reached_with_the_keyboard_and_the_theme_changed()
    {
        await using var browser = await LocalBrowser.Start();
        using var run = Small();
        RunReport.Of(run.Folder).Write();

        var page = await browser.Open(run["report.html"], dark: true);

        var dark = await page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor");
        await page.ClickAsync("#theme");
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.NotEqual("rgb(255, 255, 255)", dark);
        await page.EvaluateExpressionAsync("document.querySelector('#table tbody button').focus()");
        await page.Keyboard.PressAsync("Enter");
        Assert.False(await page.EvaluateExpressionAsync<bool>("document.querySelector('#changes').hidden"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Without_script_the_tables_and_charts_are_there()
    {
        await using var browser = await LocalBrowser.Start();
        using var run = Small();
        RunReport.Of(run.Folder).Write();
        var page = await browser.Open(run["report.html"]);
        await page.SetJavaScriptEnabledAsync(false);

        await page.ReloadAsync();

        Assert.Contains("Without script", await page.GetContentAsync(), StringComparison.Ordinal);
        await page.SetJavaScriptEnabledAsync(true);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(380, false)]
    public async Task It_can_be_used_by_everyone(int width, bool dark)
    {
        var axe = Path.Combine(Environment.GetEnvironmentVariable("ECKART_NODE_MODULES") ?? "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "ECKART_NODE_MODULES has no axe-core: npm install axe-core");
        await using var browser = await LocalBrowser.Start();
        using var run = Small();
        RunReport.Of(run.Folder).Write();
        var page = await browser.Open(run["report.html"], width, dark);
        await page.EvaluateExpressionAsync("document.querySelector('#table tbody button').click()");

        await page.EvaluateExpressionAsync(await File.ReadAllTextAsync(axe, TestContext.Current.CancellationToken));
        var found = await page.EvaluateFunctionAsync<string[]>("async () => (await axe.run()).violations.map(one => `${one.impact} ${one.id}: ${one.nodes.map(node => node.html).slice(0, 3)}`)");

        Assert.DoesNotContain(found, one => one.StartsWith("serious", StringComparison.Ordinal) || one.StartsWith("critical", StringComparison.Ordinal));
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window");
    }

    [Fact]
    public async Task Many_trials_fit_into_a_page_that_stays_small()
    {
        await using var browser = await LocalBrowser.Start();
        using var run = ManyTrials.Of(14_000);        // more predictions than a page keeps
        RunReport.Of(run.Folder).Write();

        var page = await browser.Open(run["report.html"]);

        Assert.Equal("14000 trials", await Text(page, "#count"));
        Assert.InRange(new FileInfo(run["report.html"]).Length, 1, 5_000_000);
        await Press(page, "accuracy");
        await Press(page, "accuracy");
        await page.EvaluateExpressionAsync("document.querySelector('#table tbody button').click()");
        Assert.Contains("keeps those of the best trials", await Text(page, "#changes-note"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [LongFact]
    public async Task Twenty_thousand_trials_are_written_and_sorted_while_one_waits()
    {
        await using var browser = await LocalBrowser.Start();
        using var run = ManyTrials.Of(20_000);
        var (before, busy) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var report = RunReport.Of(run.Folder);
        report.Write();
        var wrote = TimeProvider.System.GetElapsedTime(before);
        busy = Environment.CpuUsage.TotalTime - busy;
        var size = new FileInfo(run["report.html"]).Length;

        var page = await browser.Open(run["report.html"]);
        await page.WaitForFunctionAsync("() => performance.getEntriesByName('first-contentful-paint').length > 0");
        var paint = await page.EvaluateExpressionAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        Assert.Equal("20000 trials", await Text(page, "#count"));
        var sorted = await Took(page, "[...document.querySelectorAll('#table thead button')].find(button => button.textContent === 'p corrected').click()");
        var filtered = await Took(page, "{ const layer = document.querySelector('[name=layer]'); layer.value = '7'; layer.dispatchEvent(new Event('input', { bubbles: true })); }");

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"report {wrote.TotalSeconds:0.0} s ({busy.TotalSeconds:0.0} s of processors), page {size / 1e6:0.0} MB, first paint {paint:0} ms, sort {sorted:0} ms, filter {filtered:0} ms"));
        Assert.Empty(browser.Complaints);
        Assert.InRange(size, 1, 5_000_000);

        Assert.InRange(wrote.TotalSeconds, 0, 5);
        Assert.InRange(paint, 0, 1000);
        Assert.InRange(sorted, 0, 100);
        Assert.InRange(filtered, 0, 100);
    }

    private static SomeRun Small()
    {
        var run = new SomeRun();
        var unedited = run.Add("none", "0000000000", Gold);
        run.Add("attention@1:0.9", "0101010001", Gold);
        run.Add("mlp@0:0.5", Gold, Gold);
        run.Add("mlp@1:0.5", "0100000000", Gold);
        run.Add("mlp@2:0.5", "1111111111", Gold);
        run.Add("drop@1", "0100000000", Gold);
        run.Add("none", "0000000000", Gold, task: "other");
        run.Add("query@0:0.5", "0001000000", Gold, task: "other");
        return run.Texts(unedited, [.. Enumerable.Range(0, 10).Select(i => i == 1 ? "<b>text</b> 1" : $"text {i}")]).Written();
    }

    private static Task<string> Text(IPage page, string selector) => page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).textContent", selector);

    private static Task Press(IPage page, string column) => page.EvaluateFunctionAsync("name => [...document.querySelectorAll('#table thead button')].find(button => button.textContent === name).click()", column);

    private static Task<string[]> Column(IPage page) => page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('#table tbody th')].map(cell => cell.textContent)");

    private static Task<string[]> Rows(IPage page, string selector) => page.EvaluateFunctionAsync<string[]>("selector => [...document.querySelectorAll(selector)].map(row => [...row.cells].map(cell => cell.textContent).join(' '))", selector);

    // Until the next frame: what a person waits for.
    private static Task<double> Took(IPage page, string action) =>
        page.EvaluateFunctionAsync<double>($"() => new Promise(done => {{ const start = performance.now(); {action}; requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))); }})");
}
