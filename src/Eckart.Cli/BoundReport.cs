using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Statistics;
using Eckart.Theory;
using Eckart.Theory.Tracing;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>Changes of the regularised bound beside changes of what the model answers, as text and JSON.</summary>
/// <param name="task">What was looked at.</param>
/// <param name="given">b.</param>
/// <param name="epsilons">Ascending.</param>
/// <param name="terms">A term a layer: of the unedited model, then of each intervention.</param>
/// <param name="trials">Likewise.</param>
internal sealed class BoundReport(TracedTask task, int given, double[] epsilons, ImmutableArray<ImmutableArray<BoundTerm>> terms, IReadOnlyList<Trial> trials)
{
    private const BoundForm Shown = BoundForm.Gradient;
    private const int FewestToRank = 3;
    private static readonly BoundForm[] Forms = [BoundForm.Gradient, BoundForm.Spectral, BoundForm.Printed];

    public JsonObject ToJson()
    {
        var document = task.ToJson();
        document["given"] = given;
        document["epsilons"] = JsonOutput.Array(epsilons);
        document["items"] = new JsonObject { ["split"] = task.Split, ["n"] = trials[0].N, ["accuracy"] = trials[0].Accuracy, ["nll"] = trials[0].NegativeLogLikelihood };
        document["interventions"] = new JsonArray([.. Enumerable.Range(1, task.Interventions.Length).Select(Intervention)]);
        document["rank_correlations"] = new JsonArray([.. from form in Forms from epsilon in epsilons select Correlation(form, epsilon)]);
        return document;
    }

    public void Write(TextWriter output)
    {
        output.WriteLine(task.Title);
        output.WriteLine(FormattableString.Invariant($"N = {task.Prompt.Demonstrations}, b = {given}, d = {(long)task.Session.Model.Spec.Hidden * task.Session.Model.Spec.Hidden}, R = 1; ‖G‖² for the norm; {Count.Of(trials[0].N, $"{task.Split} item")}, unedited accuracy {trials[0].Accuracy:0.0000}, nll {trials[0].NegativeLogLikelihood:0.0000}"));
        var table = new Table().Border(TableBorder.Simple).AddColumn("edited less unedited");
        foreach (var epsilon in epsilons) table.AddColumn(new TableColumn($"bound, ε = {Number(epsilon)}").RightAligned());
        table.AddColumn(new TableColumn("accuracy").RightAligned()).AddColumn(new TableColumn("nll").RightAligned());
        for (var i = 1; i < trials.Count; i++)
            table.AddRow([trials[i].Intervention, .. epsilons.Select(epsilon => Signed(Change(i, Shown, epsilon).Difference)), Signed(Accuracy(i)), Signed(Loss(i))]);
        Terminal.Write(output, table);
        if (task.Interventions.Length < FewestToRank) return;
        foreach (var epsilon in epsilons)
            output.WriteLine(FormattableString.Invariant($"ε = {Number(epsilon)}: rank correlation of the bound's change with that of accuracy {Rank(Shown, epsilon, Accuracy):0.00}, of nll {Rank(Shown, epsilon, Loss):0.00}"));
    }

    public void Save(string folder)
    {
        OptionValues.MakeFolder(folder, TracedTask.Out);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteJson(ToJson());
        AtomicFile.Write(Path.Combine(folder, "bound.json"), System.Text.Encoding.UTF8.GetBytes(text.ToString()));
    }

    private JsonNode Intervention(int place)
    {
        var node = new JsonObject { ["intervention"] = trials[place].Intervention, ["accuracy_change"] = Accuracy(place), ["nll_change"] = Loss(place) };
        foreach (var form in Forms)
            node[KebabCase.Of(form)] = new JsonArray([.. epsilons.Select(epsilon => Change(place, form, epsilon)).Select(change => new JsonObject
            {
                ["epsilon"] = change.Epsilon,
                ["difference"] = JsonOutput.Number(change.Difference),
                ["layers"] = new JsonArray([.. change.Layers.Select(layer => JsonOutput.Number(layer))]),
            })]);
        return node;
    }

    private JsonObject Correlation(BoundForm form, double epsilon) => new JsonObject
    {
        ["form"] = KebabCase.Of(form),
        ["epsilon"] = epsilon,
        ["accuracy"] = JsonOutput.Number(Rank(form, epsilon, Accuracy)),
        ["nll"] = JsonOutput.Number(Rank(form, epsilon, Loss)),
    };

    private double Rank(BoundForm form, double epsilon, Func<int, double> measured)
    {
        if (task.Interventions.Length < FewestToRank) return double.NaN;
        int[] places = [.. Enumerable.Range(1, task.Interventions.Length)];
        return RankCorrelation.Spearman([.. places.Select(place => Change(place, form, epsilon).Difference)], [.. places.Select(measured)]);
    }

    private BoundChange Change(int place, BoundForm form, double epsilon) => BoundChange.Of(terms[0], terms[place], form, epsilon);

    private double Accuracy(int place) => trials[place].Accuracy - trials[0].Accuracy;

    private double Loss(int place) => trials[place].NegativeLogLikelihood - trials[0].NegativeLogLikelihood;

    private static string Signed(double value) => value.ToString(Math.Abs(value) is 0 or >= 1e-3 ? "+0.0000;-0.0000;0" : "+0.0e+0;-0.0e+0;0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.####e+0", CultureInfo.InvariantCulture);
}
