using Eckart.Statistics;

namespace Eckart.Training;

/// <summary>What a model answered in one exam after so many demonstrations.</summary>
/// <param name="Exam">Name of the exam.</param>
/// <param name="Shots">Demonstrations.</param>
/// <param name="Right">Right answers of all.</param>
public sealed record ExamResult(string Exam, int Shots, Proportion Right);
