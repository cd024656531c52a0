namespace Eckart.Training;

/// <summary>The sequences of one step, their loss and its gradient: what trainings differ in.</summary>
internal interface IBatch
{
    /// <summary>Sequences that are best taken at once: as many as leave a layer's states in a core's second-level cache.</summary>
    int AtOnce { get; }

    /// <summary>Sum of all weights of the loss.</summary>
    double Weight { get; }

    /// <summary>Mean loss on these sequences of a model that knows nothing.</summary>
    double LossOfNothing { get; }

    /// <summary>Draws the sequences of a step.</summary>
    /// <param name="step">Zero-based step of the training.</param>
    /// <param name="steps">Steps of the whole training.</param>
    void Draw(long step, long steps);

    /// <summary>The way there and back over some of the sequences.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Its parameters, and their gradient, which is added to.</param>
    /// <param name="first">The first sequence.</param>
    /// <param name="sequences">How many.</param>
    /// <param name="memory">Of the pass.</param>
    /// <returns>Sum of their weighted losses.</returns>
    double Backward(TrainableLm model, Replica weights, int first, int sequences, WorkMemory memory);
}
