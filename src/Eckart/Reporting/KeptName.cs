using System.Globalization;

namespace Eckart.Reporting;

/// <summary>Name of a model that may have been kept in training: <c>name@1250</c>, or <c>name</c> for the last.</summary>
/// <param name="Model">Without the step.</param>
/// <param name="Step">Of training; the largest number there is for the last.</param>
internal sealed record KeptName(string Model, long Step)
{
    /// <summary>Reads one; a name with anything else behind the sign is all model.</summary>
    public static KeptName Parse(string name) =>
        name.LastIndexOf('@') is var at and > 0 && long.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? new KeptName(name[..at], step) : new KeptName(name, long.MaxValue);
}
