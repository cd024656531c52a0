namespace Eckart.Tasks;

/// <summary>What a task's result is judged by first; the others are reported beside it.</summary>
public enum Metric
{
    /// <summary>Share of items whose highest score is the right choice's.</summary>
    Accuracy,

    /// <summary>Mean over the choices of each one's F1.</summary>
    MacroF1,
}
