using System.CommandLine;

return await new RootCommand("Better in-context learning by truncating the SVD of a few weight matrices.").Parse(args).InvokeAsync();
