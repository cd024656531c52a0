using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Engine;

/// <summary>Refusals of numbers that are NaN or infinite.</summary>
internal static class NotFinite
{
    /// <summary>A query's scores.</summary>
    public static InputException Scores(Query query, Intervention intervention) =>
        new($"{query.Where} under {intervention}", "expected finite scores, found NaN or infinity", "the weights or this intervention overflow: take other weights, or leave the intervention out");
}
