namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>What of a model is wanted.</summary>
public enum HubContent
{
    /// <summary>Its configuration, weights and tokenizer.</summary>
    Checkpoint,

    /// <summary>Its tokenizer, without any weights.</summary>
    Tokenizer,
}
