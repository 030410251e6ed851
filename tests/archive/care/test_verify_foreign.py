"""Files of others are no worse for being theirs; and other people's checkers agree where they look at all."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.care.verify import Defect, Verification
from tests.archive.care import test_verify_records as broken
from tests.archive.care.breaking import load, save
from tests.archive.care.collections import PAGE, chunked, defects


def found(path: Path) -> list[Defect]:
    return list(Verification(path, jobs=1))


def codes(path: Path) -> set[tuple[str, str]]:
    return {(defect.severity, defect.code) for defect in found(path)}


def checker(name: str, *arguments: str) -> tuple[bool, str]:
    """Whether another project's command is content, and what it says."""
    script = {"warcio": "from warcio.cli import main", "fastwarc": "from fastwarc.cli import main"}[name]
    command = [sys.executable, "-c", f"{script}\nmain()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path != "/gone" else 404)
        self.send_header("Content-Type", "text/html")
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(chunked(PAGE).partition(b"\r\n\r\n")[2])
            return
        body = PAGE if self.path != "/" else b"<a href=/a>a</a> <a href=/same>b</a> <a href=/chunked>c</a>"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_what_wget_writes(site: str, tmp_path: Path) -> None:
    command = [
        "wget",
        "-q",
        "--no-proxy",
        "--warc-file=them",
        "-r",
        "-l1",
        f"{site}/",
        f"{site}/gone",
        f"{site}/chunked",
    ]
    subprocess.run(command, cwd=tmp_path, check=False)
    path = tmp_path / "them.warc.gz"
    assert codes(path) == {
        ("note", "bad-uri"),  # WARC/1.0 as many read it: URIs in angle brackets
        ("note", "framed-digest"),  # wget digests a chunked body with its framing
        ("note", "lacking-field"),
    }


def test_what_warcio_writes(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record("theirs.warc.gz", {"software": "warcio", "format": "WARC"}))
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        response = writer.create_warc_record("http://news.example/", "response", BytesIO(PAGE), http_headers=head)
        ask = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.example")], is_http_request=True)
        request = writer.create_warc_record("http://news.example/", "request", BytesIO(), http_headers=ask)
        writer.write_request_response_pair(request, response)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        date = response.rec_headers.get_header("WARC-Date")
        again = writer.create_revisit_record(
            "http://news.example/", digest, "http://news.example/", date, http_headers=head
        )
        writer.write_record(again)
        writer.write_record(
            writer.create_warc_record(
                "urn:pageinfo:1", "resource", BytesIO(b"{}"), warc_content_type="application/json"
            )
        )
    # Warcinfo-ID, and Refers-To on the revisit, which is found by URI and date all the same.
    assert codes(path) == {("note", "lacking-field")}


def test_a_whole_file_gzip_by_others(warc: Path) -> None:
    plain = warc.with_name("plain.warc")
    plain.write_bytes(gzip.decompress(warc.read_bytes()))
    subprocess.run(["gzip", "-k", str(plain)], check=True)
    assert ("defect", "whole-file-gzip") in codes(plain.with_name("plain.warc.gz"))


def recompressed(tool: str, warc: Path) -> list[Defect]:
    copy = warc.parent / tool / warc.name
    copy.parent.mkdir()
    content, said = checker(tool, "recompress", str(warc), str(copy))
    assert content, said
    return defects(copy)


def test_recompressed_by_fastwarc_it_is_sound(warc: Path) -> None:
    assert recompressed("fastwarc", warc) == []


def test_what_warcio_recompress_does_to_records(warc: Path) -> None:
    """It rewrites HTTP heads, keeping the old digests, and adds payload digests where the standard forbids them."""
    assert {defect.code for defect in recompressed("warcio", warc)} == {"forbidden-field", "block-digest"}


def test_warcio_check_faults_only_the_chunked_payload_digests_of_a_sound_file(warc: Path) -> None:
    """Its issue 74: it digests the body with its framing. Nothing else is wrong for it."""
    content, said = checker("warcio", "check", "-v", str(warc))
    records = load(warc)
    framed = {r.get("WARC-Record-ID") for r in records if b"\r\nTransfer-Encoding: chunked\r\n" in r.block}
    assert len(framed) == 2
    assert not content
    faulted = [line for line in said.splitlines() if "digest failed" in line]
    assert len(faulted) == 2
    assert all("payload digest failed" in line for line in faulted)


@pytest.mark.parametrize("tool", ["warcio", "fastwarc"])
def test_other_checkers_fault_a_changed_block(tool: str, warc: Path) -> None:
    records = [
        r for r in load(warc) if b"Transfer-Encoding" not in r.block and "chunked" not in r.get("WARC-Target-URI")
    ]
    save(warc, records)
    content, said = checker(tool, "check", str(warc))
    assert content, said
    records[5].block = records[5].block[:-2] + b"!!"
    save(warc, records)
    content, said = checker(tool, "check", str(warc))
    assert not content
    assert "block-digest" in {defect.code for defect in defects([warc])}


@pytest.mark.parametrize(
    "name",
    ["header in LF", "no such month", "id without brackets", "no Warcinfo-ID", "another file's name", "cut by length"],
)
def test_verify_names_what_warcio_lets_pass(name: str, warc: Path) -> None:
    """Why there is a verify of our own."""
    change, named = broken.RECORDS[name]
    records = [record for record in load(warc) if "chunked" not in record.get("WARC-Target-URI")]
    change(records)
    save(warc, records)
    content, said = checker("warcio", "check", str(warc))
    assert content, said
    assert named <= {defect.code for defect in defects([warc])}


@pytest.mark.parametrize("tool", ["warcio", "fastwarc"])
def test_verify_names_the_cut_that_others_let_pass(tool: str, warc: Path) -> None:
    save(warc, [record for record in load(warc) if "chunked" not in record.get("WARC-Target-URI")])
    warc.write_bytes(warc.read_bytes()[:-9])
    content, said = checker(tool, "check", str(warc))
    assert content, said
    assert [defect.code for defect in defects([warc])] == ["truncated-tail"]
