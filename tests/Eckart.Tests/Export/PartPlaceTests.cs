using Eckart.Export;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Export;

public sealed class PartPlaceTests
{
    /// <summary>What is put back is what is read again, for every editable part of every family: whatever reading does to a part, putting it back undoes.</summary>
    [Fact]
    public void What_is_put_back_is_what_is_read_and_other_parts_of_the_tensor_keep_their_values()
    {
        using var folder = new TemporaryFolder();
        foreach (var family in FamilyTable.All)
        {
            using var checkpoint = Checkpoint.Open(RandomModel.Write(folder, family, new Random(5)));
            foreach (var projection in checkpoint.Spec.Projections)
            {
                using var scope = torch.NewDisposeScope();
                var stored = checkpoint.Stored((Part)projection, 0, bias: false);
                var whole = torch.empty([.. checkpoint.Tensors.Tensors[stored.Name].Shape], torch.float32);
                stored.ReadStored(whole, workers: 1);
                var (before, part) = (whole.clone(), stored.Read(workers: 1));

                PartPlace.Put(stored.Layout, whole, torch.full_like(part, float.MaxValue));
                Assert.Equal(part.numel(), whole.ne(before).sum().item<long>());
                PartPlace.Put(stored.Layout, whole, part);

                Assert.True(whole.eq(before).all().item<bool>(), $"{family.ModelType} {projection}");
            }
        }
    }

    [Fact]
    public void A_value_beyond_the_stored_types_range_is_refused_by_tensor()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.tensor(new[] { 1f, 65520f, -70000f });
        using var stream = new MemoryStream();

        Refused.With(() => StoredValues.Write(values, "F16", stream, "model: tensor 'w'"), "model: tensor 'w': expected values that F16 can hold, found 2 beyond its range");
        StoredValues.Write(values, "BF16", stream, "model: tensor 'w'");
    }
}
