using TorchSharp;

namespace Eckart.Models;

/// <summary>Products on one thread each, until this is disposed: their last digits depend on the number of threads.</summary>
/// <remarks>libtorch counts threads for each thread of the program, MKL inside it for the process: so every worker asks for one thread, and
/// only the outermost scope puts back what was there.</remarks>
internal readonly struct OneThreadProducts : IDisposable
{
    private readonly int before = torch.get_num_threads();

    public OneThreadProducts() => OnThisThread();

    /// <summary>For a worker within the scope.</summary>
    public static void OnThisThread() => torch.set_num_threads(1);

    public void Dispose() => torch.set_num_threads(before);
}
