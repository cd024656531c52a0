using System.Globalization;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>Tries again, a few times, ever later.</summary>
internal sealed class HubRetries(HubPlatform platform, int tries)
{
    /// <summary>How often one thing is tried where nothing else will do.</summary>
    public const int Usual = 5;

    /// <summary>The longest wait, whatever a hub asks for: who asks for more is not waited for any better.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Whether to try again, too, where there is nobody to connect to: not before a first answer, as there may be no network at all.</summary>
    public bool AwaitsNetwork { get; init; } = true;

    /// <summary>Runs one attempt after another until one ends without a fault.</summary>
    /// <param name="where">For the message.</param>
    /// <param name="attempt">Throws <see cref="HubFaultException"/> for what may be over later.</param>
    /// <param name="cancellation">Ends the waiting, too.</param>
    /// <exception cref="HubUnreachableException">All were in vain.</exception>
    public async Task<T> RunAsync<T>(string where, Func<Task<T>> attempt, CancellationToken cancellation)
    {
        for (var failed = 1; ; failed++)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (HubFaultException fault)
            {
                if (fault.Progressed) failed = 1;
                if (failed >= tries || (fault.NoNetwork && !AwaitsNetwork)) throw new HubUnreachableException(Problem(where, fault, failed));
                var wait = fault.RetryAfter ?? TimeSpan.FromSeconds(1 << (failed - 1));
                await platform.Wait(wait < LongestWait ? wait : LongestWait, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static InputException Problem(string where, HubFaultException fault, int failed) => new(
        where,
        string.Create(CultureInfo.InvariantCulture, $"expected an answer of the hub, found {fault.Message}{(failed > 1 ? $", {failed} times" : "")}"),
        "check the network and HF_ENDPOINT, and give the same command later: what has arrived is kept",
        fault);
}
