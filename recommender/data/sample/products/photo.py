"""Cameras and what goes with them."""

from __future__ import annotations

from recommender.data.sample.kinds import Category, Kind

PHOTO = Category(
    "Photo",
    "photo",
    ("Aurelle", "Fotanis", "Velmora", "Hartwin"),
    (
        Kind(
            "mirrorless camera",
            (549, 1899),
            "{brand} {variant} mirrorless camera",
            ("X200", "Lumen 5", "Atlas Z", "Field II", "Orion S", "X400 Pro"),
            (
                "A mirrorless body with a bright viewfinder and fast autofocus.",
                "Small enough for every day, with a sensor that likes low light.",
            ),
            (
                "Two card slots, weather seals and a battery for 500 frames.",
                "Records 4K video and charges over USB-C.",
            ),
            ("camera", "digital"),
            weight=18,
            once=True,
        ),
        Kind(
            "compact camera",
            (189, 749),
            "{brand} {variant} compact camera",
            ("Mini C1", "Pocket 3", "Traveller", "Pocket 4 Zoom", "Dune 20"),
            (
                "Fits a jacket pocket and starts in a second.",
                "A travel zoom with a tilting screen for low angles.",
            ),
            (
                "Optical stabilisation keeps evening pictures sharp.",
                "Sends pictures to the phone without a cable.",
            ),
            ("camera", "digital", "travel"),
            weight=15,
            once=True,
        ),
        Kind(
            "instant camera",
            (69, 179),
            "{brand} {variant} instant camera",
            ("Snap", "Snap Mini", "Polka", "Sunday", "Joy 2"),
            (
                "Press, wait a minute, hold the picture.",
                "Prints every shot on the spot, with a mirror for selfies.",
            ),
            (
                "Automatic exposure copes with parties and picnics.",
                "Takes credit-card sized film.",
            ),
            ("camera", "analogue", "gift"),
            weight=15,
            once=True,
        ),
        Kind(
            "film camera",
            (119, 389),
            "{brand} {variant} 35 mm film camera",
            ("Retro 35", "Halfframe", "Club M", "Point 1"),
            (
                "A mechanical camera for slow pictures.",
                "Manual focus, a loud shutter and nothing to charge.",
            ),
            ("The light meter needs one button cell.", "Comes with strap and a printed manual."),
            ("camera", "analogue"),
            weight=6,
            once=True,
        ),
        Kind(
            "memory card",
            (12, 119),
            "{brand} {variant} SD memory card",
            ("32 GB", "64 GB", "128 GB", "256 GB", "128 GB Pro", "512 GB Pro"),
            (
                "A fast card for bursts and 4K video.",
                "Reliable storage that shrugs off water and X-rays.",
            ),
            ("Reads up to 170 MB/s.", "With a case and ten years of warranty."),
            ("photo-accessory", "storage"),
        ),
        Kind(
            "instant film",
            (13, 34),
            "{brand} instant film, {variant}",
            ("10 sheets", "black frame, 10 sheets", "20 sheets", "pastel, 20 sheets", "40 sheets"),
            ("Colour film for instant cameras.", "Soft colours and a classic frame."),
            ("Best kept cool and used within a year.", "Develops in about ninety seconds."),
            ("photo-accessory", "analogue"),
        ),
        Kind(
            "tripod",
            (39, 299),
            "{brand} {variant} tripod",
            ("Table", "Travel", "Trail", "Studio 170", "Carbon Travel"),
            ("Folds to forearm length and stands firm in wind.", "Steady legs with a smooth head."),
            ("Holds five kilos.", "Quick-release plate and spirit level included."),
            ("photo-accessory", "travel"),
            once=True,
        ),
        Kind(
            "camera bag",
            (29, 159),
            "{brand} {variant} camera bag",
            ("Holster", "Sling 5 L", "Cube", "Messenger 9 L", "Backpack 18 L"),
            (
                "Padded dividers move to fit your kit.",
                "Looks like any bag, protects like a camera bag.",
            ),
            ("With a rain cover in its own pocket.", "Opens at the side for quick shots."),
            ("photo-accessory", "bag"),
            once=True,
        ),
        Kind(
            "photo frame",
            (9, 49),
            "{variant} photo frame by {brand}",
            ("Brass 10×15", "Oak 13×18", "White 21×30", "Walnut 20×30", "Black 30×40"),
            ("A slim frame with clear glass.", "Real wood around your favourite picture."),
            ("Hangs upright or across.", "The mount is acid-free."),
            ("wall", "gift"),
        ),
    ),
)
