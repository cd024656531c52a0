using System.Collections.Immutable;

namespace Eckart.Training.Microworld;

/// <summary>The words of the microworld, each in one place.</summary>
public static class Lexicon
{
    /// <summary>Words of a class that occur in all kinds of texts: the first ones.</summary>
    public const int Shared = 24;

    /// <summary>Words of a class that occur in training in texts of one word only: the others. What they mean is known; every rule with two of them is new.</summary>
    public const int Kept = 12;

    /// <summary>The attributes in the order in which their words stand in a line.</summary>
    public static ImmutableArray<AttributeWords> Attributes { get; } =
    [
        new("amount", "adjective",
        [
            Class("much", "more", "long large big huge great vast giant broad wide deep tall heavy thick full massive endless immense enormous major grand double extra lengthy ample",
                "colossal abundant mighty generous boundless sizable plentiful extended prolonged towering hefty bulky"),
            Class("little", "less", "short small little tiny brief slight minor narrow thin shallow light scant mini petite low slim modest partial meagre sparse half quick limited compact",
                "minute fleeting faint puny skimpy paltry reduced trifling feeble measly cramped minimal"),
        ]),
        new("feeling", "noun",
        [
            Class("pleasant", "joy", "holiday party gift feast wedding song dance picnic laugh smile hug kiss prize bonus victory reward concert cake rest treat friendship sunshine dream joke",
                "honeymoon celebration festival present birthday blessing compliment miracle delight pleasure comfort applause"),
            Class("unpleasant", "grief", "wait storm tax war fight illness pain crash fire flood debt delay headache nightmare fever robbery famine drought injury insult quarrel failure traffic funeral",
                "plague earthquake poison toothache disaster punishment scandal betrayal hunger misery torment wound"),
        ]),
        new("action", "verb",
        [
            Class("moving", "motion", "walk run jump swim climb crawl march skip hop ride fly sail dive skate ski jog gallop dash sprint hike wander stroll roam glide",
                "leap trot row cycle paddle tumble stride canter hurry scramble race drift"),
            Class("speaking", "speech", "say tell speak talk shout whisper ask answer reply mention explain argue announce declare mutter yell chat discuss recite pray lecture complain promise apologise",
                "gossip murmur proclaim narrate mumble chant boast plead scold preach stammer confess"),
        ]),
        new("setting", "place",
        [
            Class("indoors", "inside", "kitchen bedroom office library attic cellar bathroom hallway classroom gym museum theatre cinema bank shop hotel hospital chapel studio pantry lobby parlour nursery laundry",
                "ballroom bakery closet dormitory cafeteria gallery elevator courtroom basement restaurant workshop clinic"),
            Class("outdoors", "outside", "forest beach garden field meadow river lake mountain valley desert park jungle island hill swamp prairie canyon orchard coast pasture woods shore cliff pond",
                "vineyard marsh glacier creek harbour moor savanna reef lagoon dune plateau farmyard"),
        ]),
    ];

    /// <summary>Label words without a meaning of their own: what they mean is told by a text's lines.</summary>
    public static ImmutableArray<string> ArbitraryLabels { get; } =
        [.. "red blue green yellow purple orange white black pink brown grey silver alpha beta gamma delta kappa lambda sigma omega north south east west".Split(' ')];

    /// <summary>Label words that usually mean a combination: much of what is pleasant, or little of what is not; and the reverse.</summary>
    public static ImmutableArray<string> PhraseLabels { get; } = ["good", "bad"];

    /// <summary>Label words that usually mean that two words are of one class, or of both.</summary>
    public static ImmutableArray<string> AlikeLabels { get; } = ["same", "different"];

    private static WordClass Class(string name, string label, string shared, string kept) => new(name, label, [.. shared.Split(' '), .. kept.Split(' ')]);
}
