"""An event for a program: as JSON on its standard input, and in its environment. Delivered when it exits with 0.

No shell reads anything of it. The program and what it began are killed when the time is over.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

import msgspec

from crawler.sources.alerts import Command
from crawler.watch.alerts.event import Event
from crawler.watch.alerts.webhook import Undelivered

__all__ = ["run"]

_SHOWN = 200


async def run(command: Command, body: bytes) -> None:
    """Raises Undelivered."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command.run,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **_facts(msgspec.json.decode(body, type=Event))},
            start_new_session=True,
        )
    except OSError as error:
        raise Undelivered(f"{command.run[0]}: {error.strerror}") from error
    try:
        async with asyncio.timeout(command.timeout):
            _, said = await process.communicate(body)
    except TimeoutError:
        raise Undelivered(f"{command.run[0]}: not done in {command.timeout:g} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.returncode:
        words = said.decode("utf-8", "replace").strip()[-_SHOWN:]
        raise Undelivered(f"{command.run[0]}: ended with {process.returncode}" + (f": {words}" if words else ""))


def _facts(event: Event) -> dict[str, str]:
    facts = {
        "": event.event,
        "_OF": event.of,
        "_ID": event.id,
        "_SOURCES": " ".join(event.sources),
        "_TEXT": event.text,
    }
    return {f"WIRECOPY_EVENT{name}": value for name, value in facts.items()}
