using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>H = [H_s, h_{N+1}]: the demonstrations and the test token, each a column [x; y] with the test's y masked.</summary>
public sealed record TokenContext
{
    /// <summary>Checks and holds them.</summary>
    /// <param name="demonstrations">H_s, (D, N): a token a column.</param>
    /// <param name="test">h_{N+1}, D numbers.</param>
    /// <exception cref="InputException">Tokens of different sizes, or a number that is not finite.</exception>
    public TokenContext(RealMatrix demonstrations, IReadOnlyList<double> test)
    {
        ArgumentNullException.ThrowIfNull(demonstrations);
        ArgumentNullException.ThrowIfNull(test);
        if (demonstrations.Rows != test.Count)
            throw new InputException("test token", $"expected {demonstrations.Rows} numbers as in a demonstration, found {test.Count}", "give tokens of one size");
        (Demonstrations, Test) = (demonstrations, RealMatrix.Of(test.Count, 1, [.. test]));
    }

    /// <summary>H_s, (D, N).</summary>
    public RealMatrix Demonstrations { get; }

    /// <summary>h_{N+1}, (D, 1).</summary>
    public RealMatrix Test { get; }

    /// <summary>H, (D, N + 1).</summary>
    public RealMatrix Tokens => Demonstrations.Beside(Test);

    /// <summary>N.</summary>
    public int Count => Demonstrations.Columns;

    /// <summary>M = [[I_N, 0], [0, 0]]: H·M = [H_s, 0].</summary>
    /// <param name="demonstrations">N.</param>
    /// <remarks><b>Source</b>: the paper, B.1.</remarks>
    public static RealMatrix Mask(int demonstrations) => RealMatrix.Of(demonstrations + 1, demonstrations + 1, (i, j) => i == j && i < demonstrations ? 1 : 0);
}
