"""Products on a plane: near where the model takes them for alike."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from dashboard.catalogue import words_of
from dashboard.figures.finish import KEY_LABEL, finish, named
from dashboard.figures.lenses import wide
from dashboard.figures.palette import SHAPES, Palette
from dashboard.figures.timeline import looks
from dashboard.words import _, shorten
from recommender.data.dataset import Dataset
from recommender.data.features import Feature

_HEIGHT = 520
_FEWEST_NAMED = 4
_MOST_TITLED = 6


def map_table(points: pd.DataFrame, dataset: Dataset, category: Feature | None) -> pd.DataFrame:
    """The points with what their products are called."""
    items = points["item"].to_numpy()
    labels = [category.label(int(item)) if category else "" for item in items]
    return points.assign(
        item_id=dataset.items["item_id"].to_numpy()[items],
        title=dataset.items["title"].to_numpy()[items],
        category=labels,
    ).drop(columns="item")


def clusters(table: pd.DataFrame) -> pd.DataFrame:
    """Each cluster: where its name stands, its size, its commonest category and how common."""
    rows = []
    for cluster, members in table.groupby("cluster"):
        counts = members.loc[members["category"] != "", "category"].value_counts()
        name = str(counts.index[0]) if len(counts) else str(members["title"].iloc[0])
        rows.append(
            {
                "cluster": cluster,
                "x": members["x"].median(),
                "y": members["y"].max(),
                "items": len(members),
                "name": shorten(name, 28),
                "share": float(counts.iloc[0]) / len(members) if len(counts) else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def found(table: pd.DataFrame, query: str) -> pd.DataFrame:
    """Products whose title, category or id holds every word of the query; none without words."""
    words = words_of(query)
    text = table["title"] + " " + table["category"] + " " + table["item_id"].astype("str")
    hit = np.full(len(table), bool(words))
    for word in words:
        hit &= text.str.casefold().str.contains(word, regex=False).to_numpy(dtype=bool)
    return table[hit]


def item_map_chart(
    table: pd.DataFrame, query: str, palette: Palette, category: str = ""
) -> alt.LayerChart:
    """Dots by category, the names of clusters above them, what was searched for ringed.

    Where there are more categories than colours, the shape tells those of one colour apart.
    `category` is what the categories are called.
    """
    groups, every = looks(table["category"], palette, shapes=SHAPES)
    shown = table.assign(group=groups)
    colours, shapes = ([look[i] for look in every.values()] for i in range(2))
    hits = found(shown, query)
    faint = 0.22 if len(hits) else 0.75
    axis = alt.Axis(title=None, labels=False, ticks=False, grid=False, domain=False)
    base = named("points").encode(
        x=alt.X("x:Q", axis=axis, scale=alt.Scale(zero=False)),
        y=alt.Y("y:Q", axis=axis, scale=alt.Scale(zero=False)),
        tooltip=[
            alt.Tooltip("title:N", title=_("{@Product}")),
            alt.Tooltip("category:N", title=category or _("Category")),
            alt.Tooltip("events:Q", title=_("Events"), format=","),
        ],
    )
    legend = alt.Legend(
        title=None, orient="bottom", columns=wide(7, 2), labelLimit=160, labelExpr=KEY_LABEL
    )
    colour = alt.Color("group:N", scale=alt.Scale(domain=list(every), range=colours), legend=legend)
    shape = alt.Shape("group:N", scale=alt.Scale(domain=list(every), range=shapes), legend=legend)
    size = alt.Size("events:Q", scale=alt.Scale(type="sqrt", range=[14, 190]), legend=None)
    dots = base.mark_point(opacity=faint, filled=True).encode(color=colour, shape=shape, size=size)
    rings = base.mark_point(
        filled=True, size=110, opacity=1, stroke=palette.text, strokeWidth=1.5
    ).encode(color=colour, shape=shape)
    rings.data = alt.NamedData("hits")
    titles = base.mark_text(dy=-12, fontSize=11, color=palette.text).encode(
        text=alt.Text("short:N")
    )
    titles.data = alt.NamedData("titled")
    named_clusters = clusters(table)
    labels = base.mark_text(fontSize=12, fontWeight=600, color=palette.text, dy=-14).encode(
        text=alt.Text("name:N")
    )
    labels.data = alt.NamedData("clusters")
    middles = named_clusters[named_clusters["items"] >= _FEWEST_NAMED].assign(
        title="", category="", events=0
    )
    titled = hits if len(hits) <= _MOST_TITLED else hits.head(0)
    titled = titled.assign(short=[shorten(title, 26) for title in titled["title"]])
    layers = (dots, rings, titles) if len(hits) else (dots, labels)
    tables = {"hits": hits, "titled": titled} if len(hits) else {"clusters": middles}
    return finish(*layers, height=_HEIGHT, palette=palette, points=shown, **tables)
