"""A store that is a bucket: Amazon's S3, or any server that speaks its protocol.

Credentials come from the environment (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, …) and from nowhere else. Each
request and each part carries the SHA-256 of its bytes, for the store to refuse what came to it changed. What fails for
a reason that may pass is tried again, with pauses that grow: by the library, and here for what it lets through.

The library's calls cannot be interrupted, so in the main thread they are waited for: Ctrl-C ends the waiting at once.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from archive.errors import ConfigError, StoreError
from archive.storage.address import Address
from archive.storage.port import Kept, Told

if TYPE_CHECKING:
    from obstore.store import S3Store as Bucket

__all__ = ["S3Store"]

_PART: Final = 8 * 1024 * 1024
"""Bytes of a part; larger files go in several. 10,000 are allowed, and a WARC file has some 1 GB."""
_AT_ONCE: Final = 2
_TRIES: Final = 3
_PAUSE: Final = 0.5
_ELSEWHERE: Final = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
    "AWS_SKIP_SIGNATURE",
)
"""Variables that say where else credentials come from."""

_STATUS: Final = re.compile(r"status code: (\d+[^:]*)")
_CODE: Final = re.compile(r"<Code>([^<]+)</Code>")
_WHY: Final = re.compile(r" in [\d.]+\S*s\b.*? - (.+)")
_CAUSE: Final = re.compile(r'message: "([^"]+)"')

_T = TypeVar("_T")


class S3Store:
    def __init__(self, address: Address) -> None:
        """ConfigError without the library, or without credentials."""
        self._address = address
        self._bucket = _bucket(address)

    def prepare(self, *, known: bool) -> None:
        """StoreError when it does not answer, or refuses; a bucket that is not there says so at the first write."""
        self.look("files.jsonl")

    def look(self, key: str) -> Kept | None:
        import obstore

        try:
            found = self._tried(key, lambda: obstore.head(self._bucket, key))
        except FileNotFoundError:
            return None
        return Kept(size=found["size"], mark=(found["e_tag"] or "").strip('"'))

    def read(self, key: str, start: int, length: int) -> bytes:
        import obstore

        def whole() -> bytes:
            data = bytes(obstore.get_range(self._bucket, key, start=start, length=length))
            if len(data) != length:
                raise _Again(f"sent {len(data)} of {length} bytes from byte {start} on")
            return data

        try:
            return self._tried(key, whole)
        except FileNotFoundError:
            raise StoreError(f"{self._address}/{key}", "is not there") from None

    def put(self, key: str, file: Path, told: Told) -> None:
        import obstore

        sent = 0

        def pieces() -> Iterator[bytes]:
            nonlocal sent
            with file.open("rb", buffering=0) as source:
                while piece := source.read(_PART):
                    sent += len(piece)
                    told(len(piece))
                    yield piece

        def once() -> None:
            nonlocal sent
            told(-sent)
            sent = 0
            several = file.stat().st_size > _PART
            content = pieces() if several else b"".join(pieces())
            try:
                obstore.put(
                    self._bucket,
                    key,
                    content,
                    attributes={"Content-Type": "application/warc"},
                    use_multipart=several,
                    chunk_size=_PART,
                    max_concurrency=_AT_ONCE,
                )
            except FileNotFoundError as error:
                if "NoSuchUpload" in str(error):  # put together, perhaps, without an answer that reached us
                    raise _Again("lost the parts of an upload") from error
                raise

        try:
            self._tried(key, once)
        except FileNotFoundError:
            raise StoreError(f"{self._address}/{key}", f"there is no bucket {self._address.bucket[0]}") from None

    def remove(self, key: str) -> None:
        import obstore

        try:
            self._tried(key, lambda: obstore.delete(self._bucket, key))
        except FileNotFoundError:
            return

    def _tried(self, key: str, call: Callable[[], _T]) -> _T:
        """FileNotFoundError where the store has no such thing; StoreError when it stays as it is."""
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        where = f"{self._address}/{key}"
        for number in range(1, _TRIES + 1):
            try:
                return _interruptible(call)
            except (PermissionDeniedError, UnauthenticatedError) as error:
                raise StoreError(where, f"the store refuses: {_said(error)}") from error
            except (BaseError, _Again) as error:
                if number == _TRIES:
                    raise StoreError(where, f"the store fails: {_said(error)}") from error
            time.sleep(_PAUSE * 2**number * random.uniform(0.5, 1))  # noqa: S311 - a pause, no secret
        raise AssertionError("the last try returns or raises")


class _Again(Exception):
    """What may go better when it is tried again."""


def _bucket(address: Address) -> Bucket:
    try:
        from obstore.store import S3Store as Bucket
    except ModuleNotFoundError:
        raise ConfigError(f"{address}: needs a library that is not here: pip install 'wirecopy[s3]'") from None
    if not (os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY")) and not any(
        os.environ.get(name) for name in _ELSEWHERE
    ):
        raise ConfigError(
            f"{address}: the environment has no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    name, prefix = address.bucket
    config = {"checksum_algorithm": "SHA256", "disable_bulk_delete": True}
    if address.endpoint:
        config["endpoint"] = address.endpoint
    if address.region:
        config["region"] = address.region
    return Bucket(
        name,
        prefix=prefix or None,
        config=config,  # type: ignore[arg-type] # its keys, as a plain dictionary
        client_options={
            "allow_http": (address.endpoint or "").startswith("http:"),
            "connect_timeout": "10s",
            "read_timeout": "60s",
            "timeout": "10m",
        },
        retry_config={
            "max_retries": 6,
            "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=3), "base": 2},
            "retry_timeout": timedelta(seconds=120),
        },
    )


def _interruptible(call: Callable[[], _T]) -> _T:
    """What the call returns or raises; in the main thread, signals are seen to meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run, name="store", daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def _said(error: Exception) -> str:
    """What the store, or the way to it, said: without the library's own account of it."""
    text = str(error)
    status, code = _STATUS.search(text), _CODE.search(text)
    if status:
        return f"{status[1].strip()}" + (f" ({code[1]})" if code else "")
    first = text.partition("\n")[0]
    why, cause = _WHY.search(first), _CAUSE.search(text)
    return (why[1] if why else first) + (f" ({cause[1]})" if cause else "")
