"""What of a page is its article: found wherever it stands, whole, and without what stands around it."""

from __future__ import annotations

import tracemalloc

import pytest

from archive.extract.article import extract

URL = "https://www.example.com/news/2024/05/03/harbour-wall-holds"
TITLE = "The harbour wall holds"
STORY = [
    "The harbour wall held through the night, the town council said on Friday morning, and nobody was hurt.",
    "Ann Rowe, who has kept the lighthouse for twenty years, said that she had never seen waves of that height.",
    "Boats will stay in the inner basin until Sunday, when the wind is expected to turn to the west again.",
    "Repairs of the outer mole, begun in March after two winters of storms, will take until the end of the year.",
    "The council meets on Tuesday to decide whether the fish market may open before the pumps have been tested.",
    "Until then the market stands on the square behind the church, where it last stood in the winter of 1962.",
]
OTHERS = [
    ("Ferry company drops its winter timetable after complaints", "Passengers had asked for a later boat."),
    ("School choir sings for the crew of the rescue cruiser", "Forty children and one conductor on a quay."),
    ("A baker who starts at midnight and sells out by seven", "The queue begins at half past five."),
    ("What the new parking rules mean for the old town", "Residents get a card, visitors a walk."),
]


def paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def blocks(body: str) -> list[str]:
    page = f"<!doctype html><html lang=en><head><title>{TITLE}</title></head><body>{body}</body></html>"
    return (extract(page.encode(), url=URL, charset="utf-8").text or "").split("\n\n")


CARDS = "".join(
    f"<div class=c7><a href=/o/{n}><img src=/{n}.jpg></a><h3><a href=/o/{n}>{title}</a></h3><p>{teaser}</p></div>"
    for n, (title, teaser) in enumerate(OTHERS)
)
HEAD = f"<h1>{TITLE}</h1>"
SPLIT = "<div class=ad>Advertisement</div>"

PLACES = {
    "in divs without names": f"<div><div>{HEAD}<div>{paragraphs(STORY)}</div></div></div>",
    "in a nav that is never closed": f"<nav><ul><li><a href=/>Home</a></li></ul>{HEAD}{paragraphs(STORY)}",
    "in a form around the page": f"<form id=aspnetForm>{HEAD}<div>{paragraphs(STORY)}</div></form>",
    "in elements that are all called widgets": HEAD
    + "".join(f'<div class="builder-widget widget-text-editor"><p>{sentence}</p></div>' for sentence in STORY),
    "hidden from those who do not pay": f"<article>{HEAD}"
    + paragraphs(STORY[:1])
    + "".join(f'<div class=subscriber-only style="display:none"><p>{sentence}</p></div>' for sentence in STORY[1:])
    + "</article>",
    "in a table for layout": f"<table><tr><td><a href=/>Home</a></td><td>{HEAD}{paragraphs(STORY)}</td></tr></table>",
    "with its first paragraph beside the rest": f"<main>{HEAD}<div class=lead><p>{STORY[0]}</p></div>"
    f"<div class=article-body>{paragraphs(STORY[1:])}</div></main>",
    "in two parts around an advertisement": f"<main>{HEAD}<div class=article-body>{paragraphs(STORY[:3])}</div>"
    f"{SPLIT}<div class=article-body>{paragraphs(STORY[3:])}</div></main>",
    "in parts that were sent after it": f"<main>{HEAD}<div class=article-body>{paragraphs(STORY[:2])}"
    f'<template id="P:1"></template>{paragraphs(STORY[4:])}</div></main>'
    f'<div hidden id="S:1">{paragraphs(STORY[2:3])}<template id="B:2"></template></div>'
    f'<div hidden id="S:2">{paragraphs(STORY[3:4])}</div>',
    "in many small parts": f"<main>{HEAD}<div>"
    + "".join(f'<div><div class="chunk article-body"><p>{line}</p></div>{SPLIT}</div>' for line in STORY)
    + "</div></main>",
    "beside other articles in full": f"<main><article>{HEAD}{paragraphs(STORY)}</article>"
    + "".join(f"<article><h2>{title}</h2>{paragraphs([teaser * 5] * 9)}</article>" for title, teaser in OTHERS)
    + "</main>",
    "between line breaks": f"<article>{HEAD}<div>" + "<br><br>".join(STORY) + "</div></article>",
    "above a list of other articles": f"<main>{HEAD}<div>{paragraphs(STORY)}</div><section>{CARDS}</section></main>",
    "around a list of other articles": f"<main>{HEAD}{paragraphs(STORY[:3])}<div>{CARDS}</div>"
    f"{paragraphs(STORY[3:])}</main>",
    "above more comments than article": f"<article>{HEAD}{paragraphs(STORY)}</article><div id=comments>"
    + "".join(
        f"<p>{number}. I was there and it was not as the paper has it at all, the waves were higher.</p>"
        for number in range(30)
    )
    + "</div>",
    "under the name of the site in another h1": f"<header><h1>The Example Gazette</h1></header>"
    f"<p>We are looking for a photographer who owns a bicycle; letters to the editor, please.</p>"
    f"<main>{HEAD}<div>{paragraphs(STORY)}</div></main>",
}


@pytest.mark.parametrize("place", PLACES)
def test_the_article_is_found(place: str) -> None:
    assert blocks(PLACES[place]) == STORY


NOTES = [
    "Advertisement",
    "Read also: Ferry company drops its winter timetable after complaints",
    "Lesen Sie auch: Der Hafen von oben gesehen",
    "À lire aussi : le port vu du ciel",
    "4 min read",
    "Article continues below this ad",
    "Artikkelen fortsetter under annonsen",
    "An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt.",
    "If you value our reporting, please consider making a gift: support independent journalism for as little as $2.",
    "By Ann Rowe and John Carter",
    "Photo: Ann Rowe",
    "The harbour wall on Friday night, with the light still on. Credit: Ann Rowe / Example",
    "[Image via Example Harbour Office, Example TV]",
    "Show Caption",
    "Advertisement - Page continues below",
    "This story originally appeared in The Gull.",
    '[example-video-player video-id="hra2" name="The wall"]',
    "Includes information from The Associated Press",
    "Ann Rowe can be reached at ann.rowe@example.com. Follow her on X @annrowe.",
    "Share this article",
    "No responses yet",
    "© 2024 Example Ltd. All rights reserved.",
    "Sign up for our weekly newsletter and get the best of the coast in your inbox.",
]


@pytest.mark.parametrize("note", NOTES)
def test_notes_among_the_paragraphs_are_left_out(note: str) -> None:
    assert blocks(f"<article>{HEAD}{paragraphs([*STORY[:5], note, STORY[5]])}</article>") == STORY


ENDS = [
    "Related articles",
    "About the author",
    "Das könnte Sie auch interessieren",
    "Te puede interesar",
    "関連記事",
    "Читайте также",
    "3 comments",
]


@pytest.mark.parametrize("end", ENDS)
def test_a_heading_over_what_is_not_the_article_ends_it(end: str) -> None:
    rest = "<p>Ann has written for us since 2012.</p><p>She lives by the sea.</p>"
    assert blocks(f"<article>{HEAD}{paragraphs(STORY)}<h3>{end}</h3>{rest}</article>") == STORY


@pytest.mark.parametrize(
    "sentence",
    [
        "Our site in the harbour uses cookies that the baker leaves behind, said Rowe, and the gulls know it by now.",
        "More from the coast is expected on Monday, when the ferry company says what it lost in the storm.",
        "If you want to keep your boat, contact the harbour master, he said, and the harbour's credit: it is good.",
        "By Sunday the wind will have turned, and by Monday the boats will be out again, the harbour master said.",
    ],
)
def test_news_that_only_sounds_like_a_note_is_kept(sentence: str) -> None:
    story = [*STORY[:3], sentence, *STORY[3:]]
    assert blocks(f"<article>{HEAD}{paragraphs(story)}</article>") == story


def test_sections_of_the_article_keep_their_headings_though_one_is_called_discussion() -> None:
    sections = "".join(
        f"<h2>{name}</h2>{paragraphs(STORY[n : n + 2])}" for n, name in ((0, "Storm"), (2, "Discussion"))
    )
    found = blocks(f"<article>{HEAD}{sections}<h2>Outlook</h2>{paragraphs(STORY[4:])}</article>")
    assert found == ["Storm", *STORY[:2], "Discussion", *STORY[2:4], "Outlook", *STORY[4:]]


def test_what_the_article_quotes_from_elsewhere_is_kept() -> None:
    embed = f'<div class="social-embed"><blockquote class=tweet><p>{STORY[2]}</p></blockquote></div>'
    page = f"<article>{HEAD}{paragraphs(STORY[:2])}{embed}{paragraphs(STORY[3:])}</article>"
    assert blocks(page) == STORY


def test_headings_of_the_first_rank_within_the_article_cost_nothing_above_them() -> None:
    opening = [f"{sentence} It is so." for sentence in STORY[:3]]
    page = f"<main><h2>{TITLE}</h2><div>{paragraphs(opening)}<h1>Outlook</h1>{paragraphs(STORY[3:])}</div></main>"
    assert blocks(page)[-7:] == [*opening, "Outlook", *STORY[3:]]


def test_names_of_any_length_do_not_stay_in_memory() -> None:
    def read(first: int) -> None:
        names = "".join(f"<div class={number}-{'x' * 20_000}>1</div>" for number in range(first, first + 300))
        blocks(f"<article>{HEAD}{paragraphs(STORY)}</article>{names}")

    read(1000)  # what is made once is made
    tracemalloc.start()
    try:
        read(2000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2_000_000  # the names are 6 MB
