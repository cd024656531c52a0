using Eckart.Experiments;

namespace Eckart.Tests.Experiments;

/// <summary>Any valid trial in one call.</summary>
internal static class SomeTrial
{
    public static TrialKey Key(string intervention = "mlp@26:0.95") => new()
    {
        Model = "5f2a",
        Task = "cb",
        TaskVersion = 1,
        Protocol = "default",
        Seed = 66,
        Shots = 15,
        Split = "test",
        Rows = "77aa",
        Scoring = "choice/sum",
        Svd = "exact",
        Dtype = "f32",
        Engine = 1,
        Intervention = intervention,
    };

    public static Trial Of(string intervention = "mlp@26:0.95", double score = -0.1) => Trial.From(
        Key(intervention),
        new Dictionary<string, int> { ["Up@26"] = 28, ["Down@26"] = 27 },
        [[score, -2.5, -3], [-1.25, -1e-17, -4], [-0.3, -0.5, -1.0 / 3]],
        [0, 1, 2],
        [4, 9, 11]);
}
