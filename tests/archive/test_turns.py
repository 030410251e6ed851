"""Whose turn it is to have a page read, by what the pages of each host have cost; no clock, no processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from archive.turns import Turns

USUAL = 0.03
"""Seconds that a page costs, as long as nothing is known."""


def read(turns: Turns, costs: Mapping[str, float], count: int) -> list[str]:
    """The hosts of the next pages, one worker reading one after the other, and each host having more of them."""
    order = []
    for name in costs:
        turns.comes(name)
    for _ in range(count):
        host = turns.next()
        assert host is not None
        order.append(host)
        turns.starts(host)
        turns.ends(host, costs[host])
    return order


def test_hosts_whose_pages_cost_the_same_take_turns() -> None:
    assert "".join(read(Turns(), {"a": USUAL, "b": USUAL, "c": USUAL}, 9)) == "abcabcabc"


def test_pages_that_cost_a_hundred_times_as_much_keep_no_others_waiting() -> None:
    order = read(Turns(), {"dear": 3.0, "cheap": 0.03}, 400)
    assert order[:4] == ["dear", "cheap", "cheap", "cheap"]
    counts = Counter(order)
    assert abs(counts["cheap"] * 0.03 - counts["dear"] * 3.0) <= 3.03, "each has the same time"
    assert counts["dear"] > 1, "none starves"


def test_a_host_that_has_had_the_reader_to_itself_owes_nothing_to_one_that_comes() -> None:
    turns = Turns()
    read(turns, {"first": 0.03}, 1000)
    assert Counter(read(turns, {"late": 0.03, "first": 0.03}, 100)) == {"late": 50, "first": 50}


def test_a_host_with_one_dear_page_at_a_time_gains_nothing_by_leaving() -> None:
    turns = Turns()
    order = ""
    for _ in range(5):
        order += "".join(read(turns, {"d": 1.0, "c": 0.05}, 11)).replace("c", ".")
        turns.leaves("d")
    assert order.count("d") <= 4
    assert set(order) == {"d", "."}


def test_what_is_under_way_counts_before_it_is_known_what_it_takes() -> None:
    turns = Turns()
    read(turns, {"dear": 1.0, "cheap": 0.01}, 300)
    handed: list[str] = []
    while len(handed) < 8 and (host := turns.next()):
        turns.starts(host)
        handed.append(host)
    assert handed.count("dear") <= 1
    assert turns.under_way < 1.1


def test_none_waits_that_left_and_what_it_took_is_counted_all_the_same() -> None:
    turns = Turns()
    turns.comes("a")
    turns.starts("a")
    turns.leaves("a")
    assert turns.next() is None
    assert turns.reads("a")
    turns.ends("a", 5.0)
    assert not turns.reads("a")
    assert "".join(read(turns, {"a": 1.0, "b": 1.0}, 3)) == "bbb"


def test_what_is_remembered_of_hosts_that_left_is_bounded() -> None:
    turns = Turns(remembered=10)
    turns.comes("stays")
    for number in range(1000):
        name = f"dear-{number}"
        turns.comes(name)
        turns.starts(name)
        turns.leaves(name)
        turns.ends(name, 1.0 + number)
    assert sum(len(value) for value in vars(turns).values() if isinstance(value, dict)) <= 11
    assert read(turns, {"dear-999": 1.0, "stays": 0.1, "comes": 0.1}, 3) == ["stays", "comes", "stays"]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 10)), max_size=60), st.integers(1, 4))
def test_every_page_is_read_once_and_in_order_within_its_host(pages: Sequence[tuple[str, float]], workers: int) -> None:
    turns, queues = Turns(remembered=2), {host: [p for p in pages if p[0] == host] for host in "abcd"}
    done: list[tuple[str, float]] = []
    flying: list[tuple[str, float]] = []
    for name in queues:
        turns.comes(name)
    while (host := turns.next()) or flying:
        if host and len(flying) < workers:
            if queues[host]:
                turns.starts(host)
                flying.append(queues[host].pop(0))
            else:
                turns.leaves(host)
        else:
            done.append(flying.pop(0))
            turns.ends(*done[-1])
    assert len(turns) == 0
    assert turns.under_way == 0
    assert [[p for p in done if p[0] == h] for h in "abcd"] == [[p for p in pages if p[0] == h] for h in "abcd"]
