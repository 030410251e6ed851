"""A page to an article: bytes in, plain values out.

The same bytes give the same Extraction, whatever was read before and in whichever process: nothing here looks at the
clock, the network or an earlier page. A page that cannot be read is an Extraction too, with `error` and the label
``failed``; only a defect of this program raises.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from lxml import etree

from archive.errors import ExtractionFailed
from archive.extract import blocks, labels, language, metadata, pdf, published, ruled, streamed, text
from archive.extract.decode import decode, parse
from archive.extract.figures import figures
from archive.extract.genre import genre, shows_media
from archive.extract.identity import EXTRACTOR, VERSION, failed, options_with
from archive.extract.inline import make_absolute
from archive.extract.kind import judge
from archive.extract.page import Page
from archive.extract.tame import tame
from archive.extract.translations import translations
from archive.extract.wishes import asked, wishes
from archive.http import Head
from archive.model import NOT_ARTICLES, Discovery, Extraction
from archive.recipes.recipe import Recipe
from archive.sniff import sniff

__all__ = ["extract"]

# What the engines say of single pages is of no use in our log: a page they fail on is counted as failed.
for _name in ("trafilatura", "htmldate", "readability", "courlan", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def extract(
    html: bytes,
    *,
    url: str,
    charset: str | None,
    head: Head | None = None,
    hint: Discovery | None = None,
    recipe: Recipe | None = None,
    captured: datetime | None = None,
) -> Extraction:
    """What the page `html` says; `html` without content encoding, `charset` the label of its Content-Type header.

    `head` is that of the response, for what a publisher asks there. A recipe's findings go before all others. What the
    page dates as "2 hours ago" is counted from when it was `captured`.
    """
    try:
        if html.startswith(_PDF):
            return pdf.extract(html, url=url, head=head, hint=hint, captured=captured)
        markup = decode(html, charset)
        tree = parse(markup)
        tame(tree)
        streamed.settle(tree)
    except ExtractionFailed as error:
        return failed(url, str(error), recipe.id if recipe else None)
    found = recipe.apply(tree) if recipe else None
    if found and found.dropped:
        markup = etree.tostring(tree, encoding="unicode", method="html")  # for those who read the page anew
    page = Page.of(tree, url)
    kind = recipe.kind if recipe and recipe.kind else _kind(html, page, hint)
    article = kind not in NOT_ARTICLES
    about = metadata.read(page, tree, hint, thorough=article, captured=captured)
    languages = translations(page) if article else {}
    make_absolute(tree, page.base)
    if found and found.body:
        body = text.Body(tree=ruled.body_of(found.body, url), engine="recipe")
    else:
        body = text.body(tree, markup, title=about.title, thorough=article)
    lines = blocks.lines(body.tree, page.base)
    plain = "\n\n".join(line.text for line in lines)
    pictures = figures(tree, [line.text for line in lines], page.base) if article else ()
    count = text.words(plain)
    origins = about.origins | {"text": body.engine}
    image = about.image
    if image is None and pictures:
        image, origins["image"] = pictures[0].url, "figure"
    if languages:
        origins["translations"] = "hreflang"
    asks = asked(head, page.meta, hint)
    given = wishes(asks) | dict.fromkeys(hint.labels if hint else (), "source")
    origins |= {f"labels.{label}": origin for label, origin in given.items()}
    if kind == "article":
        kind, origins["kind"] = genre(page, plain)
    if recipe and recipe.kind:
        origins["kind"] = "recipe"
    spoken = language.detect(plain, about.language)
    if spoken != about.language:
        origins["language"] = "detected"
    said = Extraction(
        url=url,
        canonical_url=about.canonical_url,
        title=about.title,
        authors=about.authors,
        published=about.published,
        published_precision=about.published_precision,
        modified=about.modified,
        language=spoken,
        language_declared=about.language,
        translations=languages,
        site=about.site,
        section=about.section,
        tags=about.tags,
        description=about.description,
        image=image,
        text=plain or None,
        blocks=tuple(line.block for line in lines),
        figures=pictures,
        kind=kind,
        labels=tuple(sorted({*labels.judge(page, tree, plain, count), *given})),
        asks=asks,
        word_count=count,
        origins={field: origin for field, origin in sorted(origins.items()) if origin},
        extractor=EXTRACTOR,
        version=VERSION,
        options=options_with(recipe.id if recipe else None),
    )
    return ruled.overruled(said, found, published.setting(page, captured)) if found else said


def _kind(html: bytes, page: Page, hint: Discovery | None) -> str:
    """``article``, ``index`` or ``other``."""
    if sniff(html) in _NO_PAGES:
        return "other"
    kind = judge(page, hint)
    return "article" if kind == "other" and shows_media(page) else kind


_PDF: Final = b"%PDF-"

_NO_PAGES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml", "application/json"}
)
"""What is no page, whatever its Content-Type says: feeds and sitemaps are often served as text/html."""
