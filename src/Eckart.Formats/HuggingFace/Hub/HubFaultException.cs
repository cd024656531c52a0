namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>What may be over at the next try: a dropped connection, a hub that is busy or down.</summary>
/// <param name="found">What was found, for the message if it never ends.</param>
/// <param name="retryAfter">How long the hub asks to wait; null where it does not say.</param>
/// <param name="progressed">Whether much was received before it, so that it counts as the first.</param>
/// <param name="inner">What the library below said.</param>
internal sealed class HubFaultException(string found, TimeSpan? retryAfter = null, bool progressed = false, Exception? inner = null) : Exception(found, inner)
{
    /// <summary>Whether there was nobody to connect to.</summary>
    public bool NoNetwork { get; init; }

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool Progressed { get; } = progressed;
}
