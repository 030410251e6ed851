"""A crawl over every hostile site at once: it ends, other hosts do not notice, and each case comes out as it says."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from archive import Article, Collection
from archive.model import KEPT_OUT
from tests.hostile.case import Case
from tests.hostile.rig import Outcome, Rig
from tests.hostile.site import stories
from tests.hostile.sites import CASES

MEMORY = 500_000_000
HELD = 1.0
"""Seconds of CPU time for which no input may hold the event loop."""


def test_every_hostile_site_comes_out_as_its_case_says_and_no_healthy_one_notices(tmp_path: Path) -> None:
    """One test, since one crawl is enough."""
    with Rig(CASES.values()) as rig:
        outcome = rig.crawl(tmp_path)
        with Collection.open(outcome.collection) as news:
            feed = {article.url: article for article in news.articles()}
            walls = {article.url for article in news.articles(walls=True)} - feed.keys()
            labels = _labels(news)
        assert outcome.report["reason"] == "finished", outcome.err
        assert outcome.code == 1, "what could not be had is a failure"
        assert "Traceback" not in outcome.err
        assert outcome.memory < MEMORY
        assert outcome.held < HELD, outcome.held_by
        assert not outcome.report["counts"]["spider_errors"]
        assert list(_healthy(rig, feed)) == []
        told = outcome.report["kept_out"]
        assert told == Counter(label for found in labels.values() for label in found & KEPT_OUT)
        assert f"kept out of exports: {told['bot-wall']} bot-wall, {told['consent']} consent, " in outcome.err
        complaints = [
            f"{case.name}: {what}"
            for case in CASES.values()
            for what in _complaints(case, rig, outcome, feed, walls, labels)
        ]
        assert not complaints, "\n".join(complaints)


def _labels(news: Collection) -> dict[str, set[str]]:
    """Of every page that was read, whether it was taken for an article or not, by URL."""
    rows = news.catalogue.connection.execute(
        "SELECT c.url, r.labels FROM readings AS r JOIN captures AS c ON c.id = r.capture_id"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for url, labels in rows:
        found[url] |= set(json.loads(labels))
    return found


def _healthy(rig: Rig, feed: dict[str, Article]) -> Iterator[str]:
    last = max(one.ended for name in rig.cases for one in rig.served(name))
    for newsroom in rig.healthy:
        yield from (newsroom.url + one.path for one in newsroom.articles if newsroom.url + one.path not in feed)
        if max(one.ended for one in newsroom.log) >= last:
            yield f"{newsroom.url} had to wait for hostile sites"


def _complaints(
    case: Case, rig: Rig, outcome: Outcome, feed: dict[str, Article], walls: set[str], labels: dict[str, set[str]]
) -> Iterator[str]:
    """What did not come out as the case says."""
    host = rig.host(case.name)
    if (served := len(rig.served(case.name))) > case.most:
        yield f"kept the crawl busy with {served} exchanges"
    if case.record is not None:
        url = rig.url(case.name, case.record.path)
        kept = [(one.status, one.truncated) for one in outcome.records[host] if one.url == url]
        if (case.record.status, case.record.truncated) not in kept:
            yield f"archived as {kept}"
        if case.label and case.label not in labels.get(url, ()):
            yield f"labelled {labels.get(url)}"
        if case.label in KEPT_OUT and url in feed:
            yield "in the feed"
        if case.shown and url not in walls:
            yield "not in the feed though walls were asked for"
    fed = {url for url in feed if url.split("/")[2].endswith(host)}
    own = {f"{case.scheme}://{host}{one.path}" for one in stories(host)[:3]}
    if fed & own != (own if case.stories else set()):
        yield f"stories in the feed: {fed & own}"
    if len(fed - own) > case.junk:
        yield f"junk in the feed: {fed - own}"
    limits = {one["limit"] for one in outcome.report["held_back"] if one["host"].endswith(host)}
    if (case.limit not in limits) if case.limit else limits:
        yield f"held back by {limits}"
    failures = {one["why"] for one in outcome.report["failures"] if one["url"].split("/")[2].endswith(host)}
    if not any(case.failure in why for why in failures) if case.failure else failures:
        yield f"failures: {failures}"
