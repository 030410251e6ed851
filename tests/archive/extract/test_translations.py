"""An article names itself in other languages."""

from __future__ import annotations

import pytest

from archive.extract.article import extract
from archive.model import Extraction

URL = "https://news.example/en/2026/11/23/story"


def read(head: str) -> Extraction:
    text = "The harbour was quiet again, and nobody asked for more than one page at a time. " * 30
    head = f"<head><meta property=og:type content=article>{head}</head>"
    page = f"<html lang=en>{head}<body><article><h1>The harbour</h1><p>{text}</p></article></body></html>"
    return extract(page.encode(), url=URL, charset="utf-8")


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('rel="alternate" hreflang="de" href="/de/geschichte"', {"de": "https://news.example/de/geschichte"}),
        ('rel="nofollow ALTERNATE" hreflang="pt_BR" href="//br.example/h"', {"pt-br": "https://br.example/h"}),
        (
            'rel="alternate" type="text/html" hreflang=" zh-Hant-TW " href="/tw"',
            {"zh-hant-tw": "https://news.example/tw"},
        ),
        (f'rel="alternate" hreflang="en" href="{URL}/?utm_source=x#top"', {}),
        ('rel="alternate" hreflang="en-gb" href="/canonical"', {}),
        ('rel="alternate" hreflang="x-default" href="/"', {}),
        ('rel="alternate" hreflang="fr" type="application/rss+xml" href="/fr/feed"', {}),
        ('rel="alternate" hreflang="fr" href="javascript:go()"', {}),
        ('rel="alternate" hreflang="fr"', {}),
        ('rel="help" hreflang="fr" href="/fr"', {}),
        ('rel="alternate" hreflang="a language" href="/fr"', {}),
        ('rel="alternate" hreflang="fr" href="https://[bad/"', {}),
    ],
)
def test_links_that_name_it(link: str, found: dict[str, str]) -> None:
    said = read(f"<link rel=canonical href=/canonical><link {link}>")
    assert said.translations == found
    assert said.origins.get("translations") == ("hreflang" if found else None)


def test_the_first_of_a_language_and_no_flood() -> None:
    links = "".join(f'<link rel="alternate" hreflang="l{n:04}" href="/{n}">' for n in range(1000))
    one = '<link rel="alternate" hreflang="sv" href="/1"><link rel="alternate" hreflang="sv" href="/2">'
    assert read(one + links).translations == {"sv": "https://news.example/1"}
    many = "".join(f'<link rel="alternate" hreflang="aa-x{n:04}" href="/{n}">' for n in range(1000))
    assert len(read(many).translations) == 100
