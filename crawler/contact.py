"""Who is crawling: the name that every request goes under, with an address where its user has given one."""

from __future__ import annotations

import re

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archive.errors import ConfigError
from archive.version import __version__
from crawler.agents import token_of
from crawler.values import choice

__all__ = ["ADVICE", "USER_AGENT", "contact_of", "introduce", "obeyed_as", "token"]

USER_AGENT = f"wirecopy/{__version__} (news archiving crawler)"
ADVICE = (
    "advice: set WIRECOPY_CONTACT to a mail address or URL of yours: it goes into the user agent, so that whoever"
    " runs a site that you crawl can reach you"
)

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_URL = re.compile(r"https?://[!-'*-~]+")


def contact_of(settings: BaseSettings) -> str | None:
    """WIRECOPY_CONTACT; ConfigError for what is neither a mail address nor a URL."""
    contact = str(settings.get("WIRECOPY_CONTACT") or "").strip()
    if contact and not (_MAIL.fullmatch(contact) or _URL.fullmatch(contact)):
        raise ConfigError(
            f"WIRECOPY_CONTACT: {contact!r} is neither a mail address nor a URL, such as news@example.org or"
            " https://example.org/crawler"
        )
    return contact or None


def introduce(settings: BaseSettings) -> None:
    """Put the contact into USER_AGENT, unless that was chosen, and a mail address into From (RFC 9110, 10.1.2).

    For the settings of a process and of a spider both, in this order: a Crawler that was made beforehand is given the
    process's settings once more when its crawl begins (scrapy.crawler, create_crawler), over what its spider set with
    no higher priority.
    """
    contact = contact_of(settings)
    if contact is None:
        return
    if (settings.getpriority("USER_AGENT") or 0) <= SETTINGS_PRIORITIES["project"]:
        settings.set("USER_AGENT", f"{USER_AGENT[:-1]}; +{contact})", priority="spider")
    if "://" not in contact:
        headers = {"From": contact, **settings.getdict("DEFAULT_REQUEST_HEADERS")}
        priority = max(settings.getpriority("DEFAULT_REQUEST_HEADERS") or 0, SETTINGS_PRIORITIES["spider"])
        settings.set("DEFAULT_REQUEST_HEADERS", headers, priority=priority)


def token(settings: BaseSettings) -> str:
    """The name by which robots.txt files and pages may speak to this crawl alone, in lower case."""
    return token_of(settings.get("ROBOTSTXT_USER_AGENT") or settings["USER_AGENT"])


def obeyed_as(settings: BaseSettings) -> str | None:
    """That name, where WIRECOPY_ROBOTS_META says that what pages ask of robots is kept to; None where it is noted."""
    return token(settings) if choice(settings, "WIRECOPY_ROBOTS_META", ("record", "obey")) == "obey" else None
