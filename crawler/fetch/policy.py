"""How a crawl's captures are kept, as its settings say: WIRECOPY_DEDUP, _FSYNC, _ROLL_* and _RESERVE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from scrapy.settings import BaseSettings

from archive.dedup import DedupScope
from archive.warc.appender import Fsync, FsyncPolicy, Rolling
from crawler.amounts import RESERVE
from crawler.values import choice, seconds, size

__all__ = ["Policy", "policy_of"]

_DEDUP: tuple[DedupScope, ...] = get_args(DedupScope)
_FSYNC: tuple[FsyncPolicy, ...] = ("interval", "group", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    dedup: DedupScope
    fsync: Fsync
    rolling: Rolling
    reserve: int
    """Bytes that stay free on the disk."""


def policy_of(settings: BaseSettings) -> Policy:
    """Raises ConfigError, naming the setting, where one makes no sense."""
    usual = Rolling()
    return Policy(
        dedup=choice(settings, "WIRECOPY_DEDUP", _DEDUP),
        fsync=Fsync(
            policy=choice(settings, "WIRECOPY_FSYNC", _FSYNC),
            interval=seconds(settings, "WIRECOPY_FSYNC_INTERVAL", Fsync().interval),
        ),
        rolling=Rolling(
            size=size(settings, "WIRECOPY_ROLL_SIZE", usual.size),
            age=seconds(settings, "WIRECOPY_ROLL_AGE", usual.age),
            idle=seconds(settings, "WIRECOPY_ROLL_IDLE", usual.idle),
        ),
        reserve=size(settings, "WIRECOPY_RESERVE", RESERVE),
    )
