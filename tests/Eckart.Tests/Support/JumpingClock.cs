namespace Eckart.Tests.Support;

/// <summary>A clock that is set back and forth, by years and by its own ticks, each time that it is read.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private int read;

    public override DateTimeOffset GetUtcNow() => new(Next() ? 2091 : 1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long GetTimestamp() => Next() ? long.MaxValue / 2 : 0;

    private bool Next() => Interlocked.Increment(ref read) % 3 == 0;
}
