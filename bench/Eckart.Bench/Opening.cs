using System.Diagnostics;
using System.Text;
using Eckart.Formats.Safetensors;

namespace Eckart.Bench;

/// <summary>Opening safetensors files of all sizes: they are mapped, so neither time nor memory should grow. The files are sparse and take no room.</summary>
internal static class Opening
{
    private const int Times = 200;

    public static void Measure()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("eckart-bench-").FullName, "model.safetensors");
        foreach (var mebibytes in new[] { 1L, 1 << 10, 1 << 12, 1 << 16 })
        {
            Write(path, mebibytes << 20);
            SafetensorsFile.Open(path).Dispose();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var micros = new double[Times];
            for (var i = 0; i < Times; i++)
            {
                var clock = Stopwatch.StartNew();
                SafetensorsFile.Open(path).Dispose();
                micros[i] = clock.Elapsed.TotalMicroseconds;
            }

            Array.Sort(micros);
            Console.WriteLine($"open and close a file of {mebibytes} MiB: {micros[Times / 2]:0} µs (median of {Times}), {(GC.GetAllocatedBytesForCurrentThread() - allocated) / Times} bytes allocated");
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static void Write(string path, long bytes)
    {
        var header = Encoding.UTF8.GetBytes($$$"""{"w":{"dtype":"F32","shape":[{{{bytes / 4}}}],"data_offsets":[0,{{{bytes}}}]}}""");
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)header.Length));
        file.Write(header);
        file.SetLength(file.Position + bytes);
    }
}
