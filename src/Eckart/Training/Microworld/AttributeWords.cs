using System.Collections.Immutable;

namespace Eckart.Training.Microworld;

/// <summary>An attribute and the words that differ in it.</summary>
/// <param name="Name">Of the attribute, e.g. <c>amount</c>.</param>
/// <param name="Field">Of a word that has it, in tables of rows, e.g. <c>adjective</c>.</param>
/// <param name="Classes">Its two classes.</param>
public sealed record AttributeWords(string Name, string Field, ImmutableArray<WordClass> Classes);

/// <summary>Words that mean the same as far as the microworld goes.</summary>
/// <param name="Name">In tables of rows, e.g. <c>much</c>.</param>
/// <param name="Label">The label word that usually means the class.</param>
/// <param name="Words">First those of all texts, then those kept from texts of several words.</param>
public sealed record WordClass(string Name, string Label, ImmutableArray<string> Words);
