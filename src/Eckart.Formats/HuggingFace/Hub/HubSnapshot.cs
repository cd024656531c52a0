namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>A model of the hub on this disk.</summary>
/// <param name="Path">The folder of one commit in the cache, in Hugging Face layout.</param>
/// <param name="Note">What the user should know of how it was found; null where all is as expected.</param>
public sealed record HubSnapshot(string Path, string? Note = null);
