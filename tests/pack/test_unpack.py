"""A WACZ file restored: only when every digest and the signature are right, and each that is not is named."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from archive import Collection
from archive.pack.check import check
from archive.pack.choice import Choice
from archive.pack.pack import pack
from archive.pack.signature import private_key
from tests.commands import wirecopy
from tests.pack.packages import Package, changed
from tests.serve.collections import SITE


@pytest.fixture
def signed(news: Path) -> Package:
    key = private_key(news.parent / "key.pem")
    with Collection.open(news) as collection:
        pack(collection, news.parent / "x.wacz", Choice(), key=key)
    return Package(news.parent / "x.wacz")


def test_what_was_packed_is_there_again(signed: Package, news: Path, tmp_path: Path) -> None:
    ran = wirecopy("unpack", "x.wacz", "-c", "back", cwd=tmp_path)
    assert ran.code == 0, ran.err
    files = {path.name: path.read_bytes() for path in (news / "archive").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "back" / "archive").iterdir()} == files
    with Collection.open(tmp_path / "back") as back:
        assert [article.title for article in back.articles()] == ["Bridge opens", "Elsewhere", "Ferry sails"]
        assert len(back.captures(f"{SITE}/story/bridge")) == 2
    again = wirecopy("unpack", "x.wacz", "-c", "back", cwd=tmp_path)
    assert (again.code, again.err.count("is here already")) == (0, 2)
    assert wirecopy("verify", "-c", "back", cwd=tmp_path).code == 0


def test_each_entry_that_was_changed_is_named_and_nothing_restored(signed: Package, tmp_path: Path) -> None:
    for name in signed.manifest["resources"]:
        path = name["path"]
        other = changed(signed.path, {path: signed.entries[path][:-1] + b"?"}, tmp_path / "other.wacz")
        assert {fault.path for fault in check(other).faults} == {path}
    ran = wirecopy("unpack", "other.wacz", "-c", "back", cwd=tmp_path)
    assert ran.code == 6
    assert "other.wacz: pages/pages.jsonl: has the sha256 " in ran.err
    assert not (tmp_path / "back").exists()


def test_entries_that_came_or_went_are_named(signed: Package, tmp_path: Path) -> None:
    entries: dict[str, bytes | None] = {"indexes/index.idx": None, "archive/more.warc.gz": b"x"}
    faults = check(changed(signed.path, entries, tmp_path / "other.wacz")).faults
    assert {fault.path: fault.why for fault in faults} == {
        "indexes/index.idx": "is listed, and not there",
        "archive/more.warc.gz": "is not listed in datapackage.json",
    }


def test_bytes_that_were_cut_or_flipped_are_found(signed: Package, tmp_path: Path) -> None:
    data = signed.path.read_bytes()
    for damaged in (data[:-40], b"", b"PK\x03\x04", data[:2000] + b"????" + data[2004:]):
        (tmp_path / "damaged.wacz").write_bytes(damaged)
        assert check(tmp_path / "damaged.wacz").faults


def _forged(signed: Package, target: Path, **fields: str) -> Path:
    """A package with another title, its digest put right, and some of the signature's fields changed."""
    manifest = json.dumps({**signed.manifest, "title": "forged"}).encode()
    digest = json.loads(signed.entries["datapackage-digest.json"])
    digest["hash"] = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    digest["signedData"] |= {"hash": digest["hash"], **fields}
    entries = {"datapackage.json": manifest, "datapackage-digest.json": json.dumps(digest).encode()}
    return changed(signed.path, entries, target)


def test_a_signature_is_of_this_package_and_by_this_key(signed: Package, tmp_path: Path) -> None:
    checked = check(signed.path)
    data = json.loads(signed.entries["datapackage-digest.json"])["signedData"]
    assert checked.signer == hashlib.sha256(base64.b64decode(data["publicKey"])).hexdigest()
    other = changed(signed.path, {"datapackage.json": b"{}" + signed.entries["datapackage.json"]}, tmp_path / "1.wacz")
    assert check(other).faults
    forged = check(_forged(signed, tmp_path / "2.wacz"))
    assert [fault.why for fault in forged.faults] == ["the signature is not by the key that it names"]
    for signature in ("", "AAAA", "not base64", base64.b64encode(bytes(96)).decode()):
        assert check(_forged(signed, tmp_path / "3.wacz", signature=signature)).faults
    assert check(_forged(signed, tmp_path / "4.wacz", publicKey="AAAA")).faults


def test_a_signer_can_be_asked_for(signed: Package, tmp_path: Path) -> None:
    fingerprint = check(signed.path).signer or ""
    asked = ("unpack", "x.wacz", "--check", "--signer")
    assert wirecopy(*asked, fingerprint.upper(), cwd=tmp_path).code == 0
    ran = wirecopy(*asked, "ab" * 32, cwd=tmp_path)
    assert ran.code == 8
    assert fingerprint in ran.err
