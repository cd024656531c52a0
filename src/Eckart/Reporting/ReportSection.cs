using System.Collections.Immutable;

namespace Eckart.Reporting;

/// <summary>A part of a report, the same in Markdown and on the page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">What stands under it, from top to bottom.</param>
public sealed record ReportSection(string Title, ImmutableArray<ReportBlock> Blocks);

/// <summary>Something that stands under a heading.</summary>
public abstract record ReportBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">Plain text.</param>
public sealed record ReportSentence(string Text) : ReportBlock;

/// <summary>Text that is shown as it is, letter by letter.</summary>
/// <param name="Caption">What it is.</param>
/// <param name="Text">Any lines.</param>
public sealed record ReportListing(string Caption, string Text) : ReportBlock;

/// <summary>A table; the first column names the rows.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">As many cells in each as there are columns.</param>
public sealed record ReportTable(string Caption, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<ReportCell>> Rows) : ReportBlock
{
    /// <summary>Whether the page leaves it out, since its own table of all trials shows the same.</summary>
    public bool OnPageAlready { get; init; }

    /// <summary>Leaves out columns that say the same in every row.</summary>
    /// <param name="said">Headings of those that the caption then says.</param>
    /// <param name="unsaid">Headings of those that only matter where they vary.</param>
    internal ReportTable WithoutShared(IReadOnlyList<string> said, IReadOnlyList<string> unsaid)
    {
        if (Rows.IsEmpty) return this;
        int[] left = [.. Enumerable.Range(0, Columns.Length).Where(i => !(said.Contains(Columns[i]) || unsaid.Contains(Columns[i])) || Rows.Any(row => row[i].Text != Rows[0][i].Text))];
        var shared = Enumerable.Range(0, Columns.Length).Except(left).Where(i => said.Contains(Columns[i]) && Rows[0][i].Text.Length > 0).Select(i => $"{Columns[i]} {Rows[0][i].Text}").ToArray();
        return this with { Caption = shared.Length == 0 ? Caption : $"{Caption} ({string.Join(", ", shared)})", Columns = [.. left.Select(i => Columns[i])], Rows = [.. Rows.Select(row => left.Select(i => row[i]).ToImmutableArray())] };
    }
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">Plain text.</param>
public readonly record struct ReportCell(string Text)
{
    /// <summary>Exact numbers, shown on the page where somebody points at the cell; null for none.</summary>
    public string? Exact { get; init; }

    /// <summary>Whether it is a notation, shown letter by letter.</summary>
    public bool IsCode { get; init; }

    /// <summary>A plain cell.</summary>
    public static implicit operator ReportCell(string text) => new(text);

    /// <summary>A plain cell.</summary>
    public static ReportCell FromString(string text) => new(text);

    /// <summary>A notation.</summary>
    public static ReportCell Code(string text) => new(text) { IsCode = true };
}

/// <summary>A figure: files of its own beside the report, and drawn into the page.</summary>
/// <param name="Name">Of the files, without extension: letters, digits and <c>-</c>.</param>
/// <param name="Caption">What it shows; its text for those who cannot see it too.</param>
/// <param name="Draw">Makes the files.</param>
public sealed record ReportFigure(string Name, string Caption, Func<FigureFiles> Draw) : ReportBlock
{
    /// <summary>Makes it as SVG elements that take the page's colours; null where the file is to be shown as it is.</summary>
    public Func<string>? ForPage { get; init; }
}
