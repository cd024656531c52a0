using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;

namespace Eckart.Tests.Formats.Safetensors;

/// <summary>Headers that are JSON of the right form and claim what may not be true: ranges that overlap by a byte, leave one out, change places, sizes that only their product gives away.</summary>
/// <param name="random">Decides everything.</param>
internal sealed class SafetensorsClaims(Random random)
{
    private const int Furthest = 8;
    private static readonly string[] Types = ["U8", "BOOL", "F16", "BF16", "I32", "F32", "F64", "F4", "C64"];

    private readonly List<string> steps = [];

    /// <summary>One to three claims changed, each alone or together with what belongs to it.</summary>
    public Mutation Mutate(byte[] original)
    {
        var end = 0L;
        var claims = SafetensorsLayout.Tensors(original).Select(tensor => new Claim(tensor.Key, tensor.Value.Type, tensor.Value.Shape, end, end += tensor.Value.Data.Length)).ToList();
        var data = original[(8 + SafetensorsLayout.Header(original).Length)..].ToList();
        for (var count = 1 + random.Next(3); count > 0 && claims.Count > 0; count--) Step(claims, data);
        var header = string.Join(',', claims.Select(claim => $"\"{claim.Name}\":{SafetensorsBytes.Entry(claim.Type, $"[{string.Join(',', claim.Shape)}]", $"[{claim.Begin},{claim.End}]")}"));
        return new Mutation(SafetensorsBytes.WithHeader($"{{{header}}}", [.. data]), [.. steps]);
    }

    private void Step(List<Claim> claims, List<byte> data)
    {
        var (i, other, by) = (random.Next(claims.Count), random.Next(claims.Count), random.Next(-Furthest, Furthest + 1));
        var (claim, kind) = (claims[i], random.Next(9));
        steps.Add($"{claim.Name}: change {kind} by {by}, with {claims[other].Name}");
        switch (kind)
        {
            case 0: claims[i] = claim with { Begin = claim.Begin + by, End = claim.End + by }; break;
            case 1: claims[i] = claim with { Type = "U8", End = claim.End + by, Shape = [claim.End + by - claim.Begin] }; break;
            case 2: claims[i] = claim with { Type = "U8", Begin = claim.Begin + by, Shape = [claim.End - claim.Begin - by] }; break;
            case 3: (claims[i], claims[other]) = (claim with { Begin = claims[other].Begin, End = claims[other].End }, claims[other] with { Begin = claim.Begin, End = claim.End }); break;
            case 4: claims[i] = claims[other] with { Name = claim.Name }; break;
            case 5: claims.RemoveAt(i); break;
            case 6: claims[i] = claim with { Type = Types[random.Next(Types.Length)] }; break;
            case 7: claims[i] = claim with { Shape = [.. claim.Shape.Reverse(), 1] }; break;
            default: Moved(claims, data, claim.Begin, by); break;
        }
    }

    // All from a byte on move, and bytes are put in or taken out there: what a gap or an overlap is made of.
    private static void Moved(List<Claim> claims, List<byte> data, long from, int by)
    {
        for (var i = 0; i < claims.Count; i++)
            if (claims[i].Begin >= from) claims[i] = claims[i] with { Begin = claims[i].Begin + by, End = claims[i].End + by };
        var at = (int)Math.Clamp(from, 0, data.Count);
        if (by > 0) data.InsertRange(at, new byte[by]);
        else data.RemoveRange(at, Math.Min(-by, data.Count - at));
    }

    private sealed record Claim(string Name, string Type, long[] Shape, long Begin, long End);
}
