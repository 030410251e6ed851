"""Answers are told apart by their bytes."""

from __future__ import annotations

import gzip

import pytest

from crawler.discovery.classify import Form, form_of

PAGE = b"<!doctype html><html><head><title>T</title></head><body><p>Text</p></body></html>"


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"<rss version='2.0'/>", "feed"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- made by hand --><feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        (b"<rdf:RDF xmlns:rdf='x'><item/></rdf:RDF>", "feed"),
        ("<?xml version='1.0' encoding='utf-16'?><rss/>".encode("utf-16"), "feed"),
        (b"Warning: x in <b>y.php</b>\n<?xml version='1.0'?><rss/>", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}', "json"),
        (b'{"items": [{"url": "https://news.example/1"}]}', "json"),
        (b'{"items": [{"price": 3}]}', "other"),
        (b'{"broken": ', "other"),
        (b"<urlset><url/></urlset>", "sitemap"),
        (b"<s:sitemapindex xmlns:s='x'/>", "sitemap"),
        (gzip.compress(b"<urlset></urlset>", mtime=0), "sitemap"),
        (b"https://news.example/1\nhttps://news.example/2\n", "list"),
        (b"See https://news.example/1 for more.\nOr not.\n", "other"),
        (PAGE, "page"),
        (gzip.compress(PAGE, mtime=0), "page"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "page"),
        (b"<p>No head, no body, still a page.</p>", "page"),
        (PAGE.replace(b"Text", b"<code>&lt;rss&gt; <rss version='2.0'></code>"), "page"),
        (b"%PDF-1.7 <html>", "other"),
        (b"%PDF-1.7\n%\xe2\xe3", "other"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "other"),
        (b"\x00\x01\x02\x03", "other"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "other"),
        (b"Just words.", "other"),
        (b"", "other"),
        (b" \n\t", "other"),
    ],
)
@pytest.mark.parametrize("content_type", ["", "text/html", "application/octet-stream; charset=utf-8"])
def test_form(data: bytes, form: Form, content_type: str) -> None:
    assert form_of(data, content_type) == form
