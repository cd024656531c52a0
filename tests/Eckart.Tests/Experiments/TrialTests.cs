using System.Globalization;
using System.Text;
using Eckart.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

public sealed class TrialTests
{
    private const string Line =
        """{"id":"bb06298348781b7a","intervention":"mlp@26:0.95","split":"test","n":3,"correct":2,"accuracy":0.6666666666666666""" +
        ""","macro_f1":0.5555555555555555,"mcc":0.6123724356957946,"nll":0.4,"calibration_error":0.3,"ranks":{"Down@26":27,"Up@26":28}""" +
        ""","key":{"model":"5f2a","task":"cb","task_version":1,"protocol":"default","seed":66,"shots":15,"split":"test","rows":"77aa","scoring":"choice/sum","svd":"exact","dtype":"f32","engine":1,"intervention":"mlp@26:0.95"}""" +
        ""","scores":[[-0.1,-2.5,-3],[-1.25,-1E-17,-4],[-0.3,-0.5,-0.3333333333333333]],"gold":[0,1,2],"rows":[4,9,11]}""";

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void A_line_has_the_same_bytes_in_every_culture(string culture)
    {
        using var _ = new Culture(culture);

        // Rounded measures: the last digit of a logarithm is the machine's own.
        var trial = SomeTrial.Of() with { NegativeLogLikelihood = 0.4, CalibrationError = 0.3 };

        Assert.Equal(Line, Encoding.UTF8.GetString(trial.ToJson()));
    }

    [Fact]
    public void The_accuracy_as_published_stands_beside_the_true_one()
    {
        var json = Encoding.UTF8.GetString((SomeTrial.Of() with { AccuracyAsPublished = 1 }).ToJson());

        Assert.Contains("""
            "correct":2,"accuracy":0.6666666666666666,"accuracy_as_published":1,"macro_f1"
            """, json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_composed_intervention_is_written_as_it_is_typed()
    {
        var json = Encoding.UTF8.GetString(SomeTrial.Of("mlp@26:0.95+attention@27:0.9").ToJson());

        Assert.Contains("mlp@26:0.95+attention@27:0.9", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', json);
    }

    [Fact]
    public void Two_choices_have_an_F1()
    {
        var trial = Trial.From(SomeTrial.Key(), new Dictionary<string, int>(), [[-1, -2], [-2, -1]], [0, 1], [0, 1]);

        Assert.Contains("\"f1\":1,", Encoding.UTF8.GetString(trial.ToJson()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_is_no_number_makes_no_trial()
    {
        Refused.With(() => SomeTrial.Of(score: double.NaN), "query 0, choice 0", "NaN");
    }

    [Fact]
    public void As_many_rows_as_queries()
    {
        Assert.Throws<ArgumentException>(() => Trial.From(SomeTrial.Key(), new Dictionary<string, int>(), [[-1, -2]], [0], [0, 1]));
    }

    private sealed class Culture : IDisposable
    {
        private readonly CultureInfo before = CultureInfo.CurrentCulture;

        // Invariant globalisation names no culture but the invariant one, so the commas are set by hand.
        public Culture(string name)
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            if (name.Length > 0) (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (",", "−");
            if (name == "ar-SA") culture.NumberFormat.NumberDecimalSeparator = "٫";
            CultureInfo.CurrentCulture = culture;
        }

        public void Dispose() => CultureInfo.CurrentCulture = before;
    }
}
