using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;
using Eckart.Engine.Walking;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Engine;

/// <summary>Layers on a device that has shapes but no memory: whatever assumed a CPU's would fail there.</summary>
public sealed class OperatorPathTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public void Layers_assume_nothing_of_the_device(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(RandomModel.Write(folder, FamilyTable.All.Single(one => one.ModelType == family), new Random(3)));
        var compute = new ComputeOptions(torch.META, torch.float32, 1);
        using var model = CausalLm.Load(checkpoint, compute);
        using var pool = new BufferPool(compute.Device);
        using var team = new Team(1, compute.Device);
        using var rotary = new Rotary(model.Spec.Rotary);
        using var angles = new Angles(model.Spec, compute, rotary, 200);
        using var factors = new FactorStore(compute, SvdKind.Exact, 0, null, pool);
        var set = PromptSet.Of([.. Enumerable.Range(2, 5).Select(i => (IReadOnlyList<Continuation>)[new Continuation((int[])[.. Enumerable.Range(0, 8), i, i + 1], 0)])], 20, prefix => prefix);
        using var trunk = BranchTree.Plan([(set, []), (set, LayerEdit.Of(Intervention.Parse("drop@0").Resolve(model.Spec), model.Spec))]);
        var born = trunk.Children[0];

        // Of what a walk needs, only picking rows (embedding, scored rows) has no kernel there: all rows are scored.
        foreach (var chunk in trunk.Chunks) trunk[chunk] = new Rows(pool, chunk.Rows, model.Spec.Hidden);
        trunk.HoldKeys(angles.Arithmetic(operators: false), pool);
        for (var layer = 0; layer < model.Spec.Layers; layer++)
        {
            using var edits = EditedWeights.Of([], factors, model.Layers[layer], 1);
            using var step = new LayerStep(model.Spec, compute, layer, model.Layers[layer], edits, angles.Arithmetic(operators: false), pool);
            try
            {
                step.Run(team, layer == 0 ? [new Fork(trunk, [born], Advances: true)] : [Fork.Alone(trunk), Fork.Alone(born)], whole: true, null, TestContext.Current.CancellationToken);
            }
            catch (System.Runtime.InteropServices.ExternalException lack) when (lack.Message.Contains("no fake impl or Meta kernel", StringComparison.Ordinal))
            {
                born.Dispose();
                Assert.Skip($"this build of libtorch cannot do it without memory: {lack.Message[..lack.Message.IndexOf(':', 6)]}");
            }
        }

        Assert.Equal("operators", angles.Arithmetic(operators: false).Name);
        foreach (var chunk in set.Chunks)
            Assert.Equal([[chunk.Scored.Length, model.Spec.Hidden], [DeviceType.META]], new object[][] { [trunk[chunk].Matrix.shape[0], trunk[chunk].Matrix.shape[1]], [trunk[chunk].Matrix.device_type] });
        born.Dispose();
    }
}
