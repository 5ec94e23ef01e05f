"""The page that goes with the files: what they hold, the rules, and the figures as counted."""

from __future__ import annotations

from itertools import groupby

from recommender.sample.config import SampleConfig
from recommender.sample.facts import SampleFacts
from recommender.sample.rules import COMPLEMENTS, LOYALTY_DAYS, RULES, Rule

TEMPLATE = """# Sample data

An invented online shop over eighteen months. Every product, brand, person and event is made by
`recommender/sample`, so the true reason of each purchase is known, and it can be counted how
often an explanation finds it. `python -m recommender sample` writes these files, the same to the
byte for the same seed on every machine. This page is written with them.

## Files

| file | one row | columns |
|---|---|---|
| `interactions.csv` | an event, by time | `user_id`, `item_id`, `time`, `event` (view, cart, \
purchase), `session_id` (one visit to the shop), `quantity` and `price` of one in euros (blank \
for views) |
| `items.csv` | a product | `item_id`, `title`, `category`, `brand`, `price`, `tags` (several, \
split at `|`; the first is the kind of product), `description`, `image_url` (relative to this \
folder) |
| `users.csv` | a shopper | `user_id`, `age_band`, `gender`, `region`; some left blank |
| `causes.csv` | a product looked at in a session | `user_id`, `item_id`, `time`, `event`, \
`session_id` of the event the look ended in (the purchase if there is one), `rule`, \
`cause_item_id`, `cause_time`, `cause_event`, `events_back` |
| `images/*.svg` | | a picture of each category |

`causes.csv` joins with `interactions.csv` by `session_id` and `item_id`: view, cart and purchase of
a product in one session have one reason. `events_back` is how many events of the user lie between
the cause and the session it leads to. The four `cause` columns are blank where no single event is
the reason. No model reads `causes.csv`.

## Rules

What a session holds is either due, because an earlier purchase planned it, or come upon.

| rule | reason | cause |
|---|---|---|
| `complement` | something that goes with an earlier purchase | that purchase |
| `replenishment` | something used up is bought again, the very same in {same_again} % | the last \
purchase |
| `replacement` | something worn out makes way for another of its kind | the purchase of the old \
one |
| `brand_loyalty` | another product of a brand bought before, {loyalty_low} to {loyalty_high} \
days later | that purchase |
| `season` | the month asks for it: {season} % of what is come upon | none |
| `popularity` | everybody looks at it: {popularity} % | none |
| `taste` | it is from one of two or three favourite categories: {taste} % | none |

A follow-up is planned with the chance below when its cause is bought, waits for the days below, and
then comes with the first session after that, but in {not_next} % not with the very next one. It is
dropped if the user does not come again. It ends in a purchase in {follow_through} %;
what is come upon is bought in {impulse_low} to {impulse_high} %.
Which product of the kind it is depends on its popularity, on the shopper's price range, and on the
brand of the cause. Only purchases are causes. Favourites lean weakly on age, gender and region.

{rules}

Decoys look alike and call for nothing: film cameras, tarps, French presses, trainers, over-ear
headphones, marble runs, rollerball pens, acrylic sets, party games and others are no cause of a
complement, and neither is a camera that was only viewed or put into the cart. {n_cold} products
are so new that nobody has met them.

The parameters were set by such counts as those below, before the first model was trained, and have
not been turned since to reach a figure. Another seed draws other prices, popularity, people and
events under the same rules; the tests look at two.

## Figures of seed {seed}

Counted by `sample_facts` when the files were written.

{figures}

Licence: MIT, as the rest of the project. Nothing here is taken from a real shop, and any likeness
to a real brand or person is chance.
"""


def readme(seed: int, facts: SampleFacts, config: SampleConfig) -> str:
    """The page for a seed."""
    season, popularity = config.season_percent, config.popularity_percent
    return TEMPLATE.format(
        seed=seed,
        same_again=config.same_again_percent,
        loyalty_low=LOYALTY_DAYS[0],
        loyalty_high=LOYALTY_DAYS[1],
        season=season,
        popularity=popularity,
        taste=100 - season - popularity,
        not_next=config.not_next_percent,
        follow_through=config.follow_through_percent,
        impulse_low=min(config.impulse_percents),
        impulse_high=max(config.impulse_percents),
        n_cold=config.n_cold,
        rules=_rule_table(),
        figures=_figures(facts),
    )


def _rule_table() -> str:
    """Rules of one chance and one wait in a row."""

    def terms(rule: Rule) -> tuple[str, int, tuple[int, int]]:
        return rule.name, rule.chance, rule.days

    rows = ["| rule | chance | days | from what to what |", "|---|---|---|---|"]
    for (name, chance, days), group in groupby(RULES, terms):
        pairs = "; ".join(
            rule.cause if rule.cause == rule.effect else f"{rule.cause} → {rule.effect}"
            for rule in group
        )
        rows.append(f"| `{name}` | {chance} % | {days[0]} to {days[1]} | {pairs} |")
    return "\n".join(rows)


def _figures(facts: SampleFacts) -> str:
    rows = {
        "events": f"{facts['events']:,}",
        "users": f"{facts['users']:,}",
        "products": f"{facts['items']:,}",
        "never bought": f"{facts['never_bought']:,}",
        "sessions": f"{facts['sessions']:,}",
        "purchases": f"{facts['purchases']:,}",
        "events of a user: fewest, median, most": (
            f"{facts['fewest_events']}, {facts['median_events']:g}, {facts['most_events']}"
        ),
        "pairs of kinds planted as complements": str(len(COMPLEMENTS)),
        "events without a single cause": f"{facts['share_uncaused']:.1%}",
        "median of `events_back`": f"{facts['median_events_back']:g}",
        "purchases with a cause": f"{facts['share_purchases_caused']:.1%}",
        "purchases in last sessions (of users with two or more)": f"{facts['test_purchases']:,}",
        "of these with a cause": (
            f"{facts['test_purchases_caused']:,} ({facts['share_test_caused']:.1%})"
        ),
    }
    rows |= {f"events by `{rule}`": f"{n:,}" for rule, n in facts["rules"].items()}
    lines = [f"| {what} | {figure} |" for what, figure in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])
