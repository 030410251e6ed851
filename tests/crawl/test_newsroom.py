"""A crawl of the newsroom from its home page: all of it archived, every byte of it, and all of it readable."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import fastwarc
import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.commands import wirecopy
from tests.crawl.conftest import Crawled


def files(collection: Path, folder: str = "archive") -> list[Path]:
    return sorted((collection / folder).glob("*.warc.gz"))


def fields(block: bytes) -> dict[str, list[str]]:
    """A block of application/warc-fields."""
    found: dict[str, list[str]] = {}
    for line in block.decode().splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def test_ends_well_and_says_so(crawled: Crawled) -> None:
    assert crawled.ran.code == 0, crawled.ran.err
    assert "complete" in crawled.ran.err
    assert "Traceback" not in crawled.ran.err
    reports = list((crawled.collection / "crawls").glob("*/report.json"))
    assert len(reports) == 1
    report = json.loads(reports[0].read_text())
    assert report["outcome"] == "complete"
    assert report["counts"]["articles"] == len(crawled.newsroom.articles)
    assert report["counts"]["fetched"] == len(crawled.newsroom.log)


def test_every_article_is_exported_with_its_true_title_authors_and_date(crawled: Crawled) -> None:
    exported = wirecopy("export", "jsonl", "--collection", crawled.collection, cwd=crawled.collection.parent)
    assert exported.code == 0
    rows = {row["title"]: row for row in exported.rows}
    for article in crawled.newsroom.articles:
        row = rows[article.title]
        assert tuple(row["authors"]) == article.authors
        assert datetime.fromisoformat(row["published"]) == article.published
        assert row["language"] == article.language
        assert row["kind"] == article.kind
        assert row["url"].endswith(article.path)
        for paragraph in article.paragraphs:
            assert " ".join(paragraph.split()) in " ".join(row["text"].split())
    assert len(rows) == len(exported.rows) == len(crawled.newsroom.articles), "nothing but articles is exported"
    wanted = ("--kind", "opinion", "--kind", "live-blog")
    chosen = wirecopy("export", "jsonl", *wanted, "--collection", crawled.collection, cwd=crawled.collection.parent)
    assert {row["kind"] for row in chosen.rows} == {"opinion", "live-blog"}
    assert len(chosen.rows) == sum(article.kind in wanted for article in crawled.newsroom.articles)


def test_every_exchange_is_archived_byte_for_byte(crawled: Crawled) -> None:
    """Interim heads, block and surplus together are what the server sent; the request is what it received."""
    kept: Counter[tuple[bytes, bytes]] = Counter()
    for path in files(crawled.collection):
        groups: dict[str, dict[str, bytes]] = {}
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                headers = record.rec_headers
                if record.rec_type == "warcinfo" or headers.get_header("WARC-Target-URI").startswith("metadata:"):
                    continue  # what the crawl says of itself
                key = headers.get_header("WARC-Target-URI") + headers.get_header("WARC-Date")
                groups.setdefault(key, {})[record.rec_type] = record.content_stream().read()
        for group in groups.values():
            found = fields(group["metadata"])
            interim = b"".join(base64.b64decode(value) for value in found.get("interim-response", []))
            surplus = b"".join(base64.b64decode(value) for value in found.get("surplus", []))
            kept[group["request"], interim + group["response"] + surplus] += 1
    assert kept == Counter((served.request, served.sent) for served in crawled.newsroom.log)


def test_other_programs_read_every_record(crawled: Crawled) -> None:
    for path in [*files(crawled.collection), *files(crawled.collection, "text")]:
        with path.open("rb") as stream:
            by_warcio = [(r.rec_headers.get_header("WARC-Record-ID"), r.rec_type) for r in ArchiveIterator(stream)]
        with path.open("rb") as stream:
            by_fastwarc = [
                (r.headers["WARC-Record-ID"], r.headers["WARC-Type"]) for r in fastwarc.ArchiveIterator(stream)
            ]
        assert by_warcio == by_fastwarc
        assert len({identifier for identifier, _ in by_warcio}) == len(by_warcio)
        indexed = subprocess.run([sys.executable, "-m", "warcio.cli", "index", path], capture_output=True, check=True)
        assert len(indexed.stdout.splitlines()) == len(by_warcio)


def test_the_index_points_at_every_response(crawled: Crawled) -> None:
    pointed = 0
    for index in sorted((crawled.collection / "indexes").glob("*.cdxj")):
        lines = index.read_bytes().splitlines()
        assert lines == sorted(lines)
        for line in lines:
            entry = json.loads(line.split(b" ", 2)[2])
            member = (crawled.collection / "archive" / entry["filename"]).read_bytes()
            start = int(entry["offset"])
            record = next(iter(ArchiveIterator(io.BytesIO(member[start : start + int(entry["length"])]))))
            assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
            assert record.http_headers.get_statuscode() == entry["status"]
            pointed += 1
    assert pointed == len(crawled.newsroom.log)


def test_verify_finds_nothing_wrong(crawled: Crawled) -> None:
    ran = wirecopy("verify", "--collection", crawled.collection, cwd=crawled.collection.parent)
    assert ran.code == 0, ran.out + ran.err


def test_an_article_can_be_found_and_leads_to_its_record(crawled: Crawled) -> None:
    where = crawled.collection.parent
    for article in crawled.newsroom.articles[:6]:
        words = article.paragraphs[1].split()[:4] if article.language == "en" else [article.title]
        found = wirecopy("search", " ".join(words), "--json", "--collection", crawled.collection, cwd=where)
        hits = [row["article_id"] for row in found.rows if row["title"] == article.title]
        assert hits, article.title
        shown = wirecopy("show", hits[0], "--json", "--collection", crawled.collection, cwd=where).rows[0]
        place = shown["capture"]
        member = (crawled.collection / "archive" / place["file"]).read_bytes()[place["offset"] :]
        record = next(iter(ArchiveIterator(io.BytesIO(member))))
        assert record.rec_headers.get_header("WARC-Record-ID") == f"<{place['id']}>"
        assert record.rec_headers.get_header("WARC-Payload-Digest") == place["digest"]


def test_an_article_is_proven_without_us(crawled: Crawled, tmp_path: Path) -> None:
    """The commands that `cite` prints show the page as it was sent, and its text; each fails on a changed byte."""
    article = crawled.newsroom.articles[0]
    ran = wirecopy(
        *("cite", crawled.newsroom.url + article.path, "-c", crawled.collection), cwd=crawled.collection.parent
    )
    assert ran.code == 0, ran.err
    there, *commands = ran.out[ran.out.index("\ncd ") :].strip().splitlines()
    assert there == f"cd {crawled.collection}"
    assert len(commands) == 4, "two files and two records"

    def shell(command: str, where: Path = crawled.collection) -> tuple[int, bytes]:
        done = subprocess.run(["bash", "-c", command], cwd=where, capture_output=True, check=False)
        return done.returncode, done.stdout

    assert [shell(command)[0] for command in commands] == [0, 0, 0, 0]
    page, read = (shell(command.partition(" | sha1sum")[0])[1] for command in commands[2:])
    assert page in [served.sent for served in crawled.newsroom.log]
    assert json.loads(read)["title"] == article.title

    for command in commands[2:]:
        start, name, length = re.findall(r"tail -c \+(\d+) (\S+) \| head -c (\d+)", command)[0]
        data = bytearray((crawled.collection / name).read_bytes())
        data[int(start) + int(length) // 2] ^= 1
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(data)
    assert all(shell(command, tmp_path)[0] != 0 for command in commands)


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_words_without_spaces_are_found(crawled: Crawled, language: str) -> None:
    article = next(a for a in crawled.newsroom.articles if a.language == language)
    word = article.paragraphs[0][3:5]
    ran = wirecopy("search", word, "--json", "--collection", crawled.collection, cwd=crawled.collection.parent)
    assert article.title in [row["title"] for row in ran.rows]
