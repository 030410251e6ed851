"""The daemon's figures in Prometheus' text format, by its own client library. One label, `source`: its id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from archive.version import __version__
from crawler.sources.alerts import Kind
from crawler.watch.checkup import OF_SOURCES
from crawler.watch.figures import Figures, SourceView, View

__all__ = ["CONTENT_TYPE", "METRICS", "render"]

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_WRONG: Final[Mapping[Kind, str]] = {
    "failing": "1 when it has not answered for long",
    "silent": "1 when it answers and publishes nothing",
    "worse": "1 when its articles cannot be read as they could",
    "moved": "1 when what sources.toml names of it redirects for good to another host or path",
    "hung": "1 when its crawl was killed for giving no sign of life",
}
assert set(_WRONG) == set(OF_SOURCES)

_GAUGES: Final[Mapping[str, tuple[str, Callable[[SourceView, float], float | None]]]] = {
    "last_crawl_timestamp_seconds": ("When its last crawl began", lambda one, now: one.last),
    "next_crawl_timestamp_seconds": ("When it is due; absent while it is crawled", lambda one, now: one.next_at),
    "late_seconds": (
        "How long it has been due",
        lambda one, now: max(0.0, now - one.next_at) if one.next_at is not None else 0.0,
    ),
    "newest_article_timestamp_seconds": ("When its newest article came out", lambda one, now: one.newest),
    "failures": ("Crawls in a row without an answer", lambda one, now: one.failures),
}

_COUNTERS: Final[Mapping[str, tuple[str, Callable[[Figures], Mapping[str, int]]]]] = {
    "crawls": ("Crawls since the daemon's start", lambda of: of.crawls),
    "unanswered_crawls": ("Crawls that it did not answer", lambda of: of.unanswered),
    "found": ("Article candidates that its listings named and nobody knew", lambda of: of.found),
    "new_articles": ("Pages archived as articles for the first time", lambda of: of.new),
    "changed_articles": ("Articles seen again that were another", lambda of: of.changed),
    "gone_articles": ("Articles seen again that were gone", lambda of: of.gone),
    "failed_requests": ("Requests for it that failed", lambda of: of.failed),
}

_ALL_COUNTERS: Final[Mapping[str, tuple[str, Callable[[View], float]]]] = {
    "crawls": ("Crawls begun, of a batch of sources each", lambda of: of.figures.started),
    "crawls_died": ("Crawls that died before they could say what came of them", lambda of: of.figures.died),
    "crawls_hung": ("Crawls killed for giving no sign of life", lambda of: of.figures.hung),
    "alerts_delivered": ("Alerts that a channel took", lambda of: of.alerts_delivered),
    "alerts_failed": ("Tries of an alert that a channel did not take", lambda of: of.alerts_failed),
}

_ALL_GAUGES: Final[Mapping[str, tuple[str, Callable[[View], float]]]] = {
    "sources": ("Sources that are watched", lambda of: len(of.sources)),
    "running_crawls": ("Crawls at this moment", lambda of: of.running),
    "late_sources": ("Sources that are due and not crawled", lambda of: len(of.late())),
    "lateness_seconds": ("How long the source that waits longest has been due", lambda of: max(of.late(), default=0)),
    "next_run_seconds": ("Seconds until the next source is due", lambda of: of.next_run()),
    "paused": ("1 while no crawl is begun, whatever is due", lambda of: bool(of.paused)),
    "storage_failed": ("1 when WARC files or state.sqlite cannot be written", lambda of: "storage" in of.wrong),
    "shipping_failed": ("1 when the last pass could not ship all that it should", lambda of: "shipping" in of.wrong),
    "disk_free_bytes": ("Free on the collection's disk", lambda of: of.free),
    "disk_reserve_bytes": ("Of those, what is to stay free", lambda of: of.reserve),
    "alerts_waiting": ("Alerts that no channel has taken yet", lambda of: of.alerts_waiting),
    "heartbeat_timestamp_seconds": ("When the daemon's loop last went round", lambda of: of.beat),
}

METRICS: Final[Mapping[str, str]] = {
    "wirecopy_build_info": "The program's version",
    **{f"wirecopy_{name}": text for name, (text, _) in _ALL_GAUGES.items()},
    **{f"wirecopy_{name}_total": text for name, (text, _) in _ALL_COUNTERS.items()},
    **{f"wirecopy_source_{name}": text for name, text in _WRONG.items()},
    **{f"wirecopy_source_{name}": text for name, (text, _) in _GAUGES.items()},
    **{f"wirecopy_source_{name}_total": text for name, (text, _) in _COUNTERS.items()},
}
"""All names, and what each is."""

_PROCESS: Final = CollectorRegistry()
ProcessCollector(registry=_PROCESS)


def render(view: View) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Once(view))
    return generate_latest(registry) + generate_latest(_PROCESS)


class _Once(Collector):
    def __init__(self, view: View) -> None:
        self._view = view

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        view = self._view
        build = GaugeMetricFamily("wirecopy_build_info", METRICS["wirecopy_build_info"], labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        for name, (text, of_all) in _ALL_COUNTERS.items():
            yield CounterMetricFamily(f"wirecopy_{name}", text, value=of_all(view))
        for name, (text, of_all) in _ALL_GAUGES.items():
            yield GaugeMetricFamily(f"wirecopy_{name}", text, value=of_all(view))
        for kind, text in _WRONG.items():
            gauge = GaugeMetricFamily(f"wirecopy_source_{kind}", text, labels=["source"])
            for one in view.sources:
                gauge.add_metric([one.source], kind in one.wrong)
            yield gauge
        for name, (text, of_one) in _GAUGES.items():
            gauge = GaugeMetricFamily(f"wirecopy_source_{name}", text, labels=["source"])
            for one in view.sources:
                if (value := of_one(one, view.now)) is not None:
                    gauge.add_metric([one.source], value)
            yield gauge
        for name, (text, counted) in _COUNTERS.items():
            counter = CounterMetricFamily(f"wirecopy_source_{name}", text, labels=["source"])
            counts = counted(view.figures)
            for one in view.sources:
                counter.add_metric([one.source], counts.get(one.source, 0))
            yield counter
