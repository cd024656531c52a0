using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

/// <summary>The real model, loaded once for all tests that need it.</summary>
public sealed class SmolLm2 : IDisposable
{
    private readonly Lazy<Checkpoint> checkpoint = new(() => Checkpoint.Open(Shared.Find(Shared.SmolLm2)));
    private readonly Lazy<CausalLm> model;
    private readonly Lazy<WeightEditor> editor;

    public SmolLm2()
    {
        model = new(() => CausalLm.Load(Checkpoint, ComputeOptions.Cpu));
        editor = new(() => new WeightEditor(Model, SvdKind.Exact, seed: 0));
    }

    public Checkpoint Checkpoint => checkpoint.Value;

    public CausalLm Model => model.Value;

    public WeightEditor Editor => editor.Value;

    public void Dispose()
    {
        if (editor.IsValueCreated) editor.Value.Dispose();
        if (model.IsValueCreated) model.Value.Dispose();
        if (checkpoint.IsValueCreated) checkpoint.Value.Dispose();
    }
}
