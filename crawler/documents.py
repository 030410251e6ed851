"""What a crawl says of itself, kept in its own WARC file: the settings it ran with, its log and its report.

Resource records under made-up URIs, and a metadata record that ties them together and lists the warcinfo records of all
files of the crawl. They are no captures: the index does not list them.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import scrapy
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archive.spool import SPOOL_LIMIT, Spool
from archive.version import __version__
from archive.warc.draft import RecordDraft
from archive.warc.records import manifest, resource
from crawler.logs import files
from crawler.redaction import HIDDEN, hide, is_secret
from crawler.report import CrawlReport, encode

__all__ = ["crawl_records", "settings_document"]

_PIECE = 1024 * 1024


def crawl_records(report: CrawlReport, settings: BaseSettings, warcinfos: Sequence[str]) -> list[RecordDraft]:
    """The records, as one group; `warcinfos` are the ids of the first records of the crawl's files."""
    base = f"metadata://wirecopy/crawls/{report.crawl}/"
    now = datetime.now(UTC)
    contents: list[tuple[str, str, bytes | Spool]] = [
        ("settings.json", "application/json", settings_document(settings)),
        ("report.json", "application/json", encode(report)),
    ]
    log = settings.get("LOG_FILE")
    if log and (written := files(Path(log))):
        kind = "application/x-ndjson" if settings.get("WIRECOPY_LOG_FORMAT") == "json" else "text/plain; charset=utf-8"
        contents.insert(1, ("crawl.log", kind, _content(written)))
    kept = [resource(url=base + name, block=block, content_type=kind, date=now) for name, kind, block in contents]
    facts = {"isPartOf": report.crawl, "description": "what the crawl was told, logged and reported"}
    tie = manifest(
        url=base + "manifest", resources=[one.id for one in kept], warcinfos=warcinfos, date=now, values=facts
    )
    return [*kept, tie]


def settings_document(settings: BaseSettings) -> bytes:
    """All settings that are not Scrapy's own defaults, as JSON; what looks like a secret is left out."""
    chosen = {
        name: _plain(name, settings[name])
        for name in sorted(settings)
        if (settings.getpriority(name) or 0) > SETTINGS_PRIORITIES["default"]
    }
    document = {
        "wirecopy": __version__,
        "scrapy": scrapy.__version__,
        "python": platform.python_version(),
        "settings": chosen,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it, without credentials; `name` is what it is filed under."""
    if is_secret(name) and isinstance(value, (str, bytes)) and value:
        return HIDDEN
    if isinstance(value, (BaseSettings, Mapping)):
        return {str(key): _plain(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain("", inner) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return hide(str(value))


def _content(paths: Sequence[Path]) -> bytes | Spool:
    """What files hold, one after the other."""
    start, spool = bytearray(), None
    for path in paths:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                if spool is None and len(start) + len(piece) <= SPOOL_LIMIT:
                    start += piece
                    continue
                if spool is None:
                    spool = Spool()
                    spool.write(bytes(start))
                spool.write(piece)
    return bytes(start) if spool is None else spool
