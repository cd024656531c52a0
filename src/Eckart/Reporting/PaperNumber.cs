namespace Eckart.Reporting;

/// <summary>A number of the paper's.</summary>
/// <param name="Where">Table or figure, as the paper counts them.</param>
/// <param name="Model">As the paper writes it.</param>
/// <param name="Task">As the paper writes it.</param>
/// <param name="Module">In the notation of interventions.</param>
/// <param name="Layer">From 0.</param>
/// <param name="Shots">Demonstrations; null where the paper has them elsewhere.</param>
/// <param name="Rate">The best clipping rate; null where only the accuracy is given.</param>
/// <param name="Before">Accuracy at rate 0; null where it is not given.</param>
/// <param name="After">Accuracy at the best rate.</param>
internal sealed record PaperNumber(string Where, string Model, string Task, string Module, int Layer, int? Shots, decimal? Rate, double? Before, double After)
{
    /// <summary>Whether a run's model is this one, by name.</summary>
    public bool IsModel(string name) => Letters(name).Contains(Letters(Model), StringComparison.Ordinal);

    /// <summary>Whether a run's task is this one, by name.</summary>
    public bool IsTask(string name) => Letters(name) == Letters(Task);

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
