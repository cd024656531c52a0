namespace Eckart.Theory.Checks;

/// <summary>What a truncation at depth k does to G_t and C_t of its own and later layers: F7, Remarks 4 and 5.</summary>
internal static class LaterLayerChecks
{
    private const int Layers = 6;

    public static IEnumerable<TheoryCheck> All =>
    [
        new("remark-5", "a truncation at depth k changes ΔW_t and G_t for t ≥ k only", random => Earlier(new(random))),
        .. from matrix in Enum.GetValues<AttentionMatrix>()
           let letter = Letter(matrix)
           from check in new[]
           {
               Rises($"F7-{letter}-last", $"cutting W_{letter} of the last of {Layers} layers lowers its ‖G_t‖_F", matrix, Layers - 1, (before, after) => [Gradient(before, after, Layers - 1)], matrix == AttentionMatrix.Value),
               Rises($"F7-{letter}-first", $"cutting W_{letter} of the first of {Layers} layers lowers its ‖G_1‖_F", matrix, 0, (before, after) => [Gradient(before, after, 0)], matrix != AttentionMatrix.Key),
               Rises($"F7-{letter}-later", $"cutting W_{letter} of the first of {Layers} layers lowers every later ‖G_t‖_F", matrix, 0, (before, after) => [.. Enumerable.Range(1, Layers - 1).Select(t => Gradient(before, after, t))], holds: false),
               Rises($"F7-{letter}-sum", $"cutting W_{letter} of the first of {Layers} layers lowers Σ_t ‖G_t‖_F²", matrix, 0, (before, after) => [Sum(before, after)], holds: false),
           }
           select check,
        .. from matrix in Enum.GetValues<AttentionMatrix>()
           let letter = Letter(matrix)
           from check in new[]
           {
               Rises($"remark-4-{letter}-last", $"cutting W_{letter} of the last layer lowers its tr C_t", matrix, Layers - 1, (before, after) => [Noise(before, after, Layers - 1)], matrix == AttentionMatrix.Value),
               Rises($"remark-4-{letter}-later", $"cutting W_{letter} of the first layer lowers the tr C_t of every later one", matrix, 0, (before, after) => [.. Enumerable.Range(1, Layers - 1).Select(t => Noise(before, after, t))], holds: false),
           }
           select check,
    ];

    private static string Letter(AttentionMatrix matrix) => matrix.ToString()[..1];

    private static TheoryCheck Rises(string name, string claim, AttentionMatrix matrix, int layer, Func<Trajectory, Trajectory, CheckTrial[]> compare, bool holds) =>
        new(name, claim, random =>
        {
            var some = new RandomInstance(random);
            var (layers, demonstrations) = (some.Layers(Layers), some.Demonstrations());
            return CheckTrial.Worst(compare(Trajectory.Of(layers, demonstrations), Trajectory.Of(Cut(layers, layer, some.Rank(), matrix), demonstrations)));
        })
        { Expected = holds };

    private static CheckTrial Earlier(RandomInstance some)
    {
        var (layers, demonstrations, depth) = (some.Layers(Layers), some.Demonstrations(), some.Random.Below(Layers));
        var (before, after) = (Trajectory.Of(layers, demonstrations), Trajectory.Of(Cut(layers, depth, some.Rank(), AttentionMatrix.Value, AttentionMatrix.Key, AttentionMatrix.Query), demonstrations));
        var changed = (after.Steps[depth].Update - before.Steps[depth].Update).Norm > 0;
        return CheckTrial.Worst(
            before.Steps.Zip(after.Steps).Take(depth).SelectMany(pair => new[] { CheckTrial.Equal(pair.Second.Update, pair.First.Update), CheckTrial.Equal(pair.Second.Gradient, pair.First.Gradient) })
                .Append(CheckTrial.Equal(changed ? 0 : 1, 1, "the layer itself does not change:")));
    }

    private static AttentionWeights[] Cut(AttentionWeights[] layers, int depth, int rank, params AttentionMatrix[] which) =>
        [.. layers.Select((layer, at) => at == depth ? layer.Truncated(rank, which) : layer)];

    private static CheckTrial Gradient(Trajectory before, Trajectory after, int t) =>
        CheckTrial.AtMost(after.Steps[t].Gradient.Norm, before.Steps[t].Gradient.Norm, $"‖G_{t + 1}‖_F before and after");

    private static CheckTrial Sum(Trajectory before, Trajectory after) =>
        CheckTrial.AtMost(after.Steps.Sum(step => step.Gradient.SquaredNorm), before.Steps.Sum(step => step.Gradient.SquaredNorm), "Σ‖G_t‖_F² before and after");

    private static CheckTrial Noise(Trajectory before, Trajectory after, int t) =>
        CheckTrial.AtMost(SubsetCovariance.Of(GradientFactors.Of(after.Steps[t]), 1).Trace, SubsetCovariance.Of(GradientFactors.Of(before.Steps[t]), 1).Trace, $"tr C_{t + 1} before and after");
}
