"""What would keep other hosts waiting is read beside the event loop: in one thread what is huge, in another the rest.

No more than that, since threads of one process share its time: six long feeds, read at once, would leave the event
loop a seventh of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["LARGE", "aside"]

LARGE = 200_000
"""Bytes of a listing that is read aside: some 50 ms are spent on what is smaller."""
_HUGE = 2_000_000
_LANES = (ThreadPoolExecutor(1, thread_name_prefix="aside"), ThreadPoolExecutor(1, thread_name_prefix="aside-huge"))

_Result = TypeVar("_Result")


async def aside(work: Callable[[], _Result], size: int) -> tuple[_Result, float]:
    """What `work` on so many bytes gives, and the seconds of processor time that it took."""

    def timed() -> tuple[_Result, float]:
        began = time.thread_time()
        return work(), time.thread_time() - began

    return await asyncio.get_running_loop().run_in_executor(_LANES[size > _HUGE], timed)
