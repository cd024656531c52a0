using System.Runtime.InteropServices;
using Eckart.Engine;
using Eckart.Formats.Safetensors;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

public sealed class GoldenWalkTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Checkpoints =>
        ["llama", "llama-gqa-tied", "llama3-rope", "llama-yarn", "llama-legacy-sharded-bf16", "gptj", "gptj-legacy-fp16", "mistral", "qwen2", "qwen3", "gpt2", "gpt_neox"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_walk_gives_the_reference_implementations_log_probabilities(string name)
    {
        var folder = Shared.Find($"golden/checkpoints/{name}");
        using var golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        using var checkpoint = Checkpoint.Open(folder);
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var engine = WalkEngine.Over(model, new EngineOptions { ChunkTokens = 20 });

        for (var sequence = 0; sequence < 2; sequence++)
        {
            var ids = Ids(golden, sequence);
            var logits = new float[ids.Length * checkpoint.Spec.Vocabulary];
            golden.ReadRows("logits", sequence, logits);
            Query[] queries = [.. Enumerable.Range(1, ids.Length - 1).Select(length => new Query($"{length}", length, 0, [.. Choices(ids, length).Select(token => new Continuation((int[])[.. ids[..length], token], 1))], []))];

            var scores = SomeModel.Walk(engine, [new ScoreRequest(queries, Intervention.None)])[0];

            foreach (var (query, found) in queries.Zip(scores))
            {
                var row = logits.Skip((query.Row - 1) * checkpoint.Spec.Vocabulary).Take(checkpoint.Spec.Vocabulary).Select(logit => (double)logit).ToArray();
                var total = Math.Log(row.Sum(logit => Math.Exp(logit - row.Max()))) + row.Max();
                Assert.All(Choices(ids, query.Row).Zip(found), one => Assert.Equal(row[one.First] - total, one.Second, Tolerance));
            }
        }
    }

    private static int[] Choices(int[] ids, int length) => [ids[length], (ids[length] + 1) % 300, 302];

    private static int[] Ids(SafetensorsFile golden, int sequence)
    {
        var ids = MemoryMarshal.Cast<byte, long>(golden.Bytes("input_ids", 0, (int)golden.Tensors["input_ids"].ByteLength)).ToArray();
        var length = (int)golden.Tensors["input_ids"].Shape[1];
        return [.. ids.Skip(sequence * length).Take(length).Select(id => (int)id)];
    }
}
