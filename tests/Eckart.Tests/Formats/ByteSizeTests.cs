using Eckart.Formats;

namespace Eckart.Tests.Formats;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("4096", 4096)]
    [InlineData("4096B", 4096)]
    [InlineData("1KiB", 1024)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("2gib", 2L << 30)]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("1TiB", 1L << 40)]
    [InlineData("3KB", 3_000)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("0.5MB", 500_000)]
    [InlineData("1.5TB", 1_500_000_000_000)]
    [InlineData("0.001KiB", 1)]
    [InlineData("1.0009765625KiB", 1025)]
    [InlineData("0.3GiB", 322_122_547)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_so_many_bytes(string text, long expected)
    {
        var read = ByteSize.TryParse(text, out var bytes);

        Assert.Equal((true, expected), (read, bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1GiB")]
    [InlineData("0.0009KiB")]
    [InlineData("+1GiB")]
    [InlineData("1.5")]
    [InlineData("1.5B")]
    [InlineData("1,5GiB")]
    [InlineData("1e9")]
    [InlineData("GiB")]
    [InlineData("2G")]
    [InlineData("2 giga")]
    [InlineData("2GiBs")]
    [InlineData("NaN")]
    [InlineData("9223372036854775808")]
    [InlineData("9000000000GiB")]
    [InlineData("99999999999999999999999999999999TiB")]
    public void All_else_is_no_size(string text)
    {
        Assert.False(ByteSize.TryParse(text, out var bytes));

        Assert.Equal(0, bytes);
    }
}
