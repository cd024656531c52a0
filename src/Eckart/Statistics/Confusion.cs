namespace Eckart.Statistics;

/// <summary>Right choices against predictions, counted.</summary>
internal sealed class Confusion
{
    private readonly int n;
    private readonly int[] right;       // by class: times it was the right choice
    private readonly int[] predicted;   // by class: times it was predicted
    private readonly int[] both;        // by class: times it was both

    public Confusion(IReadOnlyList<int> gold, IReadOnlyList<int> predictions)
    {
        n = gold.Count;
        var classes = Math.Max(gold.Max(), predictions.Max()) + 1;
        (right, predicted, both) = (new int[classes], new int[classes], new int[classes]);
        for (var i = 0; i < n; i++)
        {
            right[gold[i]]++;
            predicted[predictions[i]]++;
            if (gold[i] == predictions[i]) both[gold[i]]++;
        }
    }

    public int Correct => both.Sum();

    /// <summary>Harmonic mean of precision and recall; 0 where the class never occurs.</summary>
    public double F1(int label) => label < right.Length && right[label] + predicted[label] > 0
        ? 2.0 * both[label] / (right[label] + predicted[label])
        : 0;

    /// <summary>Mean F1 of the classes that occur on either side.</summary>
    public double MacroF1() => Enumerable.Range(0, right.Length).Where(label => right[label] + predicted[label] > 0).Average(F1);

    /// <summary>Correlation of the two as indicator vectors; 0 where one of them has no variance.</summary>
    public double Mcc()
    {
        double total = n;
        var covariance = total * Correct - right.Zip(predicted, (r, p) => (double)r * p).Sum();
        var rightVariance = total * total - right.Sum(r => (double)r * r);
        var predictedVariance = total * total - predicted.Sum(p => (double)p * p);
        return rightVariance == 0 || predictedVariance == 0 ? 0 : covariance / Math.Sqrt(rightVariance * predictedVariance);
    }
}
