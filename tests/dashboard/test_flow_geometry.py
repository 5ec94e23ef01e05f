"""Laws of the flow's geometry: what goes in comes out, everything together is the score, and
nothing lies on anything else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.figures.flow_geometry import Geometry, Parts, Room, flow_geometry, gathered

SHARES = st.floats(-9, 9).map(lambda x: round(x, 3))


@st.composite
def parts(draw: st.DrawFn, most: int = 6) -> Parts:
    s, w, t = (draw(st.integers(0 if n == 0 else 1, most)) for n in range(3))
    return Parts.of(
        draw(arrays(float, (s, w, t), elements=SHARES)),
        draw(arrays(float, (w, t), elements=SHARES)),
    )


def by_hand() -> Parts:
    """Two products, three ways, one candidate: 2 - 1 + 1 + 0.5 + 0.5 = 3; 1 of it a way's own."""
    through = np.array([[[2.0], [0.0], [0.0]], [[-1.0], [1.0], [0.5]]])
    return Parts.of(through, np.array([[0.0], [0.0], [0.5]]))


def test_places_and_widths_are_these():
    # Everything that flows is 2 + 1 + 1 + 0.5 + 0.5 = 5: at 100 pixels, 20 for each 1.
    found = flow_geometry(by_hand(), Room(band=100, label=10, gap=4))
    assert found.unit == 20
    spans = {(node.column, node.place): node.span for node in found.nodes}
    # Ways are 60, 20 and 20 high, and 4 more each: 112, the highest column.
    assert found.height == 112
    assert spans[1, 0] == (2, 62)
    assert spans[1, 1] == (66, 86)
    assert spans[1, 2] == (90, 110)
    # Products are 40 and 50 high: 98 with their gaps, so 7 are left above them.
    assert spans[0, 0] == (9, 49)
    assert spans[0, 1] == (53, 103)
    assert spans[2, 0] == (6, 106)
    ribbons = {(r.column, r.source, r.target, r.value > 0): r for r in found.ribbons}
    assert len(ribbons) == len(found.ribbons) == 4 + 4
    against = ribbons[0, 1, 0, False]
    # What speaks against lies below what speaks for, where it leaves and where it enters.
    assert (against.start, against.end) == ((83, 103), (42, 62))
    assert ribbons[0, 1, 1, True].start == (53, 73)
    assert ribbons[1, 0, 0, False].end == (86, 106)
    assert [node.value for node in found.nodes] == [2, 0.5, 1, 1, 1, 3]


def test_what_is_too_low_for_its_name_takes_the_room_of_a_name():
    thin = Parts.of(np.array([[[10.0]], [[0.1]], [[0.1]]]), np.zeros((1, 1)))
    found = flow_geometry(thin, Room(band=102, label=20, gap=4))
    tops = [node.span for node in found.nodes if node.column == 0]
    assert found.unit == pytest.approx(10)
    assert tops[1] == pytest.approx((2 + 100 + 2 + 2 + 9.5, 2 + 100 + 2 + 2 + 10.5))
    assert sum(tops[2]) / 2 - sum(tops[1]) / 2 == pytest.approx(24)


@given(parts())
def test_a_ribbon_is_as_wide_at_both_ends_as_its_value_and_its_sign_stays(given_parts: Parts):
    found = flow_geometry(given_parts)
    for ribbon in found.ribbons:
        for span in (ribbon.start, ribbon.end):
            assert span[1] - span[0] == pytest.approx(abs(ribbon.value) * found.unit, abs=1e-6)
        assert ribbon.value != 0


@given(parts())
def test_what_enters_a_way_leaves_it_by_sign(given_parts: Parts):
    found = flow_geometry(given_parts)
    for way in range(given_parts.own.shape[1]):
        for row, sign in enumerate((1, -1)):
            own = given_parts.own[row, way]
            entering = sum(widths(found, 0, sign, target=way)) + own
            assert entering == pytest.approx(sum(widths(found, 1, sign, source=way)), abs=1e-6)


def widths(
    found: Geometry, column: int, sign: int, source: int | None = None, target: int | None = None
) -> list[float]:
    return [
        abs(one.value)
        for one in found.ribbons
        if one.column == column
        and one.value * sign > 0
        and source in (None, one.source)
        and target in (None, one.target)
    ]


def test_what_is_a_ways_own_is_what_leaves_it_and_comes_from_nowhere():
    assert by_hand().own.tolist() == [[0, 0, 0.5], [0, 0, 0]]
    mixed = Parts.of(np.array([[[1.0, -2.0]]]), np.array([[-0.25, 4.0]]))
    assert mixed.own.tolist() == [[4.0], [0.25]]
    assert mixed.total == 2.75


@given(parts())
def test_all_widths_with_their_signs_are_the_score(given_parts: Parts):
    found = flow_geometry(given_parts)
    last = sum(one.value for one in found.ribbons if one.column == 1)
    assert last == pytest.approx(given_parts.total, abs=1e-6)
    for column in (1, 2):
        values = [node.value for node in found.nodes if node.column == column]
        assert sum(values) == pytest.approx(given_parts.total, abs=1e-6)
    first = sum(one.value for one in found.ribbons if one.column == 0)
    own = given_parts.own[0].sum() - given_parts.own[1].sum()
    assert first + own == pytest.approx(given_parts.total, abs=1e-6)


@given(parts())
def test_nodes_of_a_column_and_ribbons_at_a_node_do_not_overlap(given_parts: Parts):
    found, room = flow_geometry(given_parts), Room()
    for column in range(3):
        spans = [node.span for node in found.nodes if node.column == column]
        assert all(low[1] + room.gap <= high[0] + 1e-6 for low, high in pairwise(spans))
        middles = [sum(span) / 2 for span in spans]
        assert all(high - low >= room.label for low, high in pairwise(middles))
        assert all(0 <= low <= high <= found.height + 1e-6 for low, high in spans)
    for node in found.nodes:
        leaving = sorted(
            one.start for one in found.ribbons if (one.column, one.source) == at(node, 0)
        )
        entering = sorted(
            one.end for one in found.ribbons if (one.column, one.target) == at(node, 1)
        )
        for side in (leaving, entering):
            assert all(one[1] <= other[0] + 1e-6 for one, other in pairwise(side))
            assert all(node.span[0] - 1e-6 <= low for low, _ in side)
            assert all(high <= node.span[1] + 1e-6 for _, high in side)
        if leaving:
            assert leaving[0][0] == pytest.approx(node.span[0], abs=1e-6)
            assert leaving[-1][1] == pytest.approx(node.span[1], abs=1e-6)


def at(node: object, back: int) -> tuple[int, int]:
    return node.column - back, node.place  # type: ignore[attr-defined]


@given(parts(), st.tuples(*[st.integers(1, 5)] * 3))
def test_merging_the_smallest_leaves_the_sum_and_at_most_so_many(
    given_parts: Parts, most: tuple[int, int, int]
):
    merged, groups = gathered(given_parts, most)
    assert merged.total == pytest.approx(given_parts.total, abs=1e-6)
    lengths = map(len, given_parts.sizes)
    for group, many, length in zip(groups, most, lengths, strict=True):
        assert len(group) <= many
        found = [one for those in group for one in those]
        assert len(found) == len(set(found))
        assert set(found) <= set(range(length))
        assert [len(those) for those in group[:-1]] == [1] * len(group[:-1])
    assert tuple(map(len, merged.sizes)) == tuple(map(len, groups))


def test_the_largest_come_first_equals_in_their_order_and_ways_stay_in_theirs():
    sizes = np.array([1.0, -3, 0, 2, 2, 0.001, -0.001, 0.002])
    through = np.stack([sizes / 4, sizes * 3 / 4], axis=1)[..., None]
    merged, (sources, ways, targets) = gathered(Parts.of(through, np.zeros((2, 1))), (5, 5, 5))
    assert sources == ((1,), (3,), (4,), (0,), (5, 6, 7))
    # What is for and what is against stay apart, in the rest too.
    assert merged.first[0, :, 1].tolist() == pytest.approx([0, 1.5, 1.5, 0.75, 0.00225])
    assert merged.first[1, :, 1].tolist() == pytest.approx([2.25, 0, 0, 0, 0.00075])
    assert merged.values[0].tolist() == pytest.approx([-3, 2, 2, 1, 0.002])
    assert ways == ((0,), (1,))
    assert targets == ((0,),)


def test_one_that_is_left_over_stands_by_itself():
    shares = np.array([5.0, 0.001])[:, None, None]
    assert gathered(Parts.of(shares, np.zeros((1, 1))), (2, 1, 1))[1][0] == ((0,), (1,))


def test_where_nothing_flows_there_is_nothing_to_draw():
    nothing = flow_geometry(Parts.of(np.zeros((2, 2, 1)), np.zeros((2, 1))))
    assert (nothing.nodes, nothing.ribbons, nothing.height) == ((), (), 0)
    assert flow_geometry(Parts.of(np.zeros((0, 1, 1)), np.ones((1, 1)))).ribbons[0].value == 1
