using System.Diagnostics;
using Eckart.Models;
using TorchSharp;
using static TorchSharp.torch;

var path = args[0];
var clock = Stopwatch.StartNew();
using var checkpoint = Checkpoint.Open(path);
Console.WriteLine($"open {clock.Elapsed.TotalSeconds:0.000}");
clock.Restart();
using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
Console.WriteLine($"load {clock.Elapsed.TotalSeconds:0.000}");
foreach (var length in new[] { 207, 523, 207, 523 })
{
    var ids = Enumerable.Range(0, length).Select(i => (i * 7919) % 49152).ToArray();
    using var scope = NewDisposeScope();
    var marks = new List<double>();
    clock.Restart();
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    var states = model.HiddenStates(ids);
    var t1 = clock.Elapsed.TotalSeconds;
    var logits = model.Logits(states.narrow(0, length - 1, 1)).to(float64).logsumexp(1).item<double>();
    Console.WriteLine($"{length}: states {t1:0.000} head {clock.Elapsed.TotalSeconds - t1:0.000} cpu {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0.00}");
    var a = randn(1000, 576); var b = randn(1536, 576);
    clock.Restart();
    for (var i = 0; i < 20; i++) using (a.mm(b.t())) { }
    Console.WriteLine($"   gemm {20 * 2.0 * 1000 * 576 * 1536 / clock.Elapsed.TotalSeconds / 1e9:0} GFLOP/s; pass is {2.0 * length * (checkpoint.Spec.MultipliedParameters - 49152L * 576) / 1e9:0.0} GFLOP");
}
