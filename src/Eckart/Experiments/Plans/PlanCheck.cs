using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>What is wrong between a plan's keys.</summary>
internal static class PlanCheck
{
    private static readonly string[] Always = ["name", "title", "paper", "measure", "models"];
    private static readonly string[] OfSpectra = [.. Always, "modules"];
    private static readonly string[] OfFunctions = [.. Always, "seeds", "modules", "layers", "rates", "drop", "interventions", "dtype", "alpha", "functions"];
    private static readonly string[] OfSearches = ["top-k", "aggregate", "indicator"];

    public static void Report(YamlMap map, Plan plan)
    {
        switch (plan.Measure)
        {
            case PlanMeasure.Spectra:
                Only(map, OfSpectra, "spectra take a model's matrices alone");
                break;
            case PlanMeasure.Functions:
                Only(map, OfFunctions, "functions are learnt without a task");
                Grid(map, plan);
                if (plan.Layers.Any(selection => selection.Kind == LayerSelectionKind.Chosen)) map.Report(map.Find("layers")!.Line, "expected layers by place where functions are measured, found 'chosen'", "name them by number, all, first N or last N");
                break;
            default:
                if (map.Find("functions") is { } functions) map.Report(functions.Line, "expected no 'functions' where accuracy is measured, found some", "add 'measure: functions', or remove it");
                if (plan.Searches) Search(map, plan);
                else Sweep(map, plan);
                break;
        }

        if (plan.Drops.Any(drop => drop.Kind == LayerSelectionKind.Chosen))
            map.Report(map.Find("drop")!.Line, "expected layers to drop by place, found 'chosen'", "name them by number, first N or last N");
    }

    private static void Search(YamlMap map, Plan plan)
    {
        if (plan.Modules.IsEmpty || !plan.Interventions.IsEmpty || !plan.Drops.IsEmpty || plan.Alone)
            map.Report(map.Find("search")!.Line, "expected a search over 'modules' and 'layers' alone, found other interventions or none of these", "put the others into a plan of their own");
        if (map.Find("split") is { } split)
            map.Report(split.Line, "expected no 'split' in a search, which takes both, found one", "remove it");
    }

    private static void Sweep(YamlMap map, Plan plan)
    {
        foreach (var key in plan.Layers.Any(selection => selection.Kind == LayerSelectionKind.Chosen) ? ["by-shots"] : OfSearches.Append("by-shots"))
            if (map.Find(key) is { } node) map.Report(node.Line, $"expected '{key}' in a search, found it without one", "add 'search: true', or remove it");
        Grid(map, plan);
        if (plan.Modules.IsEmpty && plan.Interventions.IsEmpty && plan.Drops.IsEmpty)
            map.Report(map.Line, "expected something to do ('modules' and 'layers', 'drop' or 'interventions'), found nothing", "add one of them");
    }

    private static void Grid(YamlMap map, Plan plan)
    {
        if (plan.Modules.IsEmpty != plan.Layers.IsEmpty)
            map.Report(map.Line, plan.Modules.IsEmpty ? "expected 'modules' beside 'layers', found none" : "expected 'layers' beside 'modules', found none", "give both, or 'interventions' alone");
        if (!plan.Layers.IsEmpty) Rates(map, plan);
    }

    private static void Rates(YamlMap map, Plan plan)
    {
        if (plan.Rates is [_] && !plan.Modules.IsEmpty)
            map.Report(map.Find("modules")!.Line, "expected 'rates' above 0 for the grid, found none", "give some, such as [0.5, 0.9, 0.99]");
    }

    private static void Only(YamlMap map, string[] keys, string why)
    {
        foreach (var (key, line, _) in map.Entries.Where(entry => PlanFile.Keys.Contains(entry.Key) && !keys.Contains(entry.Key)))
            map.Report(line, $"expected no '{key}' in a plan of this measure, found it: {why}", "remove it");
    }
}
