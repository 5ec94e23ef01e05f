"""Writes the measured trust of every method into docs/explanations.md, from the runs' own reports.

    python docs/trust_table.py "Sample shop=sample_data/run" "Complete Journey=runs/journey"

Each run must have been measured before: `python -m recommender trust RUN`. Figures are copied, and
never typed; what stands there of runs that are not named stays.
"""

from __future__ import annotations

import sys
from pathlib import Path

from recommender.evaluate import Trust, load_trust
from recommender.evaluate.deletion import LOWER_IS_BETTER, MEASURES
from recommender.model.run import open_run

PAGE = Path(__file__).parent / "explanations.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
VIEWS = {"all": "all items", "new": "items new to the user"}
SPANS = {"tenths": "nine tenths", "first": "first five events"}


def main(named: list[str]) -> None:
    """Replace the sections of these runs between the two marks of the page; others stay."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    sections = {part.partition("\n")[0]: part for part in old.split("### ")[1:]}
    for one in named:
        name, folder = one.split("=", 1)
        sections[name] = "\n".join([name, "", *_run_part(folder), ""])
    parts = "".join(f"### {section}" for section in sections.values())
    PAGE.write_text(f"{before}{BEGIN}\n{parts}{END}{after}", "utf-8")


def _run_part(folder: str) -> list[str]:
    run = open_run(Path(folder))
    report = load_trust(run.path, run.fingerprint)
    if report is None:
        raise SystemExit(f"{folder} was not measured: python -m recommender trust {folder}")
    lines = list[str]()
    if report.completeness_error is not None:
        error = f"{report.completeness_error:.1e}"
        lines += [f"Contributions miss the logit they sum to by {error} at most.", ""]
    for view in report.deletion["view"].unique():
        for span in report.deletion["span"].unique():
            lines += _deletion_part(report, view, span)
        lines += _curves_part(report, view)
    return lines + _checks_part(report)


def _deletion_part(report: Trust, view: str, span: str) -> list[str]:
    table = report.deletion.query("view == @view and span == @span")
    users = f"{table['users'].iloc[0]:,} users"
    head = [f"{name} {'↓' if name in LOWER_IS_BETTER else '↑'}" for name in MEASURES]
    rows = [
        [row["method"], *(f"{row[name]:.3f} ± {row[f'{name}_se']:.3f}" for name in MEASURES)]
        for _, row in table.iterrows()
    ]
    title = f"First recommendation among {VIEWS[view]}, {SPANS[span]}, {users} (± standard error):"
    return [title, "", *_markdown(["method", *head], rows), ""]


def _curves_part(report: Trust, view: str) -> list[str]:
    if report.curves.empty:
        return []
    curves = report.curves.query("view == @view").pivot(
        index="method", columns="step", values="shown"
    )
    rows = [
        [method, *(f"{100 * share:.0f}" for share in curves.loc[method])]
        for method in dict.fromkeys(report.deletion["method"])
    ]
    title = (
        f"Still among the first five, % of users, among {VIEWS[view]}, by tenths of the events "
        "deleted, most important first:"
    )
    return [title, "", *_markdown(["method", *map(str, curves.columns)], rows), ""]


def _checks_part(report: Trust) -> list[str]:
    columns = {"with recency": report.agreement["recency"]}
    columns |= {
        f"with {name}": report.agreement[name]
        for name in ("attention", "contribution", "influence")
        if name in report.agreement
    }
    columns |= {"shuffled model": report.checks["randomisation"]}
    columns |= {"an event dropped": report.checks["stability"]}
    rows = [
        [method, *("–" if value != value else f"{value:.2f}" for value in values)]
        for method, *values in zip(report.checks.index, *columns.values(), strict=True)
    ]
    title = f"Rank correlations; the two checks on {report.checked:,} users:"
    lines = [title, "", *_markdown(["method", *columns], rows), ""]
    if report.planted is not None:
        lines += _planted_part(report)
    return lines


def _planted_part(report: Trust) -> list[str]:
    assert report.planted is not None
    cases = int(report.planted["cases"].iloc[0])
    names = ("top1", "top3", "strict1", "strict3")
    rows = [
        [method, *(f"{100 * row[name]:.1f}" for name in names)]
        for method, row in report.planted.iterrows()
    ]
    head = [
        "method",
        "first",
        "first three",
        "first, the very event",
        "first three, the very event",
    ]
    title = (
        f"Planted cause named, % of {cases:,} caused purchases that the model ranks in its top 10:"
    )
    return [title, "", *_markdown(head, rows), ""]


def _markdown(head: list[str], rows: list[list[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
