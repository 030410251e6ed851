"""pywb, the field's own replay system, indexes and serves a collection as it lies."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.collection import Collection
from tests import ports
from tests.crawl.conftest import Crawled

CHECKOUT = Path(__file__).parents[2]


def program(name: str) -> str:
    """A program of pywb, which lives in an environment of its own: it is GPL, and its gevent patches everything."""
    found = shutil.which(name, path=str(CHECKOUT / ".venv-pywb" / "bin")) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: run 'make pywb'")
    return found


@contextmanager
def wayback(directory: Path) -> Iterator[str]:
    port = ports.free()
    command = [program("wayback"), "--port", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, "wayback did not start"
                assert time.monotonic() < deadline, "wayback does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def test_serves_archived_pages(crawled: Crawled, tmp_path: Path) -> None:
    shutil.copytree(crawled.collection, tmp_path / "collections" / "news")
    with wayback(tmp_path) as address:
        for article in crawled.newsroom.articles[:8]:
            url = f"{address}/news/2026id_/{crawled.newsroom.url}{article.path}"
            with urllib.request.urlopen(url, timeout=30) as answer:
                page = answer.read()
                assert answer.headers["Memento-Datetime"]
            if answer.headers.get("Content-Encoding"):
                continue  # as archived: the text is looked at in the plain ones
            assert article.paragraphs[0].encode(article.charset, "xmlcharrefreplace")[:40] in page
        query = f"{address}/news/cdx?url={crawled.newsroom.url}/*&output=json"
        with urllib.request.urlopen(query, timeout=30) as answer:
            lines = [json.loads(line) for line in answer.read().splitlines()]
        assert {line["url"] for line in lines} >= {crawled.newsroom.url + a.path for a in crawled.newsroom.articles}


def test_its_indexer_sees_what_ours_does(crawled: Crawled) -> None:
    """Every response, at the same place with the same digest; no page besides."""
    theirs = set()
    for path in sorted((crawled.collection / "archive").glob("*.warc.gz")):
        made = subprocess.run([program("cdx-indexer"), "-j", path], capture_output=True, text=True, check=True).stdout
        for line in made.splitlines():
            if line.startswith("!"):
                continue
            key, stamp, document = line.split(" ", 2)
            entry = json.loads(document)
            if entry["url"].startswith("metadata:"):
                continue  # the crawl's own settings, log and report: it would list them, and they are no pages
            theirs.add((key, stamp, entry["url"], entry["offset"], entry["length"], entry["digest"], entry["status"]))
    ours = set()
    for index in Collection.open(crawled.collection).indexes_dir.glob("*.cdxj"):
        for line in index.read_text().splitlines():
            key, stamp, document = line.split(" ", 2)
            entry = json.loads(document)
            ours.add((key, stamp, entry["url"], entry["offset"], entry["length"], entry["digest"], entry["status"]))
    assert {row[2:5] for row in ours} == {row[2:5] for row in theirs}
    assert ours == theirs
