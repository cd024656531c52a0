using System.Globalization;
using Eckart.Bench;
using Eckart.Bench.Micro;
using Eckart.Models;

if (args is ["micro", .. var filter] && filter.Length <= 1) return Microbenchmarks.Run(filter is [var part] ? part : "");
if (args is ["train"])
{
    Console.WriteLine(Machine.Describe());
    TrainingStep.Measure("llama");
    TrainingStep.Measure("gptj");
    return 0;
}

if (args is not [var model, var data, .. var only])
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Eckart.Bench -- MODEL DATA [open|load|tokens|spectra|sst2|cb|cb-long …]    (SmolLM2's GGUF file; a folder with sst2/ and cb/)\n"
        + "   or: … -- micro [PART OF A NAME]\n   or: … -- train");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine(Machine.Describe());
if (Asked("open")) Opening.Measure();
if (Asked("load")) Loading.Measure(model);
if (Asked("tokens")) Tokenizing.Measure(model, data);
if (Asked("spectra")) SpectraOfAll.Measure(model);
if (only.Length > 0 && !only.Intersect(["sst2", "cb", "cb-long"]).Any()) return 0;
using var checkpoint = Checkpoint.Open(model);
using var loaded = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
if (Asked("sst2")) FullPass.Measure(checkpoint, loaded, data, ("sst2", 10), passes: 24);
if (Asked("cb")) FullPass.Measure(checkpoint, loaded, data, ("cb", 5), passes: 16);
if (Asked("cb-long")) FullPass.Measure(checkpoint, loaded, data, ("cb", 15), passes: 6);
Console.WriteLine($"peak memory of this process {Machine.PeakMegabytes()} MB");
return 0;

bool Asked(string name) => only.Length == 0 || only.Contains(name);
