"""A whole crawl of a site whose links and redirects point into the crawl's own neighbourhood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import wirecopy
from tests.politeness.site import Site, article, listing, simple


@pytest.fixture
def neighbour() -> Iterator[Site]:
    with Site({"/admin": article("of a neighbour")}, host="127.0.0.2") as site:
        yield site


def hostile(neighbour: Site, site: Site) -> None:
    """Makes a site of links to where no crawl should go; all of them but the last are loopback."""
    secret = f"127.0.0.2:{neighbour.port}/admin"
    site.pages = {
        "/sitemap.xml": listing(
            f"{site.url}/good.html",
            f"{site.url}/out",
            f"{site.url}/ftp",
            f"http://{secret}",
            f"http://2130706434:{neighbour.port}/admin",
            f"http://[::ffff:7f00:2]:{neighbour.port}/admin",
            f"http://localhost:{site.port}/good.html",
            "http://169.254.169.254/latest/meta-data/",
        ),
        "/good.html": article(1),
        "/out": simple(302, "Moved", ("Location", f"http://{secret}?moved")),
        "/ftp": simple(302, "Moved", ("Location", f"ftp://{secret}")),
    }


def test_links_into_the_neighbourhood_are_refused_and_named(tmp_path: Path, neighbour: Site) -> None:
    with Site({}) as site:
        hostile(neighbour, site)
        ran = wirecopy("crawl", f"{site.url}/sitemap.xml", "-c", "news", "--no-extract", "--json", cwd=tmp_path)
        assert site.paths.count("/good.html") == 1
    assert ran.code == 0, ran.err
    assert not neighbour.log
    report = json.loads(ran.out)
    assert report["counts"]["failed"] == 0
    assert report["counts"]["refused_addresses"] == len(report["refusals"]) == 6
    refused = {refusal["url"]: refusal["why"] for refusal in report["refusals"]}
    assert refused[f"http://127.0.0.2:{neighbour.port}/admin"].startswith("127.0.0.2: loopback address")
    assert refused["http://169.254.169.254/latest/meta-data/"].startswith("169.254.169.254: link-local address")
    assert "localhost is " in refused[f"http://localhost:{site.port}/good.html"]


def test_networks_can_be_let_in(tmp_path: Path, neighbour: Site) -> None:
    crawl = ("crawl", "-c", "news", "--no-extract", "--json", "--allow-network", "127.0.0.2/32")
    with Site({}) as site:
        hostile(neighbour, site)
        ran = wirecopy(*crawl, f"{site.url}/sitemap.xml", cwd=tmp_path)
    assert "/admin" in neighbour.paths
    assert json.loads(ran.out)["counts"]["refused_addresses"] == 2, "localhost and link-local"


def test_a_seed_that_leads_nowhere_else_is_refused_by_policy(tmp_path: Path, neighbour: Site) -> None:
    away = simple(302, "Moved", ("Location", f"http://127.0.0.2:{neighbour.port}/admin"))
    with Site({"/": away}) as site:
        ran = wirecopy("crawl", f"{site.url}/", "-c", "news", "--no-extract", cwd=tmp_path)
    assert ran.code == 8, ran.err
    assert "refused by policy" in ran.err
    assert f"127.0.0.2:{neighbour.port}/admin: 127.0.0.2: loopback address" in ran.err


def test_a_network_that_is_none(tmp_path: Path) -> None:
    ran = wirecopy("crawl", "http://127.0.0.1:1/", "-c", "news", "--allow-network", "10.0.0.0/99", cwd=tmp_path)
    assert ran.code == 2
    assert "10.0.0.0/99" in ran.err
    assert not (tmp_path / "news").exists()
