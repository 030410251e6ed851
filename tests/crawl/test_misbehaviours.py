"""A site on which everything goes wrong that can: every byte is kept still, and every article found in the end."""

from __future__ import annotations

import base64
from collections import defaultdict
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.commands import wirecopy
from tests.newsroom import MISBEHAVIOURS, Newsroom

LOST = {"redirect-loop", "redirect-self", "endless", "gzip-bomb"}
"""What is not asked for again: redirects to where they came from, and what is too long. It is archived all the same."""

Kept = tuple[bytes, bool]
"""The wire of an answer, and whether it was cut."""


def kept(collection: Path) -> dict[bytes, list[Kept]]:
    """By request, all that came back: interim heads, block and surplus together."""
    groups: dict[str, dict[str, bytes]] = defaultdict(dict)
    cut: set[str] = set()
    for path in (collection / "archive").glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                headers = record.rec_headers
                if record.rec_type in ("request", "response", "metadata") and headers.get_header("WARC-Target-URI"):
                    key = headers.get_header("WARC-Target-URI") + headers.get_header("WARC-Date")
                    groups[key][record.rec_type] = record.content_stream().read()
                    if headers.get_header("WARC-Truncated"):
                        cut.add(key)
    found: dict[bytes, list[Kept]] = defaultdict(list)
    for key, group in groups.items():
        if "request" not in group:
            continue
        fields: dict[bytes, bytes] = defaultdict(bytes)
        for line in group["metadata"].splitlines():
            name, _, value = line.partition(b": ")
            if name in (b"interim-response", b"surplus"):
                fields[name] += base64.b64decode(value)
        wire = fields[b"interim-response"] + group.get("response", b"") + fields[b"surplus"]
        found[group["request"]].append((wire, key in cut))
    return found


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Newsroom, Path, int]:
    directory = tmp_path_factory.mktemp("chaos")
    with Newsroom(articles=40, misbehave=MISBEHAVIOURS) as newsroom:
        limits = ["--set", "DOWNLOAD_TIMEOUT=3", "--set", "DOWNLOAD_MAXSIZE=2000000"]
        ran = wirecopy("crawl", newsroom.url, "-c", "news", *limits, cwd=directory)
        assert "Traceback" not in ran.err
        return newsroom, directory / "news", ran.code


def test_every_exchange_is_archived_byte_for_byte(chaos: tuple[Newsroom, Path, int]) -> None:
    newsroom, collection, _ = chaos
    found = kept(collection)
    for served in newsroom.log:
        candidates = found[served.request]
        match = next((one for one in candidates if one[0] == served.sent), None) or next(
            # of an answer that was cut, the server's log is an upper bound
            (one for one in candidates if one[1] and served.sent.startswith(one[0])),
            None,
        )
        assert match is not None, (served.case, served.path)
        candidates.remove(match)
    assert not any(found.values()), "nothing is archived that was not served"


def test_it_is_partly_failed_and_sound(chaos: tuple[Newsroom, Path, int]) -> None:
    _, collection, code = chaos
    assert code == 1, "pages that led in a circle for ever are named in the report"
    assert wirecopy("verify", "-c", collection, cwd=collection.parent).code == 0


def test_every_article_that_can_be_had_is_had_whole(chaos: tuple[Newsroom, Path, int]) -> None:
    newsroom, collection, _ = chaos
    lost = {served.path for served in newsroom.log if served.case in LOST}
    rows = {row["url"]: row for row in wirecopy("export", "jsonl", "-c", collection, cwd=collection.parent).rows}
    for article in newsroom.articles:
        if article.path not in lost:
            text = " ".join(rows[newsroom.url + article.path]["text"].split())
            assert " ".join(article.paragraphs[-1].split()) in text, article.path
