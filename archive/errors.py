"""What can go wrong, arranged by what the caller can do about it.

    WirecopyError                  everything this project raises on purpose
      ConfigError                  fix the argument, the file or the environment
      NoCollection                 name another directory, or crawl first
      NoCatalogue                  rebuild it from the WARC files
      Locked                       wait for the one who holds the collection
      StorageError                 make room, or make the disk writable
      StoreError                   have the store answer, or its copy brought back
      DamagedRecord                repair the file, or read past the record
      NotFound                     ask for something else
        CaptureNotFound
        ArticleNotFound
        VersionNotFound
      ExtractionFailed             keep the capture; try another extractor or more time
      Refused                      say that it is meant

``exit_code`` is what the command line ends with when the error reaches it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import ClassVar

__all__ = [
    "ArticleNotFound",
    "CaptureNotFound",
    "ConfigError",
    "DamagedRecord",
    "ExtractionFailed",
    "Locked",
    "NoCatalogue",
    "NoCollection",
    "NotFound",
    "Refused",
    "StorageError",
    "StoreError",
    "VersionNotFound",
    "WirecopyError",
]


class WirecopyError(Exception):
    """Base of all: its text is one line that says what, where, and what to do."""

    exit_code: ClassVar[int] = 70


class ConfigError(WirecopyError):
    """An argument, a setting or a configuration file cannot be used as it is."""

    exit_code = 2


class NoCollection(WirecopyError):
    """The directory is not there, or is no collection."""

    exit_code = 3

    def __init__(self, path: Path, why: str = "is not a wirecopy collection") -> None:
        super().__init__(f"{path} {why}; name one with --collection, or make one with 'wirecopy crawl URL'")
        self.path = path


class NoCatalogue(WirecopyError):
    """The catalogue is missing, damaged or of another time; all it holds can be had again."""

    exit_code = 3

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} {why}; 'wirecopy rebuild' makes it anew from the WARC files")
        self.path = path


class Locked(WirecopyError):
    """Somebody else has the collection, or a part of it, for themselves."""

    exit_code = 4

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(f"{path} is in use by {holder}; wait until it is done, or stop it")
        self.path = path
        self.holder = holder


class StorageError(WirecopyError):
    """The disk refused: full, read-only, or broken."""

    exit_code = 5

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot write {path}: {why}")
        self.path = path


class StoreError(WirecopyError):
    """A store elsewhere does not answer, refuses, or has not what it should have."""

    exit_code = 5

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class DamagedRecord(WirecopyError):
    """The bytes at this place are not the record that was promised."""

    exit_code = 6

    def __init__(self, path: object, offset: int, why: str) -> None:
        super().__init__(f"{path} at byte {offset}: {why}")
        self.path = path
        self.offset = offset
        self.why = why


class NotFound(WirecopyError):
    """The archive holds nothing of that name."""

    exit_code = 1


class CaptureNotFound(NotFound):
    def __init__(self, url: str, when: datetime | None = None) -> None:
        super().__init__(f"no capture of {url}" + (f" at {when:%Y-%m-%dT%H:%M:%SZ}" if when else ""))
        self.url = url
        self.when = when


class ArticleNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"no article {name}; 'wirecopy search' lists what there is")
        self.name = name


class VersionNotFound(NotFound):
    def __init__(self, article_id: str, number: int, count: int) -> None:
        what = "only one version" if count == 1 else f"no version {number}, but 1 to {count}"
        super().__init__(f"article {article_id} has {what}; 'wirecopy versions {article_id}' lists what happened to it")


class ExtractionFailed(WirecopyError):
    """The extractor gave up on a page: too long, too large, or broken beyond reading."""

    exit_code = 1


class Refused(WirecopyError):
    """It could be done, and is not, unless somebody says that it is meant."""

    exit_code = 8
