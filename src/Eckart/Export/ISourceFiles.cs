namespace Eckart.Export;

/// <summary>A checkpoint's files as an export has them, all but the card.</summary>
internal interface ISourceFiles
{
    /// <summary>Tensors that are written.</summary>
    int Tensors { get; }

    /// <summary>What the card has to say of them, a sentence each.</summary>
    IEnumerable<string> Notes { get; }

    /// <summary>The source's own card, as lines; empty where it has none.</summary>
    IEnumerable<string> Card { get; }

    /// <summary>Writes them, one tensor at a time.</summary>
    /// <param name="folder">Exists and is empty.</param>
    /// <param name="tensorBegun">Called before each tensor; may throw to stop.</param>
    /// <exception cref="Formats.InputException">A file cannot be written, or a tensor cannot be edited or stored.</exception>
    void Write(string folder, Action tensorBegun);
}
