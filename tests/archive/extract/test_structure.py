"""What becomes of a page's structure: headings, lists, quotes, tables, code, links, emphasis and pictures."""

from __future__ import annotations

import msgspec

from archive.catalogue import documents
from archive.extract.article import extract
from archive.extract.decode import parse
from archive.extract.figures import figures
from archive.model import Block, Extraction, Figure

URL = "https://paper.example/2026/03/01/the-dyke-at-hollum"
SENTENCE = "The dyke at Hollum held through the night, and nobody on the island slept before it was over. "
PAGE = f"""<html lang="en"><head><title>The dyke at Hollum held</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>The dyke at Hollum held</h1>
<figure><picture><source srcset="/img/dyke-400.webp 400w, /img/dyke-1600.webp 1600w">
<img src="data:image/gif;base64,AA" data-src="/img/dyke.jpg" alt="The dyke"></picture>
<figcaption>Water stood <em>high</em>.</figcaption></figure>
<p>{SENTENCE}It was built by <a href="../../board?a=1&amp;b=2">the <b>water</b> board</a> in <i>1953</i>.
{SENTENCE}</p>
<h2>What was done</h2>
<p>{SENTENCE}They ran <code>pump --all</code> and raised CO<sub>2</sub> levels by nothing at all. {SENTENCE}</p>
<ul><li>Sand was brought in from the east.</li><li>Pumps ran in two villages:<ol><li>Hollum came first.</li>
<li>Nes was second.</li></ol></li></ul>
<h3>What was said</h3>
<blockquote><p>We have seen higher water than this one.</p><p>But never so long, said the warden of it.</p></blockquote>
<div class="lazy"><img class="lazyload" src="/spacer.gif" data-src="https://cdn.example/nes.jpg" alt=""></div>
<noscript><img src="https://cdn.example/nes.jpg"></noscript>
<p>{SENTENCE * 2}</p>
<table><tr><th>Place</th><th>Height</th></tr><tr><td>Hollum</td><td><b>4</b> m</td></tr></table>
<p>{SENTENCE}<img src="/img/counter.gif" width="1" height="1"><a href="javascript:share()">Nothing</a> more came.</p>
<div class="author"><img src="/img/ann.jpg"></div></article>
<aside class="related"><figure><img src="/img/other.jpg"></figure></aside></body></html>"""


def read() -> Extraction:
    return extract(PAGE.encode(), url=URL, charset="utf-8")


def test_lines_are_what_they_are_in_the_page() -> None:
    found = read()
    texts = (found.text or "").split("\n\n")
    shape = [
        ("quote " * block.quote + ("ordered " * block.ordered) + block.kind + (str(block.level) if block.level else ""))
        for block in found.blocks
    ]
    assert len(texts) == len(shape)
    assert shape == [
        *("p", "head2", "p", "item1", "item1", "ordered item2", "ordered item2", "head3", "quote p", "quote p"),
        *("p", "row", "row", "p"),
    ]
    assert found.blocks[11] == Block(kind="row", header=True, cells=(0, 6))
    assert texts[12] == "Hollum 4 m"


def test_links_and_emphasis_stand_where_they_stood() -> None:
    found = read()
    texts = (found.text or "").split("\n\n")
    marks = [
        (mark.kind, text[mark.start : mark.end], mark.href)
        for text, block in zip(texts, found.blocks, strict=True)
        for mark in block.marks
    ]
    assert marks == [
        ("link", "the water board", "https://paper.example/2026/board?a=1&b=2"),
        ("strong", "water", None),
        ("em", "1953", None),
        ("code", "pump --all", None),
        ("sub", "2", None),
        ("strong", "4", None),
    ]


def test_pictures_keep_their_place_caption_and_best_size() -> None:
    found = read()
    assert found.figures == (
        Figure(url="https://paper.example/img/dyke-1600.webp", at=0, caption="Water stood high.", alt="The dyke"),
        Figure(url="https://cdn.example/nes.jpg", at=10),
    )
    assert found.image == "https://paper.example/img/dyke-1600.webp"
    assert found.origins["image"] == "figure"


def test_a_candidate_may_hold_commas() -> None:
    page = f"""<body><article><p>{SENTENCE}</p><figure><img src="/s.jpg" srcset="/w_300,h_200/a.jpg 300w,
    /w_900,h_600/a.jpg 900w, /w_600,h_400/a.jpg 600w"></figure><p>{SENTENCE[::-1]}</p></article></body>"""
    found = figures(parse(page), [SENTENCE, SENTENCE[::-1]], URL)
    assert [figure.url for figure in found] == ["https://paper.example/w_900,h_600/a.jpg"]


def test_the_record_of_a_reading_keeps_the_structure_and_says_it_briefly() -> None:
    found = read()
    document = documents.encode("urn:uuid:c", found)
    assert documents.decode(document) == ("urn:uuid:c", found)
    blocks = msgspec.json.decode(document)["blocks"]
    assert blocks[1] == {"kind": "head", "level": 2}


def test_characters_of_our_own_in_a_page_do_no_harm() -> None:
    page = PAGE.replace("The dyke", "The \ufdd0dyke\ufdd1").encode()
    found = extract(page, url=URL, charset="utf-8")
    assert len((found.text or "").split("\n\n")) == len(found.blocks)
