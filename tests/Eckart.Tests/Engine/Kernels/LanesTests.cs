using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed class LanesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    public void Padded_rounds_up_to_whole_vectors(int n, int padded) => Assert.Equal(padded, Lanes.Padded(n));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(193, 208)]
    [InlineData(241, 272)]
    [InlineData(256, 272)]
    [InlineData(1024, 1040)]
    public void A_stride_is_padded_and_no_multiple_of_a_kilobyte(int n, int stride) => Assert.Equal(stride, Lanes.Stride(n));

    [Fact]
    public void Names_one_of_the_paths_that_reports_know() => Assert.Contains(Lanes.Name, (string[])["avx512", "avx2", "arm64", "portable"]);
}
