"""Names of crawlers: how a product token is read, and whose gather text to train on. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["TRAINERS", "token_of"]

TRAINERS: Final[Mapping[str, str]] = {
    "AI2Bot": "Allen Institute for AI",
    "Amazonbot": "Amazon",
    "anthropic-ai": "Anthropic",
    "Applebot-Extended": "Apple",
    "Bytespider": "ByteDance",
    "CCBot": "Common Crawl",
    "Claude-Web": "Anthropic",
    "ClaudeBot": "Anthropic",
    "cohere-ai": "Cohere",
    "cohere-training-data-crawler": "Cohere",
    "Diffbot": "Diffbot",
    "FacebookBot": "Meta",
    "Google-Extended": "Google",
    "GPTBot": "OpenAI",
    "img2dataset": "a program that anybody gathers pictures with",
    "meta-externalagent": "Meta",
    "omgili": "Webz.io",
    "omgilibot": "Webz.io",
    "PanguBot": "Huawei",
    "Timpibot": "Timpi",
    "Webzio-Extended": "Webz.io",
}
"""Product tokens of robots.txt that stand for gathering text to train on, by their operators' word or by that of those
who watch them, and whose they are. What fetches for a search, or on a user's behalf, is not among them."""

_TOKEN: Final = re.compile(r"[^\s/;,()*]+")


def token_of(value: str) -> str:
    """The product token that a user-agent line, or the header a crawler sends, begins with, in lower case."""
    value = value.strip()
    if value.startswith("*"):
        return "*" if value == "*" or value[1].isspace() else ""
    found = _TOKEN.match(value)
    return found[0].lower() if found else ""
