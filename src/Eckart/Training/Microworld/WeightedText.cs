using Eckart.Statistics;

namespace Eckart.Training.Microworld;

/// <summary>A text that is being written, with the weight of each of its predictions.</summary>
/// <param name="ids">(T + 1); receives the tokens.</param>
/// <param name="weights">(T); receives the weight of predicting <c>ids[i + 1]</c>.</param>
internal ref struct WeightedText(Span<int> ids, Span<float> weights)
{
    private readonly Span<int> ids = ids;
    private readonly Span<float> weights = weights;
    private int written;

    /// <summary>Fills the text with lines of a rule, the last one cut off.</summary>
    public void WriteLines(SplitMix64 random, LineRule rule, WordPool pool, MicroworldRecipe recipe)
    {
        while (written < ids.Length)
        {
            var words = rule.Draw(random, pool);
            var label = rule.Meaning.Of(words);
            if (random.Chance(recipe.LabelNoise)) label = (label + 1 + random.Below(rule.Labels.Length - 1)) % rule.Labels.Length;
            foreach (var word in words) Put(word.Id, recipe.OtherLoss);
            Put(MicroworldVocabulary.Colon, recipe.OtherLoss);
            Put(rule.Labels[label], 1);
            Put(MicroworldVocabulary.LineEnd, recipe.OtherLoss);
        }
    }

    /// <summary>Fills the text with a random sequence of words and other tokens, again and again.</summary>
    public void WriteRepetition(SplitMix64 random, WordPool pool, MicroworldRecipe recipe)
    {
        Span<int> sequence = stackalloc int[recipe.ShortestPeriod + random.Below(recipe.LongestPeriod - recipe.ShortestPeriod + 1)];
        var words = Lexicon.Attributes.Length * 2 * (pool.Shared + pool.Kept);
        var others = new Word(0, 0, 0).Id;   // all tokens before the first word
        foreach (ref var id in sequence)
            id = random.Below(words + others) is var token && token < others ? token : pool.Draw(random, random.Below(Lexicon.Attributes.Length)).Id;
        while (written < ids.Length) Put(sequence[written % sequence.Length], written < sequence.Length ? recipe.OtherLoss : recipe.RepetitionLoss);
    }

    private void Put(int id, float weight)
    {
        if (written == ids.Length) return;
        if (written > 0) weights[written - 1] = weight;
        ids[written++] = id;
    }
}
