"""The makers, all of them invented."""

from __future__ import annotations

from recommender.data.sample.kinds import Brand

BRANDS = (
    Brand(
        "Aurelle",
        2,
        (
            "Aurelle minds the details so you do not have to.",
            "The finer choice, with Aurelle's long guarantee.",
        ),
    ),
    Brand("Fotanis", 1, ("Fotanis makes it for people who learn as they go.", "A Fotanis staple.")),
    Brand(
        "Velmora",
        0,
        ("Velmora leaves out what few people use.", "Plain, sturdy and fairly priced by Velmora."),
    ),
    Brand("Hartwin", 1, ("Comes in Hartwin's plastic-free box.", "Tried and tested by Hartwin.")),
    Brand(
        "Quillon",
        2,
        ("Quillon gives three years of warranty.", "Quillon designs it to be kept for long."),
    ),
    Brand(
        "Nordbyte",
        1,
        ("Nordbyte answers support mail within a day.", "Sensible engineering by Nordbyte."),
    ),
    Brand(
        "Papyra",
        0,
        ("Papyra uses recycled material wherever it can.", "A modest price is Papyra's promise."),
    ),
    Brand(
        "Oristo",
        2,
        ("Oristo finishes every piece by hand.", "Quietly luxurious, as Oristo likes it."),
    ),
    Brand(
        "Lumivo",
        1,
        ("Lumivo stands by it for five years.", "Lumivo keeps the manual to a single page."),
    ),
    Brand(
        "Sonavel", 0, ("Honest and solid, as Sonavel has it.", "Sonavel's answer to high prices.")
    ),
    Brand(
        "Cafira",
        1,
        ("A regular in the Cafira tasting room.", "Cafira checks each batch before it leaves."),
    ),
    Brand(
        "Monte Soleno",
        2,
        ("Monte Soleno has done nothing else since its first day.", "A Monte Soleno classic."),
    ),
    Brand(
        "Brumalt", 0, ("Brumalt keeps it simple and affordable.", "Everyday quality by Brumalt.")
    ),
    Brand(
        "Hearthline",
        1,
        (
            "Part of the Hearthline collection.",
            "Hearthline thinks of the people who clean up, too.",
        ),
    ),
    Brand(
        "Ironmarsh",
        2,
        ("Ironmarsh makes things that are handed down.", "Heavy-duty in the Ironmarsh way."),
    ),
    Brand(
        "Tavolette",
        0,
        ("Tavolette makes it for everyday kitchens.", "Small price, good manners: Tavolette."),
    ),
    Brand("Fellgate", 2, ("Fellgate repairs what it sells.", "Proven on Fellgate's own tours.")),
    Brand(
        "Northpine",
        1,
        ("Tried out by Northpine in three weeks of rain.", "Northpine plants a tree for each."),
    ),
    Brand(
        "Tarnlight",
        0,
        ("Tarnlight keeps the weight and the price down.", "A clever first buy from Tarnlight."),
    ),
    Brand(
        "Strydal",
        2,
        ("Developed by Strydal with club athletes.", "Strydal's best, refined once more."),
    ),
    Brand("Pacera", 0, ("Pacera makes sport affordable.", "No frills, just Pacera.")),
    Brand(
        "Greenwick",
        1,
        ("The gardeners at Greenwick use it themselves.", "Greenwick answers planting questions."),
    ),
    Brand(
        "Mossandra",
        0,
        ("A sound choice from Mossandra for a first garden.", "Mossandra's balcony favourite."),
    ),
    Brand("Pawsley", 1, ("Approved by the test pack at Pawsley.", "Pawsley's most loved.")),
    Brand(
        "Fennimore",
        2,
        ("Fennimore works with vets on everything it makes.", "The gentle choice from Fennimore."),
    ),
    Brand(
        "Whiskari",
        0,
        ("Whiskari keeps animals and budgets happy.", "Good value with a Whiskari wink."),
    ),
    Brand(
        "Derma Sola",
        2,
        ("Derma Sola never tests on animals.", "Free of perfume, like all Derma Sola care."),
    ),
    Brand(
        "Lindenhall",
        1,
        ("Lindenhall has kept its standard for decades.", "A Lindenhall favourite."),
    ),
    Brand("Bristlo", 0, ("Bristlo keeps refills easy to find.", "Daily care, priced by Bristlo.")),
    Brand(
        "Casavento",
        2,
        ("Designed by Casavento to stay when trends go.", "Calm lines, the mark of Casavento."),
    ),
    Brand(
        "Airela", 1, ("Quietly made by Airela.", "Airela offers every spare part for ten years.")
    ),
    Brand(
        "Meeplewood",
        1,
        ("Meeplewood replaces lost pieces free of charge.", "From the friendly Meeplewood shelf."),
    ),
    Brand(
        "Tinkerby",
        0,
        ("Tinkerby builds for younger siblings, too.", "Cheerful and tough, as Tinkerby does it."),
    ),
    Brand(
        "Foxglove Games",
        2,
        ("Illustrated in the Foxglove Games studio.", "A collector's piece by Foxglove Games."),
    ),
    Brand(
        "Velotari",
        2,
        ("Velotari has every part on the shelf.", "Built by Velotari, tuned by hand."),
    ),
    Brand(
        "Inkaro",
        1,
        ("Inkaro checks every batch by eye.", "Inkaro delivers to writers and painters alike."),
    ),
    Brand(
        "Chromelle",
        2,
        ("Chromelle supplies art schools with the same quality.", "Studio grade by Chromelle."),
    ),
)
