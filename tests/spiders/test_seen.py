"""The set that keeps eight bytes of each text."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from crawler.seen import Seen


@given(st.lists(st.text(max_size=8)))
def test_says_what_a_set_would(texts: list[str]) -> None:
    seen, plain = Seen(), set[str]()
    for text in texts:
        assert seen.add(text) == (text not in plain)
        plain.add(text)
    assert len(seen) == len(plain)
    assert all(text in seen for text in texts)
    assert "something else altogether" not in seen


def test_costs_a_few_bytes_a_text() -> None:
    seen = Seen()
    assert sum(seen.add(f"//news.example/story-{number}") for number in range(20_000)) == 20_000
    assert sys.getsizeof(seen._slots) < 20_000 * 32
