"""Authors' names out of bylines: without "By", roles, agencies, addresses and the links around them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

from archive.extract import dates

__all__ = ["authors", "before_date", "folded"]

_LEAD: Final = re.compile(
    r"""^(?:[\s:·•|,*–—-]*
    (?:(?:written|posted|published|reported|words|story|text|photos?|analysis|opinion|interview|reviewed|compiled)\s+(?:and\s+\w+\s+)?(?:by\b|von\b)
      |by(?=[\s:])|von\s|por\s|par\s|di\s(?=[A-Z])|da\s(?=[A-Z])|door\s|af\s|av\s|ad\s|oleh\s|autor(?:in|a|es)?\s*:|auteurs?\s*:|authors?\s*:|author\b
      |texte?\s*:|text\s+(?:von|av)\s|foto\s*:|автор\s*:?|редактор\s*:|文\s*[/:：]|作者\s*[/:：]|記者\s*[/:：]|기자\s)
    )+[\s:]*""",
    re.IGNORECASE | re.VERBOSE,
)
_MAIL: Final = re.compile(r"[(<\[]?\s*(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\s*[)>\]]?")
_BRACKETS: Final = re.compile(r"\s*[(\[（【][^)\]）】]*[)\]）】]")
_NAME: Final = 3
"""Words of a name where nothing but a date stands beside it."""
_APART: Final = re.compile(r"[\W_]+")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TAIL: Final = re.compile(
    rf"\s+(?:{_MONTH}\s+\d|\||//|@|[–—-]\s|is\s+(?:a|an|the)\b|(?:for|in|at)\s+[A-Z]|(?:updated|published|posted|last\s+updated|on)\b|in$|\d).*$",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\s*(?:[;,、，|\n]|\s&\s|\s(?:and|und|et|y|e|og|och|en|i|и|ve|with|mit)\s(?=\S))\s*", re.IGNORECASE
)
_PERSON: Final = re.compile(
    r"""(?:[^\W\d_a-zß-ÿ][\w.'’-]*\s+)
    (?:(?:[^\W\d_a-zß-ÿ][\w.'’-]*|de|da|di|del|della|van|von|der|den|la|le|al|bin|ibn|dos|du|ter|ten|zu)\s*){1,4}
    # scripts that put no space in a name
    |[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff\u3040-\u30ff・]{3,8}|[\uac00-\ud7af]{2,4}""",
    re.VERBOSE,
)
_SUFFIX: Final = re.compile(
    r"(?:[js]r\.?|i{2,3}|iv|m\.?d\.?|ph\.?\s?d\.?|esq\.?|m\.?a\.?|b\.?a\.?|mba|rn|cfa)"  # in any case
    r"|(?-i:(?:[A-Z][a-z]?[A-Z.\-]{1,6}|[A-Z]{2,4}-[A-Z]{2,5})(?:\s?\d{2,3})?[®™]?)",  # CFP®, R.D., CPsych, E-RYT 200
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(
    r"""by|von|por|par|av|af|door|oleh|about\s+the\s+authors?|著者一覧|read(?:ing)?\s+time|min(?:ute)?s?(?:\s+read)?
    |(?:log|sign)\s(?:in|up)|(?:view|see|show)\s.+|(?:all|more)\s(?:posts|articles|stories|from|by)\b.*|(?:about|meet)\s.+
    |[\w.]+\.(?:author|name)  # a template's variable""",
    re.IGNORECASE | re.VERBOSE,
)
_ROLE: Final = re.compile(
    r"""\b(?:staff|editors?|editorial|editor-in-chief|writers?|reporters?|reporting|correspondents?|contributors?|columnist|
    journalists?|producer|photographer|freelance[rn]?|bureau|newsroom|desk|team|admin(?:istrator)?|webmaster|guest|intern|
    redaktion|redakteur(?:in)?|redacci[oó]n|r[ée]daction|redazione|redactie|redaksi|agencias?|agenturen|press\s+release|
    special\s+to|chief|director|manager|professor|analyst|author|subscribers?|newsletter|share|follow|read\s+more|comments?|
    coordinator|specialist|strategist|consultant|president|(?:co-?)?founder|officer|marketing|login|text\s+size|
    sponsored|head\s+of|posts|articles|profile|website|
    (?:updated|edited)\s+by|times|news|media|magazine|sports?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AGENCY: Final = re.compile(
    r"""(?:afp|ap|reuters|dpa(?:-\w+)?|apa|sda|kna|epd|sid|ansa|efe|pti|ians|ani|upi|tass|interfax|xinhua|bloomberg|belga
    |anp|ntb|ritzau|tt|pap|čtk|aap|pa(?:\ media)?|cnn\ (?:wire|newsource)|getty\ images|keystone-sda|europa\ ?press
    |thomson\ reuters|(?:the\ )?(?:associated|canadian|australian\ associated)\ press|(?:the\ )?press\ association
    |press\ trust\ of\ india|agence\ france-presse|agenc[ei]a?s?|wire(?:s|\ services?)?|newswire)""",
    re.IGNORECASE | re.VERBOSE,
)

_SENT: Final = re.compile(
    r"(\S+\s\S.*?)\s+(?:for\s+)?(?:the\s+)?(?:(?:associated|canadian|australian\s+associated)\s+press|(?:thomson\s+)?reuters)",
    re.IGNORECASE,
)
"""A person, and the agency that sent it."""
_MOST: Final = 200
"""Bylines that are looked at; hostile pages have more."""


def authors(
    bylines: Iterable[str], site_names: Collection[str] = (), *, strict: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people in bylines, and the agencies, desks and sites, each in the order given.

    `site_names` are what the site may be called, folded. `strict` is for text that may be anything:
    only what looks much like a person's name is one.
    """
    people: dict[str, str] = {}
    others: dict[str, str] = {}
    for byline in islice(bylines, _MOST):
        desk = False
        for name in _split(byline):
            plain = name.casefold()
            if _NO_NAME.fullmatch(name):
                continue
            if _AGENCY.fullmatch(name) or _ROLE.search(name) or folded(name) in site_names:
                others.setdefault(plain, name)
                desk = True
            elif desk and name.isalpha() and name.istitle():  # where it is: "Reuters, London"
                continue
            elif _plausible(name) and (not strict or _PERSON.fullmatch(name)):
                people.setdefault(plain, name)
    return tuple(people.values())[:20], tuple(others.values())[:20]


def before_date(text: str, site_names: Collection[str] = ()) -> tuple[str, ...]:
    """The person whose name stands before the date that a short text ends with, if it says little else."""
    people, _ = authors([text], site_names, strict=True)
    name = next(iter(people), "")
    cased = name[:1].isupper() or " " not in name  # in scripts without case, words with spaces may be anything
    alone = cased and text.startswith(name) and len(name.split()) <= _NAME and dates.parse(text[len(name) :])
    return people[:1] if name and alone else ()


def folded(name: str) -> str:
    """For comparing what may be the same name: without case, spaces and punctuation."""
    return _APART.sub("", name.casefold())


def _split(byline: str) -> list[str]:
    text = _MAIL.sub(" , ", byline[:400])
    if "://" in text or text.startswith(("www.", "/", "{", "<")):
        return []
    text = _BRACKETS.sub("", text)
    names: list[str] = []
    for part in _SPLIT.split(text):
        part = _TAIL.sub("", _LEAD.sub("", part)).strip(" .:·•|*–—-_'\"“”") if part else ""
        if match := _SENT.fullmatch(part):
            part = match[1]
        if part and not (names and _SUFFIX.fullmatch(part) and not _AGENCY.fullmatch(part)):
            names.append(part)
    return names


def _plausible(name: str) -> bool:
    """Whether it can be a name: a few words, no digits."""
    return 2 <= len(name) <= 60 and len(name.split()) <= 6 and not any(map(str.isdecimal, name)) and "@" not in name
