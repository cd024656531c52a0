namespace Eckart.Tasks;

/// <summary>Where a task's data comes from and on what terms.</summary>
/// <param name="Hub">Name of the data set on the Hugging Face hub.</param>
/// <param name="Url">Its own page.</param>
/// <param name="Licence">Terms, as far as they are stated.</param>
/// <param name="Cite">Papers to cite.</param>
/// <param name="Obtain">What a user who lacks the data does; ends messages about missing files.</param>
public sealed record TaskSource(string? Hub, string? Url, string? Licence, string? Cite, string? Obtain);
