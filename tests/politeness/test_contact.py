"""Requests say who makes them, and how to reach whoever has given an address."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ConfigError
from archive.version import __version__
from crawler.contact import contact_of, introduce
from tests.commands import wirecopy
from tests.politeness.site import Site, article


def headers(site: Site) -> dict[str, str]:
    lines = site.log[-1].request.decode().split("\r\n")[1:-2]
    return dict(line.split(": ", 1) for line in lines)


def warcinfo(collection: Path) -> str:
    (path,) = (collection / "archive").glob("*.warc.gz")
    with path.open("rb") as stream:
        text: str = next(iter(ArchiveIterator(stream))).content_stream().read().decode()
        return text


def test_without_a_contact_there_is_advice_and_no_refusal(tmp_path: Path) -> None:
    with Site({"/1.html": article(1)}) as site:
        ran = wirecopy("crawl", f"{site.url}/1.html", "-c", "news", "--no-extract", cwd=tmp_path)
        assert ran.code == 0
        assert [line for line in ran.err.splitlines() if "WIRECOPY_CONTACT" in line and line.startswith("advice: ")]
        assert headers(site)["User-Agent"] == f"wirecopy/{__version__} (news archiving crawler)"
        assert "From" not in headers(site)


def test_a_contact_is_told_to_all_and_in_the_archive(tmp_path: Path) -> None:
    crawl = ("-c", "news", "--no-extract", "--set", "WIRECOPY_CONTACT=desk@example.org")
    with Site({"/1.html": article(1)}) as site:
        ran = wirecopy("crawl", f"{site.url}/1.html", *crawl, cwd=tmp_path)
        assert ran.code == 0
        assert "advice" not in ran.err
        agent = f"wirecopy/{__version__} (news archiving crawler; +desk@example.org)"
        for served in site.log:
            assert f"User-Agent: {agent}\r\n".encode() in served.request
            assert b"From: desk@example.org\r\n" in served.request
    assert f"http-header-user-agent: {agent}\r\n" in warcinfo(tmp_path / "news")
    assert "http-header-from: desk@example.org\r\n" in warcinfo(tmp_path / "news")


def test_headers_of_the_user_s_own_go_beside_it(tmp_path: Path) -> None:
    own = ("--set", 'DEFAULT_REQUEST_HEADERS={"Accept": "text/*"}', "--set", "WIRECOPY_CONTACT=desk@example.org")
    with Site({"/1.html": article(1)}) as site:
        assert wirecopy("crawl", f"{site.url}/1.html", "-c", "news", "--no-extract", *own, cwd=tmp_path).code == 0
        found = headers(site)
    assert (found["From"], found["Accept"]) == ("desk@example.org", "text/*")
    assert found["User-Agent"].endswith("; +desk@example.org)")
    assert "http-header-from: desk@example.org\r\n" in warcinfo(tmp_path / "news")


def test_a_user_agent_that_was_chosen_stays() -> None:
    settings = Settings({"WIRECOPY_CONTACT": "https://example.org/bot"})
    settings.set("USER_AGENT", "mine/1", priority="cmdline")
    introduce(settings)
    assert settings["USER_AGENT"] == "mine/1"
    assert "From" not in settings.getdict("DEFAULT_REQUEST_HEADERS")


@pytest.mark.parametrize("contact", ["me", "a@b\r\nX: y", "ftp://example.org", "https://example.org/(x", "a b@c"])
def test_what_is_no_contact_is_told(contact: str) -> None:
    with pytest.raises(ConfigError, match="neither a mail address nor a URL"):
        contact_of(Settings({"WIRECOPY_CONTACT": contact}))
