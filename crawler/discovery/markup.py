"""Feeds' and sitemaps' XML, as damaged as it comes: text to a tree, and what was wrong with it.

What kills parsers never reaches one: the prologue with its document type is cut off, so that nothing is declared,
fetched or expanded; references that XML does not know become the characters HTML means by them, or plain text. What
lxml still cannot hold together is read entry by entry, so that one broken entry costs itself only. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import pairwise

from lxml import etree

__all__ = ["Element", "children", "entries", "local", "start_of", "text_of"]

Element = etree._Element

_DOCTYPE_MARK = re.compile(r"""["'\[\]>]|<!--""")
_DAMAGE = re.compile(
    r"""(?P<kept><!\[CDATA\[(?:(?!\]\]>).)*+(?:\]\]>)?|<!--(?:(?!-->).)*+(?:-->)?)
    |&(?P<name>\w{2,31});|&(?P<bare>(?!\#[0-9]{1,7};|\#[xX][0-9a-fA-F]{1,6};))|(?P<less><(?![A-Za-z_/!?]))""",
    re.VERBOSE | re.DOTALL,
)
_UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PATIENCE = 100
"""Entries in a row that may be empty before the rest of a damaged document is taken for rubbish."""
_FIELDS = frozenset({"title", "link", "guid", "id", "pubDate", "published", "updated", "dc:date", "loc", "lastmod"})
_XML_NAMES = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}
"""By number, as libxml2 drops references by name in what follows the first thing that it had to mend."""
_DECLARATION = re.compile(r"""\sxmlns(?::[\w.-]{1,40})?\s*=\s*(?:"[^"<]{0,300}"|'[^'<]{0,300}')""")

_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    "http://www.google.com/schemas/sitemap-image/1.1": "image:",
    "http://www.google.com/schemas/sitemap-video/1.1": "video:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
_PLAIN = (
    "http://purl.org/rss/",
    "http://backend.userland.com/",
    "http://my.netscape.com/",
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atom/",
    "http://www.sitemaps.org/",
    "https://www.sitemaps.org/",
    "http://www.google.com/schemas/sitemap/",
    "https://www.google.com/schemas/sitemap/",
    "http://cyber.law.harvard.edu/",
    "http://blogs.law.harvard.edu/",
)


def start_of(text: str) -> int:
    """Where the root element starts, beyond declarations, document type, comments and rubbish."""
    place = text.find("<")
    while 0 <= place < len(text) - 1:
        following = text[place + 1]
        if following.isalpha() or following == "_":
            return place
        after = place + 1
        if text.startswith("<?", place):
            after = _beyond(text, "?>", after)
        elif text.startswith("<!--", place):
            after = _beyond(text, "-->", after)
        elif text[place : place + 9].upper() == "<!DOCTYPE":
            after = _beyond_doctype(text, after)
        place = text.find("<", after)
    return len(text)


def _beyond(text: str, end: str, start: int) -> int:
    """The place after `end`; where there is no end there is nothing left that could be told apart."""
    place = text.find(end, start)
    return place + len(end) if place >= 0 else len(text)


def _beyond_doctype(text: str, start: int) -> int:
    """The place after a document type, its internal subset with whatever that quotes or comments on included."""
    place, inside = start, False
    while mark := _DOCTYPE_MARK.search(text, place):
        place = mark.end()
        if mark[0] in "\"'":
            place = _beyond(text, mark[0], place)
        elif mark[0] == "<!--":
            place = _beyond(text, "-->", place)
        elif mark[0] in "[]":
            inside = mark[0] == "["
        elif not inside:
            return place
    return len(text)


def entries(text: str, names: frozenset[str]) -> tuple[Element | None, list[Element], str | None]:
    """The root, the elements of these names (without prefix) in order, and what was wrong with the document."""
    source = _mend(text[start_of(text) :])
    parser = _parser()
    root = _tree(source, parser)
    if root is None:
        return None, [], "no XML in it"
    damage = parser.error_log.filter_from_errors()
    grave = [error for error in damage if error.domain_name != "NAMESPACE"]
    if not grave:
        return root, [element for element in root.iter() if local(element) in names], None
    first = grave[0]
    return root, list(_one_by_one(source, names)), f"damaged XML, line {first.line}: {first.message.strip()}"


def _mend(text: str) -> str:
    def mend(match: re.Match[str]) -> str:
        if match["kept"]:
            return match["kept"]
        if match["less"]:
            return _XML_NAMES["lt"]
        name = match["name"]
        if name in _XML_NAMES:
            return _XML_NAMES[name]
        character = html5.get(f"{name};") if name else None
        if character is None or character in "<>&\"'":
            return _XML_NAMES["amp"] + match[0][1:]
        return character

    return _DAMAGE.sub(mend, _UNHOLDABLE.sub("", text))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def _tree(source: str, parser: etree.XMLParser) -> Element | None:
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _one_by_one(source: str, names: frozenset[str]) -> Iterator[Element]:
    """Each entry parsed for itself, from its start tag to its end tag, or to the next start."""
    alternatives = "|".join(map(re.escape, names))
    start = re.compile(rf"<(?:[\w.-]{{1,40}}:)?(?:{alternatives})(?=[\s>])")
    end = re.compile(rf"</(?:[\w.-]{{1,40}}:)?(?:{alternatives})\s*>")
    starts = [match.start() for match in start.finditer(source)]
    declarations = "".join(dict.fromkeys(_DECLARATION.findall(source[: starts[0]] if starts else "")))
    parser = _parser()
    fruitless = 0
    for begin, limit in pairwise([*starts, len(source)]):
        close = end.search(source, begin, limit)
        tree = _tree(f"<r{declarations}>{source[begin : close.end() if close else limit]}</r>", parser)
        found = [] if tree is None else [element for element in tree if local(element) in names]
        fruitless = 0 if any(map(len, found)) else fruitless + 1
        if fruitless > _PATIENCE:
            return
        yield from map(_unnested, found)


def _unnested(entry: Element) -> Element:
    """An entry with its fields as its children, though a missing end tag made one of them hold the others."""
    for element in list(entry.iterdescendants()):
        if element.getparent() is not entry and local(element) in _FIELDS:
            entry.append(element)
    return entry


def local(element: Element) -> str:
    """An element's name, ``title`` or ``dc:date``: the prefix is the usual one, whatever the document calls it."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    namespace, brace, name = tag.rpartition("}")
    if not brace:
        return name
    namespace = namespace[1:]
    known = _PREFIXES.get(namespace)
    if known is not None:
        return known + name
    return name if namespace.startswith(_PLAIN) or not namespace else f"{element.prefix or '?'}:{name}"


def children(element: Element, *names: str) -> Iterator[Element]:
    """Children of these names, those of the first name first."""
    for name in names:
        for child in element:
            if local(child) == name:
                yield child


def text_of(element: Element, *names: str) -> str | None:
    """Text of the first child of one of these names that has any."""
    for child in children(element, *names):
        text = "".join(map(str, child.itertext())).strip()
        if text:
            return text
    return None
