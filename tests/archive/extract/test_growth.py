"""Four times as much of an ingredient takes about four times as long: each of these once took time by its square.

In CPU time of this process, which other work on the machine does not change by as much as a power of the size would.
"""

from __future__ import annotations

import gc
import time
from typing import Final

import pytest

from archive.extract.article import extract
from tests.archive.extract.hostile import SENTENCE

URL = "https://www.example.com/news/2024/05/03/harbour-wall-holds"
MOST = 10.0
"""Times the CPU that four times as much may take; by its square it would be sixteen."""
FLOOR = 0.25
"""Seconds below which nothing is said."""
TALE = f"<p>{SENTENCE}</p>"
INGREDIENTS: Final = {
    "paragraphs": ("", "<p>a</p>", ""),
    "paragraphs with a bold word": ("", "<p>a <b>b</b></p>", ""),
    "loose text between paragraphs": ("<div>", SENTENCE + TALE, "</div>"),
    "headings of a row": ("<table><tr>", "<th>12", "</table>"),
    "rows under a wide one": (f"<table><tr>{'<td>x' * 100}", "<tr><td>y", "</table>"),
    "attributes": ("<p ", " a#=1", ">x</p>"),
    "leads at a depth": (f"<div>{SENTENCE}" * 100, f"<div>{SENTENCE}</div>", "</div>" * 100),
}


def _page(name: str, amount: int) -> bytes:
    start, ingredient, end = INGREDIENTS[name]
    much = start + "".join(ingredient.replace("#", str(number)) for number in range(amount)) + end
    return f"<html><body><article><h1>The harbour wall holds</h1>{TALE}{much}{TALE}</article></body></html>".encode()


def _seconds(page: bytes) -> float:
    gc.collect()
    before = time.process_time()
    assert SENTENCE in (extract(page, url=URL, charset=None).text or "")
    return time.process_time() - before


@pytest.mark.parametrize("name", INGREDIENTS)
def test_what_a_page_costs_grows_in_step_with_what_is_on_it(name: str) -> None:
    took = _seconds(_page(name, 8_000))
    if took > FLOOR:
        assert took < MOST * _seconds(_page(name, 2_000))
