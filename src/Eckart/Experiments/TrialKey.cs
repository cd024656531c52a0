namespace Eckart.Experiments;

/// <summary>Everything that decides a trial's numbers: two trials with equal keys are the same trial.</summary>
public sealed record TrialKey
{
    /// <summary>Digest of the checkpoint's spec and weights; the tokenizer shows in <see cref="Rows"/>.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>Version that the task's file gives itself.</summary>
    public required int TaskVersion { get; init; }

    /// <summary><c>default</c>, <c>paper</c> or <c>authors</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Seed of the splits and demonstrations.</summary>
    public required long Seed { get; init; }

    /// <summary>Demonstrations in each prompt.</summary>
    public required int Shots { get; init; }

    /// <summary>Seed of another order of the demonstrations; null for the order in which they were sampled.</summary>
    public long? Order { get; init; }

    /// <summary><c>validation</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Digest of the split's rows as they were used: which, in which order, with what in them, and the tokens that they became.</summary>
    public required string Rows { get; init; }

    /// <summary>Scoring rule, e.g. <c>choice/sum</c>.</summary>
    public required string Scoring { get; init; }

    /// <summary><c>exact</c> or <c>randomized</c>.</summary>
    public required string Svd { get; init; }

    /// <summary><c>f32</c> or <c>bf16</c>; off the CPU with the device's kind, <c>f32/cuda</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>Version of the engine; raised whenever a digit of its scores may change.</summary>
    public required int Engine { get; init; }

    /// <summary>What was done to the weights, in the notation of the command line, e.g. <c>mlp@26:0.95</c>.</summary>
    public required string Intervention { get; init; }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the key's JSON: its fields in the order above, without spaces.</summary>
    public string Id() => JournalLine.IdOf(this);
}
