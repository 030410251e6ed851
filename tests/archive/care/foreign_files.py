"""Archives as other programs write them, each with the same few pages, made here in as many ways."""

from __future__ import annotations

import gzip
import io
import subprocess
import zipfile
from pathlib import Path

from backports import zstd
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.newsroom.templates import article_page
from tests.newsroom.world import articles

__all__ = ["PAGES", "SITE", "arc", "browsertrix", "heritrix", "plain", "wacz", "wget", "whole", "zst"]

SITE = "http://news.example"


def _pages() -> dict[str, bytes]:
    written = articles()
    several = [next(written) for _ in range(4)]
    return {SITE + article.path: article_page(article, SITE, several) for article in several}


PAGES = _pages()
"""Body by URL."""


def _records(version: str, *, gzipped: bool, status: str = "200 OK", extra: tuple[tuple[str, str], ...] = ()) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "another/1.0"}))
    for number, (url, body) in enumerate(PAGES.items()):
        heads = StatusAndHeaders(
            status, [("Content-Type", "text/html"), ("Content-Length", str(len(body))), *extra], protocol="HTTP/1.1"
        )
        date = f"2019-05-0{number + 1}T10:00:00Z"
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=heads, warc_headers_dict={"WARC-Date": date}
            )
        )
    return out.getvalue()


def heritrix(path: Path) -> Path:
    """WARC/1.0, a record a member."""
    path.write_bytes(_records("1.0", gzipped=True))
    return path


def browsertrix(path: Path) -> Path:
    """What came by HTTP/2 is written as 1.1, its body decoded and the names of what was done to it kept aside."""
    extra = (("x-orig-content-encoding", "br"), ("x-orig-transfer-encoding", "chunked"))
    path.write_bytes(_records("1.1", gzipped=True, status="200", extra=extra))
    return path


def plain(path: Path) -> Path:
    path.write_bytes(_records("1.0", gzipped=False))
    return path


def whole(path: Path) -> Path:
    """All records in one gzip member, as `gzip FILE` makes them."""
    path.write_bytes(gzip.compress(_records("1.0", gzipped=False)))
    return path


def zst(path: Path) -> Path:
    path.write_bytes(zstd.compress(_records("1.0", gzipped=False)))
    return path


def arc(path: Path, *, gzipped: bool) -> Path:
    """Version 1, as Heritrix 1 wrote it: a document a member, the first a description of the file."""
    text = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
    documents = [b"filedesc://x.arc 0.0.0.0 20080430204825 text/plain %d\n%b\n" % (len(text), text)]
    for number, (url, body) in enumerate(PAGES.items()):
        answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nX-Odd :yes\r\n\r\n" + body
        line = f"{url} 192.0.2.7 2008043020482{number} text/html {len(answer)}\n".encode()
        documents.append(line + answer + b"\n")
    dns = b"20080430204825\nnews.example. 60 IN A 192.0.2.7\n"
    documents.append(b"dns:news.example 192.0.2.1 20080430204825 text/dns %d\n%b\n" % (len(dns), dns))
    path.write_bytes(b"".join(gzip.compress(each) if gzipped else each for each in documents))
    return path


def wacz(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/data.warc.gz", _records("1.1", gzipped=True))
        package.writestr("pages/pages.jsonl", "{}\n")
    return path


def wget(url: str, directory: Path) -> Path:
    """wget's own file of a page and what it redirects to."""
    subprocess.run(["wget", "-q", "--warc-file=wget", "-O", "/dev/null", url], cwd=directory, check=True, timeout=60)
    return directory / "wget.warc.gz"
