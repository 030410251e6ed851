"""Archived pages in a real browser: they look as they did, ask nobody but the archive, and reach nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from archive import Collection
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.serve.chromium import Browser, chromium
from tests.serve.collections import SITE, collection, got
from tests.serve.dressed import DressedSite
from tests.serve.scripted import ScriptedSite
from tests.serve.serving import proxying, serving

AT = "20260301120000"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


def test_pages_look_as_they_did_and_ask_nobody_else(browser: Browser, tmp_path: Path) -> None:
    with Newsroom(articles=5, site=DressedSite) as newsroom:
        urls = [newsroom.url + article.path for article in newsroom.articles]
        ran = wirecopy("crawl", newsroom.url + "/", "-c", "news", "--requisites", "all", cwd=tmp_path)
        assert ran.code == 0, ran.err
        live = []
        for url in urls:
            browser.open(url)
            assert browser.run("return [...document.fonts].map(font => font.status)") == ["loaded"]
            live.append(browser.picture())
        browser.asked()
        before = len(newsroom.log)
        with serving(tmp_path / "news") as served:
            for url, picture in zip(urls, live, strict=True):
                browser.open(f"{served.replay}/2026/{url}")
                shown = browser.picture()
                assert shown == picture, url
                asked = browser.asked()
                assert {urlsplit(each).netloc for each in asked} == {urlsplit(served.replay).netloc}
                needed = {urlsplit("http:" + each.partition("/http:")[2]).path for each in asked}
                assert needed >= {"/assets/site.css", "/assets/more.css", "/assets/boxes.ttf", "/assets/mark.svg"}
                assert needed >= {f"/images/{number}.png" for number in (9001, 9002, 9003, 9005, 9006, 9007, 9008)}
        assert len(newsroom.log) == before, "the site was asked"
    assert len(set(live)) == 5


ATTACK = """<!doctype html><title>quiet</title><script>
document.title = 'ran'; try {{ opener.document.title = 'ran' }} catch (error) {{}}
fetch('{room}/cdx?url=x').then(answer => answer.text()).then(text => {{ document.title = text }});
</script><img src="{room}/cdx?url=img" onerror="document.title = 'ran'"><iframe src="{room}/?q=frame"></iframe>
<link rel=stylesheet href="{room}/cdx?url=sheet"><meta http-equiv=refresh content="0; url={room}/?q=refresh">
<object data="{room}/?q=object"></object><svg><image href="{room}/cdx?url=svg"/></svg>
<style>body {{ background: url({room}/cdx?url=css) }}</style>
<form action="{room}/" id=form><input name=q value=form></form>
<a id=link href="javascript:document.title='ran'">x</a>"""


@pytest.mark.parametrize("modifier", ["", "id_"])
def test_an_archived_page_reaches_nothing_of_the_reading_room(browser: Browser, tmp_path: Path, modifier: str) -> None:
    with serving(collection(tmp_path / "empty", [])) as first:  # two ports that are free
        ports = [str(urlsplit(server).port) for server in (first.room, first.replay)]
        first.stop()
    page = ATTACK.format(room=f"http://127.0.0.1:{ports[0]}").encode()
    path = collection(tmp_path / "news", [got("/", page), got("/nothing.js", b"document.title = 'ran'")])
    with serving(path, "--port", ports[0], "--replay-port", ports[1]) as served:
        browser.open(f"{served.room}/")
        browser.run("document.cookie = 'secret=1'; localStorage.secret = '1'")
        address = f"{served.replay}/{AT}{modifier}/{SITE}/"
        browser.run(f"const link = document.createElement('a'); link.href = {address!r}; document.body.append(link)")
        browser.asked()
        browser.run("document.querySelector('a[href*=news]').click()")
        browser.open(address)
        browser.run("document.getElementById('form').submit(); document.getElementById('link').click()")
        assert browser.run("return document.title") == "quiet"
        assert browser.run("return self.origin") == "null"
        for read in ("document.cookie", "localStorage.secret", "sessionStorage.length"):
            assert browser.run(f"try {{ return {read} }} catch (error) {{ return error.name }}") == "SecurityError", (
                read
            )
        fetched = f"return fetch('{served.room}/cdx?url=x').then(() => 'answered', error => error.name)"
        assert browser.run(fetched) == "TypeError"
        asked = {each for each in browser.asked() if urlsplit(each).netloc == urlsplit(served.room).netloc}
        assert not asked
    with Collection.open(path) as news:
        assert len(news.captures(f"{SITE}/")) == 1


def test_pages_that_scripts_fill_work_through_the_proxy(tmp_path: Path) -> None:
    with (
        Newsroom(articles=2, site=ScriptedSite) as http,
        Newsroom(articles=2, seed=2, https=True, site=ScriptedSite) as https,
    ):
        articles = [
            (newsroom.url + article.path, article) for newsroom in (http, https) for article in newsroom.articles
        ]
        assets = ("/assets/story.js", "/api/visits?of=reader%3D1")
        seeds = [newsroom.url + path for newsroom in (http, https) for path in assets]
        seeds += [url for url, _ in articles] + [
            each.url + f"/api{a.path}.json" for each in (http, https) for a in each.articles
        ]
        (tmp_path / "seeds").write_text("\n".join(seeds))
        ran = wirecopy("crawl", "--from", "seeds", "-c", "news", "--no-extract", cwd=tmp_path)
        assert ran.code == 0, ran.err
    with proxying(tmp_path / "news") as proxied:  # … and the sites are gone
        flags = (f"--proxy-server={proxied.proxy}", "--proxy-bypass-list=<-loopback>")
        trusted = f"--ignore-certificate-errors-spki-list={public_key_digest(Path(proxied.certificate))}"
        with chromium(tmp_path, *flags, trusted) as browser:
            for url, article in articles:
                browser.open(url)
                wait = "return new Promise(done => { const look = () => document.body.dataset.visits ? done(document."
                assert browser.run(f"{wait}body.dataset.visits) : setTimeout(look, 20); look() }})") == "200 7"
                assert browser.run("return document.title") == article.title
                paragraphs = browser.run("return [...document.querySelectorAll('main p')].map(p => p.textContent)")
                assert paragraphs == list(article.paragraphs)
                assert browser.run("return isSecureContext && origin") == url.removesuffix(article.path)
            browser.open(articles[0][0] + "/nothing")
            assert "Not in the archive" in browser.run("return document.body.textContent")
            browser.open(proxied.start)
            assert articles[0][0] + "/nothing" in browser.run("return document.body.textContent")


def public_key_digest(certificate: Path) -> str:
    """As Chromium takes it: base64 of SHA-256 of the SubjectPublicKeyInfo."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(info).digest()).decode()
