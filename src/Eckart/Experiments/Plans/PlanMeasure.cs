namespace Eckart.Experiments.Plans;

/// <summary>What a plan measures.</summary>
public enum PlanMeasure
{
    /// <summary>How often a model is right, edited or not.</summary>
    Accuracy,

    /// <summary>The spectra of a model's matrices.</summary>
    Spectra,

    /// <summary>How well a model learns functions from examples, edited or not.</summary>
    Functions,
}
