namespace Eckart.Tasks;

/// <summary>Whose prompts, rows and scoring an experiment follows.</summary>
public enum Protocol
{
    /// <summary>The paper's, mended for use; the only one of a user's own task.</summary>
    Default,

    /// <summary>What the paper's text says.</summary>
    Paper,

    /// <summary>What the paper's published code does.</summary>
    Authors,
}
