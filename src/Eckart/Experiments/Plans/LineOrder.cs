namespace Eckart.Experiments.Plans;

/// <summary>The order of a finished run's lines, whatever order they came in: trials as in <see cref="TrialOrder"/>, then spectra by layer, then learners.</summary>
/// <remarks>For one sort, as <see cref="TrialOrder"/>.</remarks>
public sealed class LineOrder : IComparer<IJournalLine>
{
    private readonly TrialOrder trials = new();

    /// <inheritdoc/>
    public int Compare(IJournalLine? x, IJournalLine? y) => (x, y) switch
    {
        (Trial a, Trial b) => trials.Compare(a, b),
        (SpectrumLine a, SpectrumLine b) => TrialOrder.First(string.CompareOrdinal(a.Spectrum.Model, b.Spectrum.Model), a.Spectrum.Layer.CompareTo(b.Spectrum.Layer), string.CompareOrdinal(a.Spectrum.Projection, b.Spectrum.Projection)),
        (ErrorsLine a, ErrorsLine b) => TrialOrder.First(
            string.CompareOrdinal(a.Learner.Model, b.Learner.Model), a.Learner.Seed.CompareTo(b.Learner.Seed), a.Learner.Functions.CompareTo(b.Learner.Functions),
            string.CompareOrdinal(a.Learner.Name, b.Learner.Name), string.CompareOrdinal(a.Id, b.Id)),
        _ => Kind(x).CompareTo(Kind(y)),
    };

    private static int Kind(IJournalLine? line) => line switch
    {
        Trial => 0,
        SpectrumLine => 1,
        _ => 2,
    };
}
