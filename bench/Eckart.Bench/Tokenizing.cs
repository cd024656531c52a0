using System.Diagnostics;
using System.Text;
using Eckart.Models;
using Eckart.Tasks;

namespace Eckart.Bench;

/// <summary>Tokenising whole prompts, one thread.</summary>
internal static class Tokenizing
{
    public static void Measure(string model, string data)
    {
        using var checkpoint = Checkpoint.Open(model);
        var clock = Stopwatch.StartNew();
        using var tokenizer = checkpoint.LoadTokenizer();
        var loaded = clock.Elapsed.TotalSeconds;
        var prompts = Sampler.Draw(TaskLibrary.Load("sst2").For(Protocol.Default), data, new SampleSize()).Test.Items.Select(item => item.Prompts[0]).ToArray();
        var bytes = prompts.Sum(Encoding.UTF8.GetByteCount);
        clock.Restart();
        foreach (var prompt in prompts) tokenizer.Encode(prompt, addSpecialTokens: true);
        Console.WriteLine($"tokenizer load {loaded:0.000} s, encode {bytes / clock.Elapsed.TotalSeconds / 1e6:0.0} MB/s");
    }
}
