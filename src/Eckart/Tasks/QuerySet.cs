using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Eckart.Models;

namespace Eckart.Tasks;

/// <summary>The queries of one split, tokenised once for all trials.</summary>
/// <param name="Split"><c>validation</c> or <c>test</c>.</param>
/// <param name="Items">As rendered.</param>
/// <param name="Queries">The same as tokens.</param>
public sealed record QuerySet(string Split, ItemSet Items, IReadOnlyList<Query> Queries)
{
    /// <summary>Right choice of each query.</summary>
    public ImmutableArray<int> Gold { get; } = [.. Queries.Select(query => query.Gold)];

    /// <summary>Source row of each query.</summary>
    public ImmutableArray<int> Rows { get; } = [.. Queries.Select(query => query.Row)];

    /// <summary>Tokenises a split.</summary>
    /// <param name="task">The task's name, for messages.</param>
    /// <param name="split"><c>validation</c> or <c>test</c>.</param>
    /// <param name="items">As rendered.</param>
    /// <param name="encoder">Of the model.</param>
    /// <param name="workers">Items at once.</param>
    /// <exception cref="Formats.InputException">An item that cannot be scored; the message names its row.</exception>
    public static QuerySet Encode(string task, string split, ItemSet items, QueryEncoder encoder, int workers)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(encoder);
        var queries = new Query[items.Items.Length];
        Workers.Run(queries.Length, workers, i => queries[i] = encoder.Encode(items.Items[i], $"{task} {split} row {items.Items[i].Row}"));
        return new QuerySet(split, items, queries);
    }

    /// <summary>SHA-256, in hexadecimal, of the items and of the tokens that a model reads for them: it goes into trial ids.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(Items.Digest()));
        foreach (var continuation in Queries.SelectMany(query => query.Choices.Concat(query.Priors)))
        {
            hash.AppendData(MemoryMarshal.AsBytes([continuation.Ids.Length, continuation.Own]));
            hash.AppendData(MemoryMarshal.AsBytes(continuation.Ids.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
