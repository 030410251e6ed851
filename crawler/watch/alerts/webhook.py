"""An event as a POST of JSON: delivered when the answer is a 2xx, within the deadline.

A thread of its own does the asking, and is left to itself when the deadline is over: nothing that a server does, or
fails to do, keeps the daemon waiting. Redirects are no delivery. Proxies come from the environment, as urllib has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import threading
import urllib.request
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError

from archive.version import __version__
from crawler.sources.alerts import Webhook

__all__ = ["SIGNATURE", "Undelivered", "post"]

SIGNATURE: Final = "X-Wirecopy-Signature"
"""``sha256=`` and the HMAC-SHA256 of the body in hex, as GitHub and others have it."""


class Undelivered(Exception):
    """Why an event was not taken; without the address, which may be secret."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


async def post(hook: Webhook, body: bytes) -> None:
    """Raises Undelivered."""
    headers = {"Content-Type": "application/json", "User-Agent": f"wirecopy/{__version__}", **hook.headers}
    if hook.sign is not None:
        headers[SIGNATURE] = "sha256=" + hmac.new(hook.sign.encode(), body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(hook.url, body, headers, method="POST")  # noqa: S310 - http and https only
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[str | None] = loop.create_future()

    def tell(refused: str | None) -> None:
        if not answered.done():
            answered.set_result(refused)

    def ask() -> None:
        refused = _ask(request, hook.timeout)
        with contextlib.suppress(RuntimeError):  # the daemon has ended meanwhile
            loop.call_soon_threadsafe(tell, refused)

    threading.Thread(target=ask, name="webhook", daemon=True).start()
    try:
        refused = await asyncio.wait_for(answered, hook.timeout)
    except TimeoutError:
        refused = f"no answer in {hook.timeout:g} s"
    if refused is not None:
        raise Undelivered(refused)


def _ask(request: urllib.request.Request, timeout: float) -> str | None:
    """Why it was not taken, if it was not."""
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=timeout):
            return None
    except HTTPError as error:
        error.close()
        return f"answered {error.code}"
    except TimeoutError:
        return f"no answer in {timeout:g} s"
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return getattr(reason, "strerror", None) or type(reason).__name__
