// Compiled by MSBuild's RoslynCodeTaskFactory: C# 7.3 on netstandard2.0, so no Span and no file-scoped namespace.
using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies a 64-bit little-endian ELF file with the requirement of one symbol version marked weak (VER_FLG_WEAK).</summary>
/// <remarks>Source: System V ABI, Linux Standard Base 5.0, "Symbol Versioning" (section .gnu.version_r, Elfxx_Verneed and Elfxx_Vernaux).</remarks>
public class WeakenSymbolVersion : Task
{
    private const uint VersionNeeds = 0x6ffffffe;   // SHT_GNU_verneed
    private const ushort Weak = 2;                  // VER_FLG_WEAK
    private const int SectionHeaderSize = 64;

    private byte[] elf;

    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }
    [Required] public string Version { get; set; }

    public override bool Execute()
    {
        elf = File.ReadAllBytes(Source);
        if (elf.Length < SectionHeaderSize || BitConverter.ToUInt32(elf, 0) != 0x464c457f || elf[4] != 2 || elf[5] != 1)
        {
            Log.LogError("{0}: expected a 64-bit little-endian ELF file; restore the package again", Source);
            return false;
        }

        var weakened = 0;
        var sections = (int)BitConverter.ToInt64(elf, 0x28);
        for (var i = 0; i < BitConverter.ToUInt16(elf, 0x3C); i++)
            if (BitConverter.ToUInt32(elf, sections + SectionHeaderSize * i + 4) == VersionNeeds)
                weakened += WeakenIn(sections, sections + SectionHeaderSize * i);

        Write();
        Log.LogMessage(MessageImportance.Low, "{0}: {1} reference(s) to {2} are weak now", Destination, weakened, Version);
        return true;
    }

    private int WeakenIn(int sections, int section)
    {
        var weakened = 0;
        var names = Offset(sections + SectionHeaderSize * (int)BitConverter.ToUInt32(elf, section + 40));
        for (int need = Offset(section), next = -1; next != 0; need += next)
        {
            var entry = need + (int)BitConverter.ToUInt32(elf, need + 8);
            for (var left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
            {
                if (NameAt(names + (int)BitConverter.ToUInt32(elf, entry + 8)) == Version)
                {
                    elf[entry + 4] |= (byte)Weak;
                    weakened++;
                }
                entry += (int)BitConverter.ToUInt32(elf, entry + 12);
            }
            next = (int)BitConverter.ToUInt32(elf, need + 12);
        }
        return weakened;
    }

    private int Offset(int section) => (int)BitConverter.ToInt64(elf, section + 24);

    private string NameAt(int start) => Encoding.ASCII.GetString(elf, start, Array.IndexOf(elf, (byte)0, start) - start);

    // Beside and renamed: a killed build leaves no half file, and a hard link to the old one is not written through.
    private void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        var beside = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(beside, elf);
        if (File.Exists(Destination)) File.Delete(Destination);
        File.Move(beside, Destination);
    }
}
