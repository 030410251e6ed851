"""Captures, or a content, removed for good: from every file of the collection, with all that was derived from them.

With the collection to itself, a takedown reads all WARC files to see what belongs to what (`archive.care.holdings`,
`archive.care.removal`), makes each file anew that holds any of it (`archive.care.rewrite`), and with these the indexes
and the catalogue; then all are put in place as one (`archive.changeover`). Killed before that, nothing has happened;
killed later, the next open completes it. A tombstone stands where a record was, and ``takedowns.jsonl`` keeps who
removed it, when and why.
"""

from __future__ import annotations

import getpass
import os
import re
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal

import msgspec

from archive import changeover
from archive.care import carry
from archive.care.back import left_over
from archive.care.derived import stage_catalogue, stage_indexes
from archive.care.erase import erase, erasures
from archive.care.holdings import Held, Holdings, Progress
from archive.care.redact import mentioning, pattern, redacted
from archive.care.removal import Removal, capture_of, removal
from archive.care.rewrite import Edit, rewrite, warcinfo_of, write_file
from archive.catalogue.follow import follow
from archive.catalogue.follow_text import follow_text
from archive.catalogue.query import article
from archive.catalogue.store import Catalogue
from archive.changeover import Changeover
from archive.collection import Collection
from archive.disk import refused
from archive.errors import CaptureNotFound, ConfigError, DamagedRecord, NotFound, WirecopyError
from archive.readable import Readable
from archive.storage.ranges import Copy
from archive.urls import request_uri
from archive.warc.draft import RecordDraft, warc_date
from archive.warc.files import ClosedFile
from archive.warc.reader import read_at
from archive.warc.records import tombstone
from archive.warc.recover import recover

__all__ = ["AUDIT", "Plan", "Target", "capture_target", "content_target", "takedown"]

AUDIT: Final = "takedowns.jsonl"
WHO: Final = "wirecopy takedown"

_DIGEST: Final = re.compile(r"sha1:[A-Z2-7]{32}|sha256:[0-9a-f]{64}")

# All captures with a reading of the article, pages at one of its URLs that have none yet, and its further pages.
_OF_ARTICLE: Final = """
SELECT r.capture_id FROM article_states AS s JOIN readings AS r ON r.key = s.key WHERE s.article_id = ?1
UNION SELECT c.id FROM aliases AS a JOIN captures AS c ON c.key = a.key WHERE a.article_id = ?1 AND c.unread <> 0
UNION SELECT r.capture_id FROM aliases AS a JOIN readings AS r ON r.key = a.key AND r.kind = 'part'
WHERE a.article_id = ?1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be removed."""

    kind: Literal["url", "article", "record", "content"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a takedown does, or has done."""

    captures: tuple[Held, ...]
    records: int
    """How many are removed in all."""
    readings: int
    heirs: tuple[Held, ...]
    """Revisits that stay, and get the payload of what they stood for."""
    pointed: int
    """Other records that are changed to lead to those, or to nothing."""
    files: tuple[Readable, ...]
    """Those that are made anew."""
    damaged: tuple[DamagedRecord, ...]
    """Where nobody can say what is there."""


def capture_target(name: str) -> Target:
    """Captures by a URL, the id (or the start of one) of an article, or the id of a record."""
    bare = name.strip("<> ")
    if bare.startswith("urn:"):
        return Target(kind="record", name=bare)
    return Target(kind="url" if "/" in bare else "article", name=bare)


def content_target(digest: str) -> Target:
    """A content by its payload digest, also in the index's spelling of sha1; ConfigError when it is none."""
    algorithm, colon, value = digest.strip().partition(":")
    if not colon:
        algorithm, value = "sha1", algorithm
    spelled = f"sha1:{value.upper()}" if algorithm.lower() == "sha1" else f"{algorithm}:{value}".lower()
    if not _DIGEST.fullmatch(spelled):
        raise ConfigError(f"{digest!r} is no payload digest such as sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    return Target(kind="content", name=spelled)


def takedown(
    collection: Collection,
    target: Target,
    *,
    reason: str,
    agreed: Callable[[Plan], bool],
    url_too: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> bool:
    """Removes the target if `agreed` says so to the plan: whether it did.

    NotFound when there is nothing of it, Locked while anybody writes to the collection; Locked, too, when all is
    removed but for the pages of the old catalogue, because somebody is reading that: the next open clears them away.
    StoreError when a file that was shipped cannot be read, and nothing has happened; or when all is removed but for the
    copy of a file in a store that does not answer, which the next `wirecopy ship` removes.
    """
    with collection.exclusive(WHO):
        recover(collection.archive_shelf)
        recover(collection.text_shelf)
        try:
            return _Takedown(collection, target, reason, url_too).run(agreed, on_progress)
        except OSError as error:
            raise refused(error, collection.path) from error


class _Takedown:
    def __init__(self, collection: Collection, target: Target, reason: str, url_too: bool) -> None:
        self._collection = collection
        self._target = target
        self._reason = reason
        self._url_too = url_too
        self._disk = collection.archive_shelf.disk
        self._now = datetime.now(UTC)

    def run(self, agreed: Callable[[Plan], bool], on_progress: Progress) -> bool:
        collection = self._collection
        named = self._captures_of_article() if self._target.kind == "article" else []
        digest = self._target.name if self._target.kind == "content" else None
        folders = (collection.archive_dir, collection.text_dir)
        elsewhere = [copy for name, copy in sorted(collection.copies().items()) if not collection.is_here(name)]
        with closing(Holdings(folders, elsewhere, digest=digest, on_progress=on_progress)) as holdings:
            heads = self._heads(holdings, named)
            if not heads:
                raise self._not_found(holdings)
            found = removal(holdings, heads, with_revisits=self._target.kind in ("article", "content"))
            edits = self._edits(holdings, found)
            plan = Plan(
                captures=found.captures,
                records=len(found.gone),
                readings=found.readings,
                heirs=tuple(each.revisit for each in found.heirs),
                pointed=len(found.pointed),
                files=tuple(holdings.files[number] for number in edits),
                damaged=tuple(holdings.damaged),
            )
            if not agreed(plan):
                return False
            change = Changeover(self._disk, collection.path, WHO)
            try:
                change.append(collection.path / AUDIT, self._audit(found))
                self._stage(change, holdings, found, edits)
                change.commit()
            except BaseException:
                with suppress(OSError, WirecopyError):  # whatever cannot be cleared away now is at the next open
                    changeover.complete(self._disk, collection.path)
                raise
        changeover.complete(self._disk, collection.path)
        erase(collection)
        return True

    def _captures_of_article(self) -> list[str]:
        with Catalogue(self._collection.catalogue_path) as catalogue:
            follow(catalogue, self._collection.indexes_dir)
            follow_text(catalogue, self._collection.text_dir, lambda damage: None)
            name = article(catalogue, self._target.name).article_id
            return [capture_id for (capture_id,) in catalogue.connection.execute(_OF_ARTICLE, (name,))]

    def _heads(self, holdings: Holdings, named: list[str]) -> list[Held]:
        name = self._target.name
        if self._target.kind == "record":
            return capture_of(holdings, name)
        if self._target.kind == "article":
            return [held for capture_id in named for held in holdings.of_id(capture_id)]
        if self._target.kind == "content":
            return [held for held in holdings.of_digest(name) if held.type in ("response", "revisit")]
        try:
            same = holdings.of_url(request_uri(name))
        except ValueError:  # nothing that could have been asked for
            return []
        return [held for held in same if held.type in ("response", "revisit", "request") and not held.near]

    def _not_found(self, holdings: Holdings) -> NotFound:
        if self._target.kind == "url":
            return CaptureNotFound(self._target.name)
        what = {"record": "capture with a record", "content": "payload", "article": "capture of the article"}
        return NotFound(f"no {what[self._target.kind]} {self._target.name} in {len(holdings.files)} files")

    def _edits(self, holdings: Holdings, found: Removal) -> dict[int, list[Edit]]:
        """By number of the file."""
        edits: dict[int, list[Edit]] = {}

        def edit(held: Held, make: Callable[[], tuple[RecordDraft, ...]] = tuple) -> None:
            edits.setdefault(held.file, []).append(Edit(offset=held.offset, length=held.length, make=make))

        for held in found.gone:
            edit(held, *([partial(self._tombstone, held)] if held.id in found.marked else []))
        for heir in found.heirs:
            edit(heir.revisit, partial(self._heir, holdings, heir.revisit, heir.original))
        for pointed in found.pointed:
            edit(pointed.revisit, partial(self._pointed, holdings, pointed.revisit, pointed.original))
        return {number: sorted(edits[number], key=lambda each: each.offset) for number in sorted(edits)}

    def _tombstone(self, held: Held) -> tuple[RecordDraft, ...]:
        url = None if self._url_too else held.url or None
        description = f"taken down: {self._reason}"
        return (tombstone(removed=held.id, description=description, date=self._now, url=url),)

    def _heir(self, holdings: Holdings, revisit: Held, original: Held) -> tuple[RecordDraft, ...]:
        payload = read_at(holdings.files[original.file], original.offset, original.length)
        return carry.heir(read_at(holdings.files[revisit.file], revisit.offset, revisit.length), payload, self._now)

    def _pointed(self, holdings: Holdings, revisit: Held, original: Held | None) -> tuple[RecordDraft, ...]:
        record = read_at(holdings.files[revisit.file], revisit.offset, revisit.length)
        return (carry.pointed(record, original) if original else carry.plain(record),)

    def _stage(self, change: Changeover, holdings: Holdings, found: Removal, edits: dict[int, list[Edit]]) -> None:
        collection = self._collection
        staged: dict[Path, Path] = {}
        for number, changes in edits.items():
            file = holdings.files[number]
            path = collection.path / file.key if isinstance(file, Copy) else file
            assert isinstance(path, Path)
            staged[path] = change.replace(path)
            new = rewrite(self._disk, file, staged[path], changes, warcinfo_of(file))
            for line in erasures(collection, path.name, self._now):
                change.append(collection.shipped_path, line)
            if path.name.endswith(".warc.gz"):
                records = holdings.counts[number] - len(changes) + new.records
                listed = ClosedFile(
                    name=path.name, size=new.size, sha256=new.sha256, records=records, where=path.parent.name
                )
                change.append(collection.files_path, msgspec.json.encode(listed))
        for left in left_over(collection):
            change.remove(left)
        staged |= stage_indexes(self._disk, change, collection, staged)
        if self._url_too:
            urls = pattern({held.url for held in found.captures})
            for path in mentioning(collection.crawls_dir, urls):
                write_file(self._disk, change.replace(path), redacted(path, urls))
        stage_catalogue(self._disk, change, collection, staged)

    def _audit(self, found: Removal) -> bytes:
        return msgspec.json.encode(
            {
                "takedown": str(uuid.uuid4()),
                "date": warc_date(self._now),
                "operator": self._collection.config.operator,
                "user": _user(),
                "reason": self._reason,
                "kind": self._target.kind,
                "removed": [held.id for held in found.gone],
                "changed": [revisit.id for revisit in found.changed],
            }
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return str(os.getuid())
