"""JSON-LD as pages have it: graphs, lists, nested and repeated nodes, references by @id, and JSON that is broken.

Gives the nodes of a page as plain dicts, and the one that describes the page itself. Nothing is fetched: contexts are
taken for schema.org's, as search engines do.
"""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from lxml import html

__all__ = ["Node", "is_article", "name", "names", "nodes", "page_node", "resolve", "strings", "types"]

Node = Mapping[str, Any]

_ARTICLE: Final = re.compile(r"\w*Article|(?:Live)?BlogPosting|Report|PressRelease")
_WEAK_ARTICLE: Final = frozenset({"CreativeWork", "Review", "ClaimReview", "SocialMediaPosting"})
"""Types that articles have, and much else."""

_MAX_SCRIPT: Final = 2_000_000
_MAX_NODES: Final = 5_000
_MAX_VALUES: Final = 100
"""Values of one property, each looked for among all nodes."""
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_NO_CHARACTER: Final = re.compile("&#(?:[0-9]{1000,}|[xX][0-9a-fA-F]{1000,});?")
"""References with so many digits that to read them as a number is an error."""
_LOOSE_COMMA: Final = re.compile(r",(?=\s*[}\]])")
_WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*;?\s*$"
)
_PAIR: Final = re.compile(
    r'"(headline|name|datePublished|dateModified|dateCreated|articleSection|description|inLanguage)"\s*:\s*'
    r'"((?:[^"\\\n]|\\.){1,1000})"'
)


def nodes(scripts: Iterable[html.HtmlElement]) -> list[Node]:
    """Every typed node of the JSON-LD in a page's scripts, in document order, outer before inner."""
    found: list[Node] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) <= _MAX_SCRIPT:
            found.extend(_walk(_load(script.text)))
            if len(found) > _MAX_NODES:
                break
    return found


def page_node(found: list[Node], urls: frozenset[str]) -> Node | None:
    """The article the page is about: one that names the page's URL, else the first that has a headline."""
    articles = [node for node in found if is_article(node) or types(node) & _WEAK_ARTICLE]
    articles.sort(key=lambda node: (not is_article(node), "headline" not in node))
    for node in articles:
        if names(node, urls):
            return node
    return articles[0] if articles else None


def names(node: Node, urls: frozenset[str]) -> bool:
    """Whether it says that it is what one of these pages is about."""
    return any(link in urls for key in ("url", "mainEntityOfPage", "@id") for link in strings(node.get(key)))


def types(node: Node) -> frozenset[str]:
    """Its types, without the prefix or URL of their vocabulary."""
    return frozenset(re.split(r"[/:#]", name)[-1] for name in strings(node.get("@type")))


def is_article(node: Node) -> bool:
    """Whether its type alone makes it an article."""
    return any(map(_ARTICLE.fullmatch, types(node)))


def resolve(value: Any, found: list[Node]) -> list[Any]:
    """A property's values as a list, references by @id replaced by the nodes they name."""
    values = value[:_MAX_VALUES] if isinstance(value, list) else [value]
    return [_named(item, found) for item in values if item is not None]


def strings(value: Any) -> list[str]:
    """The texts in a property: itself, its items, or the @value, name or URL of what it holds."""
    if isinstance(value, str):
        return [text] if (text := clean(value)) else []
    if isinstance(value, list):
        return [text for item in value[:200] if not isinstance(item, list) for text in strings(item)]
    if isinstance(value, Mapping):
        for key in ("@value", "name", "url", "@id"):
            if isinstance(value.get(key), str) and (text := clean(value[key])):
                return [text]
    return []


def name(value: Any) -> str:
    """The name of a person or organisation; empty where all it has is an address."""
    named = value.get("name") if isinstance(value, Mapping) else value
    return next((text for text in strings(named) if "://" not in text), "")


def clean(text: str) -> str:
    """One line, with the entities resolved that many systems leave in their JSON."""
    for _ in range(2 if "&" in text else 0):
        text = entities.unescape(_NO_CHARACTER.sub("", text))
    return " ".join(text.split())


def _named(item: Any, found: list[Node]) -> Any:
    if isinstance(item, Mapping) and set(item) <= {"@id", "@type"} and "@id" in item:
        return next((node for node in found if node.get("@id") == item["@id"] and len(node) > len(item)), item)
    return item


def _load(script: str) -> Any:
    """The script's JSON; of one beyond repair, what its plain pairs say."""
    text = _WRAPPING.sub("", script)
    try:
        return msgspec.json.decode(text)  # twice as fast as the other, and stricter
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(text, strict=False)
    except ValueError:
        text = _LOOSE_COMMA.sub("", _CONTROL.sub(" ", text)).strip().rstrip(";")
    except RecursionError:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _salvaged(text)


def _salvaged(text: str) -> Any:
    """Broken JSON: whole values as far as they go, else the first of each plain pair."""
    values: list[Any] = []
    start = 0
    decoder = json.JSONDecoder(strict=False)
    while (start := text.find("{", start)) >= 0 and len(values) < 50 and start < 200_000:
        try:
            value, start = decoder.raw_decode(text, start)
            values.append(value)
        except (ValueError, RecursionError):
            break
    if values:
        return values
    pairs: dict[str, str] = {}
    for key, value in _PAIR.findall(text):
        pairs.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    kind = re.search(r'"@type"\s*:\s*\[?\s*"(\w+)"', text)
    return {"@type": kind[1], **pairs} if kind else None


def _walk(value: Any) -> Iterator[Node]:
    """Every typed or identified node in `value`, without recursion: depth is the page's to choose."""
    waiting, seen = [value] if isinstance(value, (dict, list)) else [], 0
    while waiting and seen < _MAX_NODES:
        item = waiting.pop()
        seen += 1
        if isinstance(item, Mapping) and ("@type" in item or "@id" in item):
            yield item
        children = list(item.values()) if isinstance(item, Mapping) else item
        waiting.extend(child for child in reversed(children) if isinstance(child, (dict, list)))
