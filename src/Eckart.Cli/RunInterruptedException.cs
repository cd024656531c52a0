namespace Eckart.Cli;

/// <summary>A run was interrupted; what it finished is in its folder.</summary>
internal sealed class RunInterruptedException(string folder, OperationCanceledException inner) : OperationCanceledException(inner.Message, inner, inner.CancellationToken)
{
    /// <summary>The run's folder.</summary>
    public string Folder { get; } = folder;
}
