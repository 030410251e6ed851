"""What a payload is, by its first bytes: never by what its headers say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.sniff import sniff


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"\xef\xbb\xbf\r\n <HTML lang=de>", "text/html"),
        (b"<!-- comment --><html>", "text/html"),
        (b"<!-- one that goes on and on", "text/html"),
        ("<html><body>".encode("utf-16"), "text/html"),
        (b"<p>fragment</p>", "text/html"),
        (
            b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html xmlns="x">',
            "application/xhtml+xml",
        ),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<rss version="2.0">', "application/rss+xml"),
        (b'<rss version="2.0">', "application/rss+xml"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "application/atom+xml"),
        (b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="x">', "application/rdf+xml"),
        (b'<?xml version="1.0"?><urlset xmlns="x">', "text/xml"),
        (b"<sitemapindex xmlns='x'>", "text/xml"),
        (b'<svg xmlns="x">', "image/svg+xml"),
        (b'{"version": "https://jsonfeed.org/version/1.1"', "application/json"),
        (b" [1, 2]", "application/json"),
        (b"{}", "application/json"),
        (b"{ body: css }", "text/plain"),
        (b"[see below] text", "text/plain"),
        (b"User-agent: *\nDisallow:", "text/plain"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x1cftypavif", "image/avif"),
        (b"\x1f\x8b\x08\x00", "application/gzip"),
        (b"\x00\x01\x02", None),
        (b"", None),
        (b"  \r\n", None),
    ],
)
def test_kinds(start: bytes, kind: str | None) -> None:
    assert sniff(start) == kind


@given(st.binary(max_size=300), st.sampled_from([b"", b"<", b"<?xml ", b"<!--", b"<!DOCTYPE ", b"{", b"RIFF"]))
def test_any_bytes_at_all(rest: bytes, start: bytes) -> None:
    kind = sniff(start + rest)
    assert kind is None or "/" in kind
    assert sniff(start + rest + b" " * 3000) == sniff((start + rest + b" " * 3000)[:2048])
