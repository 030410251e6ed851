"""Edit histories of invented articles, and what is true of them: which event each capture shows, if any.

Every capture comes with other adverts, other teasers, other counters and another clock around the text. `Page.html` has
them where pages have them, `Page.slipped` in the text, as an extractor leaves them that was taken in: counters always,
adverts in the histories that are about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from random import Random
from typing import Final

from tests.newsroom.prose import LANGUAGES, Story

__all__ = ["KINDS", "History", "Page", "Step", "histories"]

KINDS: Final = ("typo", "correction", "paragraph", "headline", "live", "adverts", "deletion", "restoration")

_ADVERTS: Final = (
    "Fresh mattresses for every bed in the house from Dormello",
    "Drive the Velano Estate home this weekend",
    "Your savings deserve more than sympathy says Bank Corvino",
    "Hearing well starts with listening to Auris",
    "The garden furniture that outlives its guarantee",
    "Seven islands and one ferry pass with Mareblu",
    "Coffee that forgives Mondays by Torrefax",
    "Learn Portuguese in the time it takes to cook rice",
)
_COUNTERS: Final = (
    "{n} min read",
    "{m} shares",
    "{n} comments",
    "{n} hours ago",
    "Updated 3 March 2026, 1{d}:{m}",
    "Read also: {other}",
    "Subscribe to our newsletter, edition {n}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    language: str
    title: str
    paragraphs: tuple[str, ...]
    advert: str
    beside: str | None
    """The paragraph below which the advert gets into the text, if it does."""
    counters: tuple[str, ...]
    teasers: tuple[str, ...]
    live: bool

    @property
    def slipped(self) -> str:
        """The text, with counters above, and perhaps an advert."""
        lines = [*self.counters, *self.paragraphs]
        if self.beside:
            lines.insert(lines.index(self.beside) + 1, self.advert)
        return "\n\n".join(lines)

    @property
    def html(self) -> str:
        paragraphs = [f"<p>{escape(each)}</p>" for each in self.paragraphs]
        paragraphs.insert(2, f'<div class="advert"><a href="/ad?{len(self.advert)}">{escape(self.advert)}</a></div>')
        meta = "".join(f"<span>{escape(each)}</span> " for each in self.counters)
        teasers = "".join(
            f'<li><a href="/{number}">{escape(each)}</a></li>' for number, each in enumerate(self.teasers)
        )
        kind = "LiveBlogPosting" if self.live else "NewsArticle"
        return f"""<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">
<title>{escape(self.title)} - The Herald</title><meta property="og:type" content="article">
<meta property="og:title" content="{escape(self.title)}">
<script type="application/ld+json">{{"@type": "{kind}", "datePublished": "2026-03-01T07:00:00Z"}}</script>
</head><body><nav><a href="/">Home</a></nav><article><h1>{escape(self.title)}</h1>
<div class="meta">{meta}</div>{"".join(paragraphs)}</article>
<aside class="related"><h2>More</h2><ul>{teasers}</ul></aside><footer>The Herald</footer></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A capture: a page, or, without one, a status and perhaps a redirect; and the events that it shows."""

    page: Page | None = None
    status: int = 200
    redirect: str | None = None
    events: tuple[tuple[str, str | None], ...] = ()
    """Kind and what of it: weight, fields that make a version; or the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    number: int
    kind: str
    steps: tuple[Step, ...]

    @property
    def path(self) -> str:
        return f"/2026/03/01/story-number-{self.number:03}-in-full"

    @property
    def truth(self) -> list[tuple[str, str | None]]:
        return [event for step in self.steps for event in step.events]


def histories(count: int, seed: int) -> Iterator[History]:
    """As many histories, of each kind in turn; the same for the same seed."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield History(number=number, kind=kind, steps=tuple(_Author(kind, Random(f"{seed} {number}")).steps()))


class _Author:
    """Writes an article and edits it."""

    def __init__(self, kind: str, random: Random) -> None:
        self._kind = kind
        self._random = random
        # Words are not told apart in Chinese and Japanese: no slips of spelling, and counters in English all the same.
        self._language = random.choice([each for each in LANGUAGES if kind != "typo" or each not in ("ja", "zh")])
        self._story = Story(self._language, "politics", random)
        whole = self._story.paragraphs(20)
        kept = max(3, len(whole) - 3)
        self._spare = list(whole[kept:])
        self._page = Page(
            language=self._language,
            title=self._story.title(),
            paragraphs=whole[:kept],
            advert="",
            beside=whole[1] if kind == "adverts" else None,
            counters=(),
            teasers=(),
            live=kind == "live",
        )

    def steps(self) -> Iterator[Step]:
        yield self._show(("first", None))
        yield from self._again()
        if self._kind == "adverts":
            yield from self._advertise()
        elif self._kind == "live":
            yield from self._live()
        elif self._kind in ("deletion", "restoration"):
            yield from self._leave()
        else:
            kinds = [self._kind, *self._random.sample(["typo", "correction", "paragraph", "headline"], 2)]
            for kind in kinds:
                if step := self._edit(kind):
                    yield step
                    yield from self._again()

    def _again(self) -> Iterator[Step]:
        """The same article, looked at again."""
        for _ in range(self._random.randrange(3)):
            yield self._show()

    def _advertise(self) -> Iterator[Step]:
        for _ in range(self._random.randrange(2, 6)):
            yield self._show()
        if step := self._edit(self._random.choice(["typo", "correction", "paragraph", "headline"])):
            yield step
            yield self._show()

    def _live(self) -> Iterator[Step]:
        clock = self._random.random() < 0.7
        entry = "09:{:02} {}" if clock else "{1}"
        for number in range(self._random.randrange(4, 9)):
            text = self._story.description() + f" ({number + 1})"
            lead, *rest = self._page.paragraphs
            self._page = replace(self._page, paragraphs=(lead, entry.format(10 + number, text), *rest))
            yield self._show(("grown", "text"))
            if clock:
                yield from self._again()

    def _leave(self) -> Iterator[Step]:
        if self._random.random() < 0.5 and (step := self._edit("correction")):
            yield step
        status, redirect, event = self._random.choice(
            [
                (404, None, ("deleted", None)),
                (410, None, ("deleted", None)),
                (301, "/", ("deleted", "/")),
                (301, "/archive/elsewhere/the-story", ("moved", "/archive/elsewhere/the-story")),
            ]
        )
        yield Step(status=status, redirect=redirect, events=(event,))
        if self._random.random() < 0.5:
            yield Step(status=status, redirect=redirect)
        if self._kind == "restoration":
            step = self._edit("paragraph") if self._random.random() < 0.5 else None
            back = step or self._show()
            yield replace(back, events=(("restored", None), *back.events))

    def _edit(self, kind: str) -> Step | None:
        page = self._page
        at = self._random.randrange(len(page.paragraphs))
        text = page.paragraphs[at]
        if kind == "headline":
            title = next(title for title in iter(self._story.title, None) if title != page.title)
            self._page = replace(page, title=title)
            return self._show(("edited", "substantial title"))
        if kind == "paragraph":
            if not self._spare:
                return None
            added = (*page.paragraphs[:at], self._spare.pop(), *page.paragraphs[at:])
            self._page = replace(page, paragraphs=added)
            return self._show(("edited", "substantial text"))
        edited = self._slip(text) if kind == "typo" else self._correct(text)
        if edited is None or edited == text:
            return None
        beside = edited if page.beside == text else page.beside
        self._page = replace(
            page, paragraphs=(*page.paragraphs[:at], edited, *page.paragraphs[at + 1 :]), beside=beside
        )
        return self._show(("edited", "minor text" if kind == "typo" else "substantial text"))

    def _slip(self, text: str) -> str | None:
        """Two letters turned in a word, one lost or doubled, or a mark changed."""
        words = text.split(" ")
        long = [number for number, word in enumerate(words) if len(word) > 5 and word.isalpha()]
        if not long or self._random.random() < 0.2:
            return f"{text[:-1]}!" if text.endswith(".") else None
        at = self._random.choice(long)
        word = words[at]
        cut = self._random.randrange(1, len(word) - 2)
        turned = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
        words[at] = self._random.choice(
            [turned, word[:cut] + word[cut + 1 :], word[:cut] + word[cut] * 2 + word[cut + 1 :]]
        )
        return " ".join(words)

    def _correct(self, text: str) -> str | None:
        """Another number; or else a word taken out."""
        for word in text.split(" "):
            if word.isdigit():
                return text.replace(word, str(int(word) + self._random.randrange(1, 9)), 1)
        words = text.split(" ")
        if len(words) < 5 or not words[3].isalpha() or words[2] == words[4]:
            return None
        return " ".join([*words[:3], *words[4:]])

    def _show(self, *events: tuple[str, str | None]) -> Step:
        rng = self._random
        values = {
            "n": rng.randrange(2, 20),
            "m": rng.randrange(10, 60),
            "d": rng.randrange(10),
            "other": rng.choice(_ADVERTS),
        }
        self._page = replace(
            self._page,
            advert=rng.choice([each for each in _ADVERTS if each != self._page.advert]),
            counters=tuple(each.format(**values) for each in rng.sample(_COUNTERS, 3)),
            teasers=tuple(rng.sample(_ADVERTS, 3)),
        )
        return Step(page=self._page, events=events)
