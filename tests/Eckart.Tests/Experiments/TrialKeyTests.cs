using Eckart.Experiments;

namespace Eckart.Tests.Experiments;

public sealed class TrialKeyTests
{
    [Fact]
    public void Equal_keys_have_equal_ids_of_sixteen_digits()
    {
        Assert.Equal(SomeTrial.Key().Id(), SomeTrial.Key().Id());
        Assert.Matches("^[0-9a-f]{16}$", SomeTrial.Key().Id());
    }

    [Fact]
    public void An_id_is_the_hash_that_any_other_tool_computes()
    {
        // printf '%s' '{"model":"5f2a",…}' | sha256sum
        Assert.Equal("bb06298348781b7a", SomeTrial.Key().Id());
    }

    [Fact]
    public void Every_field_decides_the_id()
    {
        var key = SomeTrial.Key();

        TrialKey[] others =
        [
            key with { Model = "x" }, key with { Task = "x" }, key with { TaskVersion = 2 }, key with { Protocol = "x" }, key with { Seed = 1 },
            key with { Shots = 1 }, key with { Order = 1 }, key with { Split = "x" }, key with { Rows = "x" }, key with { Scoring = "x" }, key with { Svd = "x" },
            key with { Dtype = "x" }, key with { Engine = 2 }, key with { Intervention = "none" },
        ];

        Assert.Equal(typeof(TrialKey).GetProperties().Length, others.Length);
        Assert.Equal(others.Length + 1, others.Append(key).Select(other => other.Id()).Distinct().Count());
    }
}
