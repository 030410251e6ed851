"""Documents as they are shown: addresses lead back into the archive, and what is no address stays."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from archive.replay import css, html, xml
from archive.replay.links import Links
from archive.replay.rewrite import MAX_REWRITTEN, shown

LINKS = Links(base="https://news.example/a/story.html", stamp="20260301120000")
HERE = "/20260301120000/https://news.example"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<a href=/x>x</a>", f'<a href="{HERE}/x">x</a>'),
        ("<A HREF='//cdn.example/?a=1&copy=2&amp;b'>", '<A href="/20260301120000/https://cdn.example/?a=1&amp;copy=2&amp;b">'),
        ("<a href='b.html#sec'>", f'<a href="{HERE}/a/b.html#sec">'),
        ("<a href=\\\\cdn.example\\x>", '<a href="/20260301120000/https://cdn.example/x">'),
        ("<a href='#top'><a href=mailto:a@b.example>", "<a href='#top'><a href=mailto:a@b.example>"),
        ("<a href='java\nscript:x()'>", '<a href="#">'),
        ("<img srcset='s.jpg 1x, /l,l.jpg 2x'>", f'<img srcset="{HERE}/a/s.jpg 1x, {HERE}/l,l.jpg 2x">'),
        ("<img data-src=1.jpg src='data:image/gif;base64,R0'>", f'<img src="{HERE}/a/1.jpg" data-src="{HERE}/a/1.jpg">'),
        ("<img data-src=1.jpg> <noscript><img src=1.jpg></noscript>x", f'<img src="{HERE}/a/1.jpg" data-src="{HERE}/a/1.jpg"> x'),
        ("<noscript><img src=1.jpg></noscript> <img data-src=1.jpg>x", f'<img src="{HERE}/a/1.jpg" data-src="{HERE}/a/1.jpg">x'),
        ("<noscript>Please</noscript><img data-src=1.jpg><p><noscript>hello", f'<noscript>Please</noscript><img src="{HERE}/a/1.jpg" data-src="{HERE}/a/1.jpg"><p><noscript>hello'),
        ("<body background=b.png onload=go()>x", f'<body background="{HERE}/a/b.png">x'),
        ("<p style='color:red; background:url(b.png)'>", f'<p style="color:red; background:url(&quot;{HERE}/a/b.png&quot;)">'),
        ("<style>@import 'i.css'; a>b{}</style>", f'<style>@import "{HERE}/a/i.css"; a>b{{}}</style>'),
        ("<base href=https://cdn.example/p/><a href=q>", '<base href="/20260301120000/https://cdn.example/p/"><a href="/20260301120000/https://cdn.example/p/q">'),
        ("<meta http-equiv=refresh content=\"5; url='n.html'\">", f'<meta http-equiv=refresh content="5; url={HERE}/a/n.html">'),
        ("<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">x", "x"),
        ("<meta charset=latin1><p>x", '<meta charset="utf-8"><p>x'),
        ("a<script>x<!--<script></script>--></script>b<script src=x.js />c</script>d", "abd"),
        ("<noscript><img src=x></noscript>", f'<noscript><img src="{HERE}/a/x"></noscript>'),
        ("<iframe srcdoc='&lt;img src=//x.example/y&gt;'>", '<iframe srcdoc="&lt;img src=&quot;/20260301120000/https://x.example/y&quot;>">'),
        ("<svg viewBox='0 0 1 1'><image xlink:href=i.png /><title><b>t</b></title></svg>", f'<svg viewBox=\'0 0 1 1\'><image xlink:href="{HERE}/a/i.png" /><title><b>t</b></title></svg>'),
        ("<textarea><a href=x></textarea><title><a href=x></title><!-- <a href=x> -->", "<textarea><a href=x></textarea><title><a href=x></title><!-- <a href=x> -->"),
        ("<link rel=stylesheet integrity=sha256-x crossorigin href=s.css>", f'<link rel=stylesheet href="{HERE}/a/s.css">'),
        ("<link rel=preload as=style href=s.css onload=\"this.rel='stylesheet'\">", f'<link rel="stylesheet" as=style href="{HERE}/a/s.css">'),
        ("<unknown-thing a b=c :d='e' @f><p class=x", "<unknown-thing a b=c :d='e' @f>"),
    ],
)  # fmt: skip
def test_html(markup: str, expected: str) -> None:
    assert html.rewrite(markup, LINKS) == expected


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("a{b:url(c.png)}", f'a{{b:url("{HERE}/a/c.png")}}'),
        ("a{b:URL( 'c' )} /* url(d) */ e{f:'url(g)'}", f"a{{b:URL( \"{HERE}/a/c\" )}} /* url(d) */ e{{f:'url(g)'}}"),
        ("@import url(x.css) screen; @import\n'y.css';", f'@import url("{HERE}/a/x.css") screen; @import\n"{HERE}/a/y.css";'),
        ("@namespace url(http://w3.example/); a{b:u\\72l(c)}", f'@namespace url(http://w3.example/); a{{b:u\\72l("{HERE}/a/c")}}'),
        ("a{b:image-set('1.png' 1x, url(2.png) 2x type('x'))}", f"a{{b:image-set(\"{HERE}/a/1.png\" 1x, url(\"{HERE}/a/2.png\") 2x type('x'))}}"),
        ("a{b:url(#shadow) url(data:,x) myurl(c)}", "a{b:url(#shadow) url(data:,x) myurl(c)}"),
        ("a{b:url(c d)} e{f:url(g", f'a{{b:url(c d)}} e{{f:url("{HERE}/a/g")'),
        ("@charset 'x'; @media print { a { b: url(c) } }", f"@charset 'x'; @media print {{ a {{ b: url(\"{HERE}/a/c\") }} }}"),
    ],
)  # fmt: skip
def test_css(sheet: str, expected: str) -> None:
    assert css.rewrite(sheet, LINKS.to) == expected


@pytest.mark.parametrize(
    ("codec", "kind", "start"),
    [
        ("windows-1252", "text/html", ""),
        ("windows-1252", "text/html; charset=iso-8859-1", ""),
        ("koi8-r", "text/html; charset=koi8-r", "<meta charset=utf-8>"),
        ("shift_jis", "text/html", "<meta charset=shift_jis>"),
        ("gbk", "text/html", '<meta http-equiv=content-type content="text/html; charset=gb2312">'),
        ("utf-16", "text/html; charset=iso-8859-1", ""),
        ("utf-8", "text/html", "<meta charset=utf-16>"),
        ("utf-8-sig", "text/html; charset=koi8-r", ""),
        ("windows-1251", "text/css", '@charset "windows-1251";'),
        ("iso-8859-2", "image/svg+xml", "<?xml version='1.0' encoding='iso-8859-2'?>"),
    ],
)  # fmt: skip
def test_characters_are_kept(codec: str, kind: str, start: str) -> None:
    words = {
        "koi8-r": "погода",
        "windows-1251": "погода",
        "shift_jis": "天気予報",
        "gbk": "天气",
        "iso-8859-2": "pogoda żółć",
    }
    word = words.get(codec, "météo – “wetter”")
    around = {
        "text/css": "a::before{content:'{}'}",
        "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'><text>{}</text></svg>",
    }
    text = start + around.get(kind, "<p>{}</p>").replace("{}", word)
    made = shown(text.encode(codec), kind, LINKS)
    assert word in made.body.decode()
    assert made.content_type.endswith("charset=utf-8") or b'encoding="utf-8"' in made.body


def test_xml_is_led_back_and_loses_what_runs() -> None:
    document = b"""<?xml version="1.0"?><?xml-stylesheet href="s.css"?><?xml-stylesheet type="text/xsl" href="s.xsl"?>
<!DOCTYPE svg [<!ENTITY e "hi"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()">
<script>x()</script><style>a{fill:url(//out.example/y)}</style><image xlink:href="i.png"/><a href="javascript:x()"/>
<set attributeName="href" to="//out.example/"/><rect fill="url(//out.example/z#a)"/><text>&e; &x;</text></svg>"""
    made = shown(document, "image/svg+xml", LINKS)
    root = etree.fromstring(made.body)
    assert b"out.example" not in re.sub(rb"/20260301120000/https://out.example|to=.//out.example", b"", made.body)
    assert not root.findall(".//{*}script")
    assert root.get("onload") is None
    assert root.findtext("{*}text", "").startswith("hi")
    assert b"root:" not in made.body
    assert made.body.count(b"xml-stylesheet") == 1
    assert f'href="{HERE}/a/s.css"'.encode() in made.body
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "'
        + b"a" * 1000
        + b'">'
        + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%s;" % (b"%d" % (n - 1) if n else b"") * 10) for n in range(9))
        + b"]><x>&a8;</x>"
    )
    assert len(shown(bomb, "text/xml", LINKS).body) < 20_000_000


def test_xhtml_knows_its_base() -> None:
    page = b'<html xmlns="http://www.w3.org/1999/xhtml"><head><base href="/b/"/></head><body><img src="i.png"/></body></html>'
    made = xml.rewrite(page, LINKS)
    assert made is not None
    assert f'src="{HERE}/b/i.png"'.encode() in made


def test_what_is_too_large_is_no_page() -> None:
    assert shown(b"<a href=//out.example>" + bytes(MAX_REWRITTEN), "text/html", LINKS).content_type == "text/plain"
