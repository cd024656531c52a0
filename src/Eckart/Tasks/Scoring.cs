namespace Eckart.Tasks;

/// <summary>How a choice gets its score.</summary>
/// <param name="Rule">What is measured.</param>
/// <param name="Normalization">What the sum of a choice's log-probabilities is set against; <see cref="ScoringRule.Choice"/> only.</param>
/// <param name="Prior">The unconditional prompt; <see cref="ChoiceNormalization.Prior"/> only.</param>
public sealed record Scoring(ScoringRule Rule, ChoiceNormalization Normalization = ChoiceNormalization.Sum, string? Prior = null)
{
    /// <summary>As it is written in trial ids and reports, e.g. <c>choice/sum</c>.</summary>
    public override string ToString() => Rule switch
    {
        ScoringRule.LabelToken => "label-token",
        ScoringRule.MeanLogit => "mean-logit",
        _ when Normalization == ChoiceNormalization.Prior => $"choice/prior({Prior})",
        _ => $"choice/{Normalization.ToString().ToLowerInvariant()}",
    };
}

/// <summary>What is measured for a choice.</summary>
public enum ScoringRule
{
    /// <summary>Log-probability of all the choice's own tokens given the prompt.</summary>
    Choice,

    /// <summary>Log-probability of one token, the label tokenised alone (the authors' code).</summary>
    LabelToken,

    /// <summary>Mean of all logits over all positions and the whole vocabulary of the choice's own prompt (the authors' COPA).</summary>
    MeanLogit,
}

/// <summary>What the sum of a choice's log-probabilities is set against.</summary>
public enum ChoiceNormalization
{
    /// <summary>Nothing: the sum decides.</summary>
    Sum,

    /// <summary>Divided by the number of the choice's own tokens.</summary>
    Tokens,

    /// <summary>Divided by the number of the choice's characters (Unicode code points).</summary>
    Characters,

    /// <summary>Less the choice's log-probability given an unconditional prompt.</summary>
    Prior,
}
