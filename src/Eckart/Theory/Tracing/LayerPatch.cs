namespace Eckart.Theory.Tracing;

/// <summary>What the demonstrations are to one layer's query position: a rank-one change of the MLP's first matrices and a shift of the residual.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="Norm">‖ΔW‖, Frobenius, of the MLP's first matrices (gate and up, or up) together; 0 for a layer that is left out.</param>
/// <param name="RelativeNorm">The same over ‖W‖.</param>
/// <param name="InputChange">‖A(C, x) − A(x)‖ / ‖A(x)‖ of what the MLP reads.</param>
/// <param name="ShiftNorm">‖shift‖ of the residual before the MLP's output is added.</param>
/// <param name="Unpatched">‖y(x) − y(C, x)‖ / ‖y(C, x)‖: how far the layer's output without the demonstrations is from that with them.</param>
/// <param name="Error">‖y_patched(x) − y(C, x)‖ / ‖y(C, x)‖ with this layer patched and no other.</param>
/// <param name="LargestError">The largest difference of one number there.</param>
/// <param name="TogetherError">Like <paramref name="Error"/>, in a model whose layers up to this one are all patched at once.</param>
public sealed record LayerPatch(int Layer, double Norm, double RelativeNorm, double InputChange, double ShiftNorm, double Unpatched, double Error, double LargestError, double TogetherError);
