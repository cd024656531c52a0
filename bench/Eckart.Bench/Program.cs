using System.Globalization;
using Eckart.Bench;
using Eckart.Models;

if (args is not [var model, var data])
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Eckart.Bench -- MODEL DATA    (SmolLM2's GGUF file; a folder with sst2/ and cb/)");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine(Machine.Describe());
Loading.Measure(model);
Tokenizing.Measure(model, data);
SpectraOfAll.Measure(model);
using var checkpoint = Checkpoint.Open(model);
using var loaded = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
FullPass.Measure(checkpoint, loaded, data, "sst2", shots: 10);
FullPass.Measure(checkpoint, loaded, data, "cb", shots: 5);
FullPass.Measure(checkpoint, loaded, data, "cb", shots: 15);
Console.WriteLine($"peak memory of this process {Machine.PeakMegabytes()} MB");
return 0;
