using System.CommandLine;

namespace Eckart.Cli;

/// <summary><c>theory</c>: the paper's formulas, checked. A file a subcommand.</summary>
internal static class TheoryCommand
{
    public static Command Create() => new("theory", "The paper's theory: its statements checked, and what they talk about measured.")
    {
        TheoryVerifyCommand.Create(),
        TheoryTraceCommand.Create(),
        TheoryPatchCommand.Create(),
        TheoryBoundCommand.Create(),
    };
}
