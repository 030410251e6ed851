"""What speaks for a page being an article, and what against it: each sign by a name, from a page looked through. Pure.

From what the page declares, from its URL, from what it is made of, and from how it was found. Names of classes count
only where many systems share them; none is that of a site.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from archive.extract import jsonld
from archive.extract.page import Page
from archive.extract.survey import Survey
from archive.model import Discovery
from archive.urls import split

__all__ = ["signs"]

_ARTICLE: Final = frozenset({"article", "news", "blog", "post", "newsarticle", "blogposting"})
_NEWS: Final = re.compile(r"\w+NewsArticle|NewsArticle|(?:Live)?BlogPosting")
_FORUM: Final = frozenset({"DiscussionForumPosting", "QAPage"})
_GOODS: Final = frozenset(
    {"Product", "ProductGroup", "Service", "ProfessionalService", "LocalBusiness", "Store", "Restaurant", "Hotel"}
    | {"Course", "SoftwareApplication", "JobPosting", "RealEstateListing"}
)
_MEDIA: Final = frozenset({"VideoObject", "AudioObject", "PodcastEpisode", "ImageGallery", "Movie", "TVEpisode"})
_LISTS: Final = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
_DATE_NAMES: Final = (
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "pubdate",
    "date",
    "dc.date.issued",
    "publish-date",
)
_SOFTWARE: Final = re.compile(
    r"""phpbb|xenforo|discourse|vbulletin|simple\ machines|invision|flarum|nodebb|mybb|vanilla|question2answer
    |sphinx|mkdocs|docusaurus|mdbook|doxygen|gitbook|vuepress|vitepress|mediawiki""",
    re.IGNORECASE | re.VERBOSE,
)

_FRONT: Final = re.compile(r"/?(?:index\.\w+|home|[a-z]{2}(?:-[a-z]{2})?|)/?", re.IGNORECASE)
_LIST_PATH: Final = re.compile(
    r"""/(?:tags?|topics?|themen?|temas?|categor(?:y|ies|ia|ias)|kategorie|rubri(?:k|que|ca)s?|sections?|authors?
    |autor(?:en|es)?|auteurs?|contributors?|people|by|archives?|archiv|search|suche|recherche|buscar|cerca|list
    |collections?|trending|page/\d+|browse)(?:/[^/]*){0,2}$""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_NAME: Final = re.compile(
    r"/(?:lists?|archives?|latest|all|results|directory|find|events?|awards|issues|news|reviews|blog)/?$",
    re.IGNORECASE,
)
_SEARCH_QUERY: Final = re.compile(r"(?:^|&)(?:s|q|query|search)=", re.IGNORECASE)
_OTHER_PATH: Final = re.compile(
    r"""/(?:log-?in|sign-?(?:in|up)|register|account|subscri(?:be|ption)s?|newsletters?|cart|checkout|contact(?:-us)?
    |kontakt|impressum|about(?:-us)?|privacy(?:-policy)?|datenschutz|terms(?:-of-\w+)?|cookies?(?:-policy)?|legal|help
    |faqs?|careers?|jobs|advertise|pricing|shop|store|products?|dp|services?|solutions?|coupons?[\w-]*|forums?|threads?
    |boards?|discussions?|community|questions?|viewtopic\.php|docs?|documentation|reference|api|userguide|manual
    |courses?|programs?)(?:/|\.\w+$|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_FORUM_PATH: Final = re.compile(
    r"""/(?:t|threads?|topics?|forums?|showthread|viewtopic|questions?|discussions?|comments|groups|community)
    (?:/|\.|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_HOST: Final = re.compile(
    r"(?:docs?|forums?|shop|store|community|help|support|wiki|developers?)\.", re.IGNORECASE
)
_ARTICLE_PATH: Final = re.compile(
    r"""/(?:articles?|artikel|stor(?:y|ies)|news|blogs?|posts?|nachrichten|noticias?|actualites?|opinion
    |press-releases?|releases?|columns?|features?|reviews?)/.*[^/]{12}""",
    re.IGNORECASE | re.VERBOSE,
)
_DATED_PATH: Final = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]?\d{1,2})?[/-]|/(?:19|20)\d{6}", re.IGNORECASE
)
_LONG_NAME: Final = re.compile(r"[^\W_]+(?:[-_+][^\W_]+){3,}|\D*\d{5,}")

_LONG: Final = 60
"""Characters at the start of a paragraph of some length."""

_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{1,2}")

_BODIES: Final = {
    "body of a post": re.compile(
        r"\bsingle-(?:post|article|news|format)|\bpostid-|\bpost-template|node-type-(?:article|news|blog|story)"
        r"|article|story"
    ),
    "body of a list": re.compile(r"archive|category|taxonomy|\btax-|\bhome\b|search|listing|collection"),
}
"""Classes of the body element by which the systems behind most sites tell their templates apart."""
_CLASSES: Final = {
    "class of prices": ("price",),
    "class of filters": ("filter", "facet"),
    "class of posters": ("post-count", "postcount", "reputation", "user-title", "usertitle", "signature", "poster"),
    "class of avatars": ("avatar",),
    "class of votes": ("upvote", "karma", "vote"),
    "class of pages": ("paginat", "pager", "page-numbers"),
    "class of questions": ("faq", "accordion"),
    "class of authors": ("author", "byline"),
    "class of an entry": (
        *("entry-content", "article-body", "articlebody", "article-content", "article__body", "article__content"),
        *("post-body", "post-content", "post__content", "story-body"),
    ),
    "class of testimonials": ("testimonial",),
    "class of pricing": ("pricing",),
}


def signs(page: Page, hint: Discovery | None = None) -> frozenset[str]:
    """The names of all signs that a page shows; `hint` is what named it."""
    found = {*_declared(page), *_named(page.url), *_built(page.survey), *_shown(page)}
    if hint and hint.listing in ("feed", "sitemap"):
        found.add(f"listed in a {hint.listing}")
    return frozenset(found)


def _declared(page: Page) -> Iterator[str]:
    own = page.node is not None and jsonld.is_article(page.node)
    if page.node is not None and own:
        yield "article node"
        if page.said("datePublished"):
            yield "article node with a date"
        if any(map(_NEWS.fullmatch, jsonld.types(page.node))):
            yield "news node"
    types = frozenset().union(*map(jsonld.types, page.nodes))
    for sign, wanted in (("forum node", _FORUM), ("goods node", _GOODS), ("media node", _MEDIA), ("list node", _LISTS)):
        if types & wanted and (not own or wanted is _FORUM):
            yield sign
    if "BreadcrumbList" in types:
        yield "crumbs node"
    if types & {"Offer", "AggregateOffer", "AggregateRating"}:
        yield "offer node"
    og_type = (page.first("og:type") or "").lower()
    if og_type in _ARTICLE:
        yield "og:type article"
    if "product" in og_type or og_type.startswith(("profile", "business", "place", "video", "music")):
        yield "og:type of goods"
    if page.first("article:published_time", "og:published_time", *_DATE_NAMES) or page.items.get("datePublished"):
        yield "publication date"
    if page.first("author"):
        yield "author in meta"
    if page.first("article:section", "article:tag", "news_keywords"):
        yield "section in meta"
    if page.first("product:price:amount", "og:price:amount", "product:availability"):
        yield "price"
    if _SOFTWARE.search(page.first("generator") or ""):
        yield "software"


def _named(address: str) -> Iterator[str]:
    url = split(address)
    path = unquote(url.path)
    if _FRONT.fullmatch(path) and not url.query:
        yield "front page"
    if _LIST_PATH.search(path) or _SEARCH_QUERY.search(url.query):
        yield "path of a list"
    if _LIST_NAME.search(path):
        yield "name of a list"
    if _OTHER_PATH.search(path) or _OTHER_HOST.match(url.netloc):
        yield "path of no article"
    if _FORUM_PATH.search(path):
        yield "path of a forum"
    if _ARTICLE_PATH.search(path):
        yield "path of articles"
    if _DATED_PATH.search(path):
        yield "dated path"
    name = path.rstrip("/").rpartition("/")[2]
    if _LONG_NAME.match(name):
        yield "long or numbered name"
    if "-" in name:
        yield "name of several words"


def _built(survey: Survey) -> Iterator[str]:
    body = survey.first("body")
    template = " ".join(filter(None, (body.get("class"), body.get("id")))).lower() if body is not None else ""
    for sign, pattern in _BODIES.items():
        if pattern.search(template):
            yield sign
    classes = survey.classes.lower()
    for sign, words in _CLASSES.items():
        if any(word in classes for word in words):
            yield sign
    count = {tag: len(found) for tag, found in survey.elements.items()}
    for sign, is_there in (
        ("caption", "figcaption" in count),
        ("figure", "figure" in count),
        ("quotation", "blockquote" in count),
        ("drawing", "svg" in count),
        ("paragraphs together", _together(survey) >= 4),
        ("one article element", count.get("article") == 1),
        ("much code", count.get("pre", 0) >= 3 or count.get("code", 0) >= 8),
        ("many fields", count.get("input", 0) > 15),
        ("many elements", survey.size > 3000),
    ):
        if is_there:
            yield sign


def _together(survey: Survey) -> int:
    """The most paragraphs of some length that stand in one element."""
    long = (paragraph for paragraph in survey.all("p") if (text := paragraph.text) is not None and len(text) >= _LONG)
    return max(Counter(paragraph.getparent() for paragraph in long).values(), default=0)


def _words(headline: str) -> int:
    """How many words it has; in scripts without spaces, two characters make one."""
    return len(_UNSPACED.sub(" x ", headline).split())


def _shown(page: Page) -> Iterator[str]:
    survey = page.survey
    words = max(map(_words, page.h1s), default=0)
    for sign, is_there in (
        ("link to an author", page.author_links),
        ("date by the headline", page.shown_dates),
        ("many times", len(page.times) >= 8),
        ("headline of five words", words >= 5),
        ("sums of money", survey.prices >= 1),
        ("many prices", survey.prices >= 5),
        ("little prose", survey.prose < 400),
        ("prose of pages", survey.prose >= 8000),
        ("few runs of prose", survey.runs < 5),
        ("mostly teasers", survey.teasers * 150 > survey.prose),
        ("many teasers", survey.teasers > 25),
    ):
        if is_there:
            yield sign
