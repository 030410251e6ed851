"""Five article pages as outlets build them: what a page says of itself, and where, differs; what is true does not.

ledger     JSON-LD NewsArticle
graph      JSON-LD with @graph, references between its nodes, and a page full of boxes
opengraph  OpenGraph and article:* meta elements only
microdata  schema.org attributes on the elements themselves
press      a blog system's classes, a byline and a <time> element: nothing else
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

from tests.newsroom.world import NAME, SECTIONS, Article, slug

__all__ = ["TEMPLATES", "article_page", "author_path", "shell", "tag_path"]


def author_path(name: str) -> str:
    return f"/author/{slug(name) or name.encode().hex()}/"


def tag_path(tag: str) -> str:
    return f"/tag/{slug(tag) or tag.encode().hex()}/"


def shell(title: str, head: str, main: str, *, lang: str = "en", direction: str = "ltr", charset: str = "utf-8") -> str:
    """What every page of the outlet has around its content."""
    sections = "".join(f'<li><a href="/{name}/">{name.title()}</a></li>' for name in SECTIONS)
    return f"""<!doctype html>
<html lang="{lang}" dir="{direction}">
<head>
<meta charset="{charset}">
<title>{escape(title)}</title>
<link rel="stylesheet" href="/assets/site.css">
<link rel="icon" href="/favicon.ico">
{head}
</head>
<body>
<div id="cookie-banner" class="cookie-consent" role="dialog"><p>We use cookies.</p><button>Accept</button></div>
<header class="site-header"><a class="logo" href="/">{NAME}</a>
<nav class="main-nav"><ul>{sections}<li><a href="/video/">Video</a></li></ul></nav>
<form action="/search" role="search"><input name="q" type="search"><button>Search</button></form>
<a href="/login">Sign in</a></header>
{main}
<footer class="site-footer"><nav><a href="/about">About us</a> <a href="/contact">Contact</a>
<a href="/feed.xml">RSS</a> <a href="/private/drafts.html">Drafts</a></nav>
<p>© {NAME}. All rights reserved.</p></footer>
</body>
</html>
"""


def _stamp(moment: datetime) -> str:
    return moment.isoformat()


def _paragraphs(article: Article) -> str:
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)


def _byline(article: Article) -> str:
    return " &amp; ".join(f'<a rel="author" href="{author_path(a)}">{escape(a)}</a>' for a in article.authors)


def _related(others: Sequence[Article]) -> str:
    items = "".join(f'<li><a href="{other.path}">{escape(other.title)}</a></li>' for other in others)
    return f'<aside class="related"><h2>Related</h2><ul>{items}</ul></aside>'


_NEWSLETTER = (
    '<aside class="newsletter-signup"><h3>Our newsletter</h3><p>The day in five minutes, every morning.</p>'
    '<form><input type="email" name="email"><button>Sign up</button></form></aside>'
)
_COMMENTS = (
    '<section id="comments" class="comments"><h2>2 comments</h2>'
    '<div class="comment"><p>About time somebody wrote this down.</p></div>'
    '<div class="comment"><p>I was there and the hall was half empty.</p></div></section>'
)


def _figure(article: Article) -> str:
    return f'<figure><img src="{article.image}" alt="" width="640"><figcaption>Photo: {NAME}</figcaption></figure>'


def _tags(article: Article) -> str:
    return " ".join(f'<a rel="tag" href="{tag_path(tag)}">{escape(tag)}</a>' for tag in article.tags)


_TYPES = {"opinion": "OpinionNewsArticle", "live-blog": "LiveBlogPosting"}


def _linked_data(article: Article, base: str) -> dict[str, object]:
    return {
        "@type": _TYPES.get(article.kind, "NewsArticle"),
        "headline": article.title,
        "datePublished": _stamp(article.published),
        "dateModified": _stamp(article.updated),
        "author": [{"@type": "Person", "name": name, "url": base + author_path(name)} for name in article.authors],
        "publisher": {"@type": "Organization", "name": NAME},
        "articleSection": article.section.title(),
        "keywords": list(article.tags),
        "description": article.description,
        "image": [base + article.image],
        "inLanguage": article.language,
        "mainEntityOfPage": base + article.path,
    }


def _script(data: object) -> str:
    text = json.dumps(data).replace("</", r"<\/")
    return f'<script type="application/ld+json">{text}</script>'


def _canonical(article: Article, base: str) -> str:
    return f'<link rel="canonical" href="{base}{article.path}">'


def _description(article: Article) -> str:
    return f'<meta name="description" content="{escape(article.description)}">'


Parts = tuple[str, str]
"""What goes into <head>, and the page's main part."""


def _ledger(article: Article, base: str, others: Sequence[Article]) -> Parts:
    data = {"@context": "https://schema.org", **_linked_data(article, base)}
    main = f"""<main><article>
<header><p class="kicker">{article.section.title()}</p><h1>{escape(article.title)}</h1>
<p class="byline">By {_byline(article)}</p>
<time datetime="{_stamp(article.published)}">{article.published:%d %B %Y, %H:%M}</time></header>
{_figure(article)}
<div class="article-body">{_paragraphs(article)}</div>
<p class="tags">{_tags(article)}</p>
</article>{_NEWSLETTER}{_related(others)}</main>"""
    return _canonical(article, base) + _description(article) + _script(data), main


def _graph(article: Article, base: str, others: Sequence[Article]) -> Parts:
    node = _linked_data(article, base)
    people = [{"@type": "Person", "@id": f"{base}{author_path(name)}#person", "name": name} for name in article.authors]
    node |= {"author": [{"@id": person["@id"]} for person in people], "isPartOf": {"@id": base + article.path}}
    page = {"@type": "WebPage", "@id": base + article.path, "name": f"{article.title} - {NAME}"}
    site = {"@type": "WebSite", "@id": base + "/#website", "name": NAME, "url": base + "/"}
    data = {"@context": "https://schema.org", "@graph": [site, page, node, *people]}
    main = f"""<div class="layout"><div class="col-left">{_NEWSLETTER}</div>
<div class="col-main"><article class="story">
<h1 class="story__headline">{escape(article.title)}</h1>
<p class="story__standfirst">{escape(article.description)}</p>
<div class="story__meta"><span class="story__authors">{_byline(article)}</span></div>
{_figure(article)}
<div class="story__content">{_paragraphs(article)}</div>
</article>{_COMMENTS}</div>
<div class="col-right">{_related(others)}</div></div>"""
    return _canonical(article, base) + _description(article) + _script(data), main


def _opengraph(article: Article, base: str, others: Sequence[Article]) -> Parts:
    properties = [
        ("og:type", "video.other" if article.kind == "video" else "article"),
        ("og:site_name", NAME),
        ("og:title", article.title),
        ("og:description", article.description),
        ("og:url", base + article.path),
        ("og:image", base + article.image),
        ("og:locale", article.language),
        ("article:published_time", _stamp(article.published)),
        ("article:modified_time", _stamp(article.updated)),
        ("article:section", article.section.title()),
        *(("article:tag", tag) for tag in article.tags),
        *(("article:author", name) for name in article.authors),
    ]
    metas = "\n".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in properties)
    authors = "".join(f'<meta name="author" content="{escape(name)}">' for name in article.authors)
    main = f"""<main id="content"><article>
<h1>{escape(article.title)}</h1>
{_figure(article) * (6 if article.kind == "gallery" else 1)}
<section class="body">{_paragraphs(article)}</section>
</article>{_related(others)}{_COMMENTS}</main>"""
    return metas + authors + _canonical(article, base), main


def _microdata(article: Article, base: str, others: Sequence[Article]) -> Parts:
    authors = " and ".join(
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<a rel="author" href="{author_path(name)}"><span itemprop="name">{escape(name)}</span></a></span>'
        for name in article.authors
    )
    main = f"""<main><article itemscope itemtype="https://schema.org/NewsArticle">
<link itemprop="mainEntityOfPage" href="{base}{article.path}">
<h1 itemprop="headline">{escape(article.title)}</h1>
<p class="meta">{authors} |
<time itemprop="datePublished" datetime="{_stamp(article.published)}">{article.published:%Y-%m-%d %H:%M}</time>
<meta itemprop="dateModified" content="{_stamp(article.updated)}"></p>
<img itemprop="image" src="{article.image}" alt="">
<div itemprop="articleBody">{_paragraphs(article)}</div>
<p>Filed under <span itemprop="articleSection">{article.section.title()}</span>:
<span itemprop="keywords">{_tags(article)}</span></p>
</article>{_related(others)}{_NEWSLETTER}</main>"""
    return _canonical(article, base) + _description(article), main


def _press(article: Article, base: str, others: Sequence[Article]) -> Parts:
    day = f"{article.published:%B %d, %Y}"
    posted = f'<time class="entry-date published" datetime="{_stamp(article.published)}">{day}</time>'
    changed = ""
    if article.modified:
        changed = f'<time class="updated" datetime="{_stamp(article.modified)}">{article.modified:%B %d, %Y}</time>'
    main = f"""<div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-{article.number}" class="post type-post status-publish hentry category-{article.section}">
<header class="entry-header"><h1 class="entry-title">{escape(article.title)}</h1>
<div class="entry-meta"><span class="posted-on">Posted on {posted}{changed}</span>
<span class="byline">by <span class="author vcard">{_byline(article)}</span></span></div></header>
<div class="post-thumbnail"><img src="{article.image}" alt=""></div>
<div class="entry-content">{_paragraphs(article)}</div>
<footer class="entry-footer"><span class="tags-links">{_tags(article)}</span></footer>
</article>{_COMMENTS}</main></div><div id="secondary" class="widget-area">{_related(others)}</div>"""
    return _canonical(article, base), main


TEMPLATES: dict[str, Callable[[Article, str, Sequence[Article]], Parts]] = {
    "ledger": _ledger,
    "graph": _graph,
    "opengraph": _opengraph,
    "microdata": _microdata,
    "press": _press,
}


def article_page(article: Article, base: str, others: Sequence[Article]) -> bytes:
    """The page in the article's own charset; what that cannot write goes out as character references."""
    head, main = TEMPLATES[article.template](article, base, others)
    page = shell(
        f"{article.title} | {NAME}",
        head,
        main,
        lang=article.language,
        direction=article.direction,
        charset=article.charset,
    )
    return page.encode(article.charset, "xmlcharrefreplace")
