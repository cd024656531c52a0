using System.Globalization;
using System.Text;
using Eckart.Formats;

namespace Eckart.Training;

/// <summary>What a training shows of itself on the way.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Mean weighted cross entropy of the steps since the point before, in nats.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="GradientNorm">Of the last step, before clipping.</param>
/// <param name="Accuracies">Of every column of the exams; empty where none was held.</param>
public sealed record CurvePoint(long Step, double Loss, double LearningRate, double GradientNorm, IReadOnlyList<double> Accuracies);

/// <summary>A training's points as CSV, without times: equal trainings write equal bytes.</summary>
/// <param name="Columns">Names of the accuracies, <c>exam@shots</c>.</param>
/// <param name="Points">Ascending steps.</param>
public sealed record Curve(IReadOnlyList<string> Columns, IReadOnlyList<CurvePoint> Points)
{
    private const string FixedColumns = "step,loss,learning_rate,gradient_norm";

    /// <summary>Reads a file that <see cref="Save"/> wrote; without one, a curve without points.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the accuracies, as written.</param>
    /// <param name="lastStep">Points after it are left out.</param>
    /// <exception cref="InputException">The file is of other columns, or damaged.</exception>
    public static Curve Load(string path, IReadOnlyList<string> columns, long lastStep)
    {
        var empty = new Curve(columns, []);
        if (!File.Exists(path)) return empty;
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != empty.Header) throw new InputException(path, $"expected the columns {empty.Header}, found {(lines.Length == 0 ? "none" : lines[0])}", "delete the file, or name another folder");
        return empty with { Points = [.. lines.Skip(1).Select((line, i) => Parse(line, columns.Count) ?? throw new InputException($"{path}:{i + 2}", $"expected {columns.Count + 4} numbers, found '{line}'", "delete the file, or name another folder")).TakeWhile(point => point.Step <= lastStep)] };
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Concat(Points.Select(Line).Prepend(Header).Select(line => line + "\n"))));

    private string Header => string.Join(',', Columns.Prepend(FixedColumns));

    private string Line(CurvePoint point)
    {
        double?[] numbers = [point.Loss, point.LearningRate, point.GradientNorm, .. Columns.Select((_, i) => i < point.Accuracies.Count ? point.Accuracies[i] : (double?)null)];
        return string.Join(',', numbers.Select(number => number?.ToString("R", CultureInfo.InvariantCulture) ?? "").Prepend(point.Step.ToString(CultureInfo.InvariantCulture)));
    }

    private static CurvePoint? Parse(string line, int columns)
    {
        var cells = line.Split(',');
        if (cells.Length != columns + 4 || !long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step)) return null;
        var numbers = new List<double>();
        foreach (var cell in cells.Skip(1).Where(cell => cell.Length > 0))
        {
            if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
            numbers.Add(number);
        }

        return numbers.Count == 3 || numbers.Count == columns + 3 ? new CurvePoint(step, numbers[0], numbers[1], numbers[2], [.. numbers.Skip(3)]) : null;
    }
}
