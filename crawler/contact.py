"""Who is crawling: the name that every request goes under, with an address where its user has given one."""

from __future__ import annotations

import re

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archive.errors import ConfigError
from archive.version import __version__

__all__ = ["ADVICE", "USER_AGENT", "contact_of", "introduce"]

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
    """Put the contact into USER_AGENT, unless that was chosen, and a mail address into From (RFC 9110, 10.1.2)."""
    contact = contact_of(settings)
    if contact is None:
        return
    if (settings.getpriority("USER_AGENT") or 0) <= SETTINGS_PRIORITIES["project"]:
        settings.set("USER_AGENT", f"{USER_AGENT[:-1]}; +{contact})", priority="spider")
    if "://" not in contact:
        headers = {"From": contact, **settings.getdict("DEFAULT_REQUEST_HEADERS")}
        priority = max(settings.getpriority("DEFAULT_REQUEST_HEADERS") or 0, SETTINGS_PRIORITIES["spider"])
        settings.set("DEFAULT_REQUEST_HEADERS", headers, priority=priority)
