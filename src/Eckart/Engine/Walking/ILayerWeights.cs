using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>Where a walk gets its weights: from a model in memory, or from a checkpoint as it goes.</summary>
internal interface ILayerWeights : IDisposable
{
    /// <summary>Of the model.</summary>
    ModelSpec Spec { get; }

    /// <summary>Device and dtype of the weights.</summary>
    ComputeOptions Compute { get; }

    /// <summary>Whether every layer stays in memory; otherwise a walk reads each once, in order.</summary>
    bool Resident { get; }

    /// <summary>Bytes that the weights take while a walk goes on.</summary>
    long Bytes { get; }

    /// <summary>Behind the last layer.</summary>
    Norm FinalNorm { get; }

    /// <summary>A layer; what streams lets go of the one before, and reads the next ahead.</summary>
    DecoderLayer Layer(int index);

    /// <summary>Writes tokens' embeddings, those of their positions added where they are learned.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="positions">Of each.</param>
    /// <param name="states">(ids, C), float32; written.</param>
    void Embed(int[] ids, int[] positions, torch.Tensor states);

    /// <summary>Some rows of the head.</summary>
    /// <returns>(rows, C), the products' dtype, in the caller's dispose scope.</returns>
    torch.Tensor Head(int first, int rows);

    /// <summary>The head's bias at some rows, float32, in the caller's dispose scope; null where it has none.</summary>
    torch.Tensor? HeadBias(int first, int rows);
}
