namespace Eckart.Engine.Walking;

/// <summary>A branch in a layer, with the branches that leave it there: they are worked on together, as they share the layer's beginning.</summary>
/// <param name="Parent">Alive.</param>
/// <param name="Births">They come to life here.</param>
/// <param name="Advances">Whether the parent itself goes through the layer now.</param>
internal sealed record Fork(Branch Parent, IReadOnlyList<Branch> Births, bool Advances)
{
    /// <summary>A branch by itself.</summary>
    public static Fork Alone(Branch branch) => new(branch, [], Advances: true);
}
