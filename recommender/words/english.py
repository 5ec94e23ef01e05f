"""English."""

from __future__ import annotations

from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.words.phrases import Phrases

ENGLISH = Phrases(
    language="en",
    locale="en",
    joint=" ",
    list_mark=", ",
    quoted="“{text}”",
    events={"purchase": "purchase", "view": "view", "cart": "put in the cart"},
    through={
        AGAIN: "repetition, being the same {@product}",
        TOGETHER: "being often {@bought} together with it",
        ANY: "being an event at all",
        "item_id": "this very {@product}",
        "*": "its “{feature}”",
    },
    counted={
        "ago": {
            "zero": "the same day",
            "one": "{n} day before",
            "other": "{n} days before",
        },
        "interval": {"one": "{n} day", "other": "{n} days"},
        "purchases": {"one": "{n} {@purchase}", "other": "{n} {@purchases}"},
        "events": {"one": "{n} event", "other": "{n} events"},
    },
    shopper={
        "influence": (
            "“{title}” ({about}) moved this suggestion most.",
            "Suggested mainly on account of “{title}” ({about}).",
            "Of your history, “{title}” ({about}) did most for this suggestion.",
        ),
        "influence.doubtful": (
            "Perhaps on account of “{title}” ({about}), but this reason is weak.",
            "“{title}” ({about}) may have moved this suggestion; the reason is weak.",
        ),
        "influence.partly": (
            "Suggested in part on account of “{title}” ({about}).",
            "In part, “{title}” ({about}) moved this suggestion.",
        ),
        "repetition": (
            "Suggested again: you have {@bought} it before ({purchases}).",
            "You have {@bought} this before ({purchases}), and that counted for it here.",
        ),
        "interval": (
            "Suggested again: your {@purchases} lie about {interval} apart, the last one {ago}.",
            "Your {@purchases} of this lie about {interval} apart, the last one {ago}; that "
            "counted.",
        ),
        "weak.no history": (
            "There is no history to go by: its own popularity and your profile decided.",
            "Suggested without a history to go by.",
        ),
        "weak.no single event": (
            "No single thing in your history decided this suggestion.",
            "This suggestion does not hang on any single thing in your history.",
        ),
    },
    analyst={
        "influence": (
            "What moved the score most is “{title}” ({about}): without it the score falls by "
            "{size}.",
            "“{title}” ({about}) mattered most: taking it away lowers the score by {size}.",
            "Most hangs on “{title}” ({about}): without it the score would be {size} lower.",
        ),
        "influence.same": (
            "What moved the score most is an earlier event of “{candidate}” itself ({about}): "
            "without it the score falls by {size}.",
            "“{candidate}” itself ({about}) mattered most: taking that event away lowers the score "
            "by {size}.",
        ),
        "influence.next": (
            "“{title}” ({about}) mattered too: without it the score falls by {size}.",
            "Also moved by “{title}” ({about}): taking it away lowers the score by {size}.",
        ),
        "share": (
            "The exact share of “{title}” is {value}; its largest part, {part}, comes through "
            "{through}.",
            "Counted exactly, “{title}” gives {value}, the largest part of it, {part}, through "
            "{through}.",
        ),
        "item": (
            "Without all {events} of “{title}” the score falls by {size}, and the rank goes from "
            "{before} to {after}.",
            "Taking away all {events} of “{title}” lowers the score by {size} (rank {before} to "
            "{after}).",
        ),
        "item.stays": (
            "Without all {events} of “{title}” the score falls by {size}.",
            "Taking away all {events} of “{title}” lowers the score by {size}.",
        ),
        "item.rises": (
            "Without all {events} of “{title}” the score falls by {size}, yet the rank rises from "
            "{before} to {after}.",
            "Taking away all {events} of “{title}” lowers the score by {size}, and yet the rank "
            "rises from {before} to {after}.",
        ),
        "affinity.value": (
            "Events whose “{feature}” is “{feature_value}” add {value} through it ({events}).",
            "Through “{feature}”, those with “{feature_value}” add {value} ({events}).",
        ),
        "affinity.feature": (
            "Through “{feature}” the history adds {value}.",
            "The history adds {value} through “{feature}”.",
        ),
        "repetition.for": (
            "“{candidate}” was {@bought} before ({purchases}): repetition adds {value}.",
            "Repetition adds {value}: “{candidate}” was {@bought} before ({purchases}).",
        ),
        "repetition.against": (
            "“{candidate}” was {@bought} before ({purchases}), and here repetition takes {size} "
            "off.",
            "Repetition takes {size} off: “{candidate}” was {@bought} before ({purchases}).",
        ),
        "interval": (
            "{@Purchases} of “{candidate}” lie about {interval} apart (median); the last was "
            "{ago}.",
            "The median distance between {@purchases} of “{candidate}” is {interval}, and the last "
            "was {ago}.",
        ),
        "profile.for": (
            "In the profile, “{feature}” being “{feature_value}” adds {value}.",
            "The profile's “{feature}”, “{feature_value}”, adds {value}.",
        ),
        "profile.against": (
            "In the profile, “{feature}” being “{feature_value}” takes {size} off.",
            "The profile's “{feature}”, “{feature_value}”, takes {size} off.",
        ),
        "popularity.for": (
            "The {@product}'s own popularity gives {value} of the score {whole}.",
            "Of the score {whole}, {value} is the {@product}'s own popularity.",
        ),
        "popularity.against": (
            "The {@product} is less popular than the average, which takes {size} off; the score is "
            "{whole}.",
            "Low popularity takes {size} off, and the score is {whole}.",
        ),
        "order.for": (
            "Order and combination of the events give {value} of the score {whole}.",
            "Of the score {whole}, {value} is order and combination of the events.",
        ),
        "order.against": (
            "Order and combination of the events take {size} off; the score is {whole}.",
            "Order and combination of the events take {size} off, and the score is {whole}.",
        ),
        "contrast.for": (
            "“{candidate}” scores {size} above “{other}”; what speaks most for it there is "
            "“{title}” ({part}).",
            "“{candidate}” is {size} ahead of “{other}”, most of all through “{title}” ({part}).",
        ),
        "contrast.against": (
            "“{candidate}” scores {size} below “{other}”; what speaks most against it there is "
            "“{title}” ({part}).",
            "“{candidate}” is {size} behind “{other}”, most of all through “{title}” ({part}).",
        ),
        "counterfactual.out": (
            "Without {titles} ({events}) “{candidate}” would fall from rank {before} to {after}, "
            "out of the top {top}.",
            "“{candidate}” would leave the top {top}, from rank {before} to {after}, without "
            "{titles} ({events}).",
        ),
        "counterfactual.out.other": (
            "Without {titles} ({events}) “{candidate}” would fall from rank {before} to {after}, "
            "out of the top {top}, and “{other}” would come in.",
            "“{candidate}” would leave the top {top} to “{other}”, from rank {before} to {after}, "
            "without {titles} ({events}).",
        ),
        "counterfactual.in": (
            "Without {titles} ({events}) “{candidate}” would rise from rank {before} to {after}, "
            "into the top {top}.",
            "“{candidate}” would enter the top {top}, from rank {before} to {after}, without "
            "{titles} ({events}).",
        ),
        "disagreement.attention": (
            "The model looked most at “{title}” ({weight}), but “{other}” mattered most.",
            "Looked at most was “{title}” ({weight}), yet “{other}” mattered most.",
        ),
        "disagreement.contribution": (
            "“{title}” counted most ({value}), but “{other}” mattered most.",
            "Counted most was “{title}” ({value}), yet “{other}” mattered most.",
        ),
        "tested": (
            "Put to the test: without the {events} of most influence the rank goes from {before} "
            "to {after} and the log-probability changes by {change}; without as many of the "
            "newest it changes by {change_newest}.",
            "The test: leaving out the {events} of most influence changes the log-probability by "
            "{change} (rank {before} to {after}), leaving out as many of the newest by "
            "{change_newest}.",
        ),
        "tested.stays": (
            "Put to the test: without the {events} of most influence the log-probability changes "
            "by {change}; without as many of the newest it changes by {change_newest}.",
            "The test: leaving out the {events} of most influence changes the log-probability by "
            "{change}, leaving out as many of the newest by {change_newest}.",
        ),
        "weak.no history": (
            "There is no history to go by: popularity and the profile decide.",
            "Without a history, popularity and the profile decide.",
        ),
        "weak.no single event": (
            "No single event decides this: taking any one away lowers the log-probability by "
            "{size} at most.",
            "Nothing here hangs on a single event: taking any one away lowers the log-probability "
            "by no more than {size}.",
        ),
        "weak.newest do as well": (
            "The reason is weak: leaving out the events of most influence changes the "
            "log-probability by {change}, the newest ones by {change_newest}.",
            "Do not lean on this reason: leaving out the events of most influence changes the "
            "log-probability by {change}, the newest ones by {change_newest}.",
        ),
        "weak.only in part": (
            "The reason holds only in part: leaving out the events of most influence changes the "
            "log-probability by {change}, the newest ones by {change_newest}.",
            "This reason does not hold fully: leaving out the events of most influence changes the "
            "log-probability by {change}, the newest ones by {change_newest}.",
        ),
    },
    merchandiser={
        "influence": (
            "For this {@customer}, what drives “{candidate}” most is “{title}” ({about}): {size} "
            "of "
            "the score hangs on it.",
            "“{title}” ({about}) drives “{candidate}” most for this {@customer}: {size} of the "
            "score "
            "hangs on it.",
        ),
        "influence.same": (
            "For this {@customer}, what drives “{candidate}” most is an earlier event of its own "
            "({about}): {size} of the score hangs on it.",
            "“{candidate}” is driven most by itself for this {@customer} ({about}): {size} of the "
            "score hangs on that event.",
        ),
        "influence.next": (
            "“{title}” ({about}) drives it too: {size} of the score hangs on it.",
            "“{title}” ({about}) adds to the drive: {size} of the score hangs on it.",
        ),
        "item": (
            "All {events} of “{title}” together are worth {size} to it: without them its rank goes "
            "from {before} to {after}.",
            "Without all {events} of “{title}” it loses {size}, and its rank goes from {before} to "
            "{after}.",
        ),
        "item.stays": (
            "It loses {size} without all {events} of “{title}”.",
            "Without all {events} of “{title}” it loses {size}.",
        ),
        "item.rises": (
            "It loses {size} without all {events} of “{title}”, yet its rank rises from {before} "
            "to {after}.",
            "Without all {events} of “{title}” it loses {size}, yet its rank rises from {before} "
            "to {after}.",
        ),
        "affinity.value": (
            "The {@customer}'s events with the “{feature}” “{feature_value}” are worth {value} to "
            "it "
            "({events}).",
            "Past events with the “{feature}” “{feature_value}” lift it by {value} ({events}).",
        ),
        "repetition.for": (
            "“{candidate}” is a repeat {@purchase} ({purchases} before), which is worth {value}.",
            "Repeat {@purchase} ({purchases} of “{candidate}” before) is worth {value}.",
        ),
        "popularity.for": (
            "General popularity is worth {value} of its score {whole}.",
            "Of its score {whole}, general popularity makes up {value}.",
        ),
        "popularity.against": (
            "It is less popular than the average, which costs {size}; its score is {whole}.",
            "Low general popularity costs {size} of its score, which is {whole}.",
        ),
    },
)
