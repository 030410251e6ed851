"""From answers to asks: what a seed is, and the way from it to the articles. No Scrapy, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from archive.recipes.book import Book
from archive.scope import ScopeKind
from crawler.discovery.bounds import Bounds
from crawler.items import PageKind
from crawler.spiders.explorer import EVERYTHING, Explorer, Source
from crawler.spiders.steps import PRIORITIES, Answer, Ask
from crawler.spiders.survey import Frontier

SITE = "https://news.example"
PROSE = "<p>" + "The harbour was quiet when the boats came in, and nobody said a word about it. " * 30 + "</p>"


def article(title: str = "The harbour was quiet", head: str = "", links: str = "") -> str:
    return f"""<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="2024-02-03T10:15:00Z">{head}<script type="application/ld+json">
{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "{title}", "datePublished": "2024-02-03"}}
</script></head><body><article><h1>{title}</h1>{PROSE}</article>{links}</body></html>"""


def listing(*paths: str, head: str = "", more: str = "") -> str:
    teasers = "".join(
        f"<li><h2><a href='{path}'>A headline of some length about {path}</a></h2></li>" for path in paths
    )
    return f"<!doctype html><html lang='en'><title>News</title>{head}<body><ul>{teasers}</ul>{more}</body></html>"


def rss(*paths: str) -> str:
    items = "".join(f"<item><link>{path}</link><title>T {path}</title></item>" for path in paths)
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def urlset(*paths: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{path}</loc></url>" for path in paths) + "</urlset>"


def index(*entries: tuple[str, str]) -> str:
    maps = "".join(f"<sitemap><loc>{path}</loc><lastmod>{date}</lastmod></sitemap>" for path, date in entries)
    return f"<sitemapindex>{maps}</sitemapindex>"


class Crawl:
    """A crawl of a site that is a mapping, in the order Scrapy would take: by priority, then as asked."""

    def __init__(
        self,
        site: Mapping[str, str],
        *,
        seed: str = "/",
        scope: ScopeKind | None = None,
        sources: frozenset[Source] = EVERYTHING,
        robots: tuple[str, ...] | None = (),
        max_pages: int = 500,
        redirects: Mapping[str, str] | None = None,
        obeys: str | None = None,
        asked: Mapping[str, str] | None = None,
        bounds: Bounds | None = None,
        recipes: Mapping[str, str] | None = None,
    ) -> None:
        self.faults: list[str] = []
        self.held: list[tuple[str, str]] = []
        self.counts: Counter[str] = Counter()
        self.kinds: dict[str, PageKind] = {}
        self.asked: dict[str, Ask] = {}
        frontier = Frontier(max_pages=max_pages, memory=None, count=self._count)
        frontier.obeys = obeys
        frontier.recipes = Book((recipes or {}).items())
        frontier.bounds = bounds or frontier.bounds
        frontier.held = lambda limit, url, count: self.held.append((limit, url.removeprefix(SITE)))
        explorer = Explorer(
            0,
            frontier,
            scope=scope,
            sources=sources,
            robots=lambda url: robots,
            fault=lambda url, what: self.faults.append(what),
        )
        queue = [explorer.begin(SITE + seed if seed.startswith("/") else seed)]
        while queue:
            ask = max(queue, key=lambda ask: PRIORITIES[ask.step.role])
            queue.remove(ask)
            path = ask.url.removeprefix(SITE)
            assert path not in self.asked, "asked twice"
            self.asked[path] = ask
            url = (redirects or {}).get(path, ask.url)
            body = site.get(url.removeprefix(SITE))
            if body == "unreachable":
                queue += explorer.after(ask.step, None, ask.discovery)
                continue
            answer = Answer(
                url=url,
                status=404 if body is None else 200,
                body=(body or "<title>Not found</title>").encode(),
                content_type="text/html",
                asked=((asked or {}).get(path, ""),),
                step=ask.step,
                discovery=ask.discovery if url == ask.url else replace(ask.discovery, via=ask.url),
            )
            kind, asks = explorer.read(answer)
            self.kinds[path] = kind
            queue += [*asks, *explorer.after(ask.step, kind, answer.discovery)]
        assert explorer.survey.complete

    def _count(self, name: str, number: int) -> None:
        self.counts[name] += number

    def of_kind(self, kind: PageKind) -> list[str]:
        return [path for path, found in self.kinds.items() if found == kind]


A, B, C, D = (
    "/2024/02/03/a-harbour-story",
    "/2024/02/03/b-harbour-story",
    "/2024/02/04/c-river-story",
    "/2024/02/05/d-sea-story",
)
STORIES = {path: article(f"Story {path}") for path in (A, B, C, D)}


def test_a_feed_yields_its_entries_wherever_they_lie() -> None:
    crawl = Crawl({"/feed": rss(A, "https://other.example/x"), **STORIES}, seed="/feed")
    assert list(crawl.asked) == ["/feed", A, "https://other.example/x"]
    discovery = crawl.asked[A].discovery
    assert (discovery.via, discovery.hops, discovery.listing) == (f"{SITE}/feed", "L", "feed")
    assert discovery.title == f"T {A}"


def test_a_feed_within_a_scope() -> None:
    crawl = Crawl({"/feed": rss(A, "https://other.example/x"), **STORIES}, seed="/feed", scope="host")
    assert list(crawl.asked) == ["/feed", A]
    assert crawl.counts["out_of_scope"] == 1


def test_a_sitemap_index_newest_first_and_nested_only_so_deep() -> None:
    site = {
        "/s.xml": index(
            ("/old.xml", "2019-01-01"), ("/new.xml", "2024-02-01"), ("https://evil.example/s.xml", "2024-03-01")
        ),
        "/new.xml": urlset(A),
        "/old.xml": index(("/older.xml", "2018-01-01")),
        "/older.xml": index(("/oldest.xml", "2017-01-01")),
        "/oldest.xml": index(("/never.xml", "2016-01-01")),
        "/never.xml": urlset(D),
        **STORIES,
    }
    crawl = Crawl(site, seed="/s.xml")
    assert list(crawl.asked) == ["/s.xml", "/new.xml", "/old.xml", "/older.xml", "/oldest.xml", A]
    assert crawl.asked[A].discovery.hops == "MM"


def test_further_sitemaps_are_left_when_there_is_enough() -> None:
    site = {
        "/s.xml": index(("/1.xml", ""), ("/2.xml", "")),
        "/1.xml": urlset(A, B, C, D),
        "/2.xml": urlset("/x"),
        **STORIES,
    }
    crawl = Crawl(site, seed="/s.xml", max_pages=5)
    assert list(crawl.asked) == ["/s.xml", "/1.xml", A, B, C]


def test_an_article_is_archived_alone() -> None:
    page = article(
        head="<link rel=alternate type=application/rss+xml href=/feed>", links=f"<h2><a href='{B}'>Next</a></h2>"
    )
    crawl = Crawl({**STORIES, "/feed": rss(C), A: page}, seed=A)
    assert list(crawl.asked) == [A]
    assert crawl.kinds[A] == "article"


def test_an_article_is_followed_when_a_scope_says_so() -> None:
    page = article(
        links=f"<h2><a href='{B}'>Another story</a></h2><h2><a href='https://other.example/{C}'>Third one</a></h2>"
    )
    crawl = Crawl({**STORIES, A: page}, seed=A, scope="host")
    assert crawl.of_kind("article") == [A, B]


def test_a_home_page_leads_to_feeds_sitemaps_and_articles_each_once() -> None:
    site = {
        "/": listing(A, B, head="<link rel=alternate type=application/rss+xml href=/feed><link rel=sitemap href=/map>"),
        "/feed": rss(B, C),
        "/map": urlset(A, C, D),
        "/news.xml": urlset(D),
        **STORIES,
    }
    crawl = Crawl(site, robots=(f"{SITE}/news.xml",))
    assert set(crawl.asked) == {"/", "/feed", "/map", "/news.xml", A, B, C, D}
    assert crawl.of_kind("article") == [B, C, A, D]
    assert [crawl.asked[path].discovery.hops for path in (A, B, "/news.xml")] == ["L", "LL", "PM"]
    assert crawl.asked["/news.xml"].discovery.via == f"{SITE}/robots.txt"


def test_robots_txt_is_asked_for_when_nobody_else_has() -> None:
    site = {"/": listing(A), "/robots.txt": f"Sitemap: {SITE}/map", "/map": urlset(B), **STORIES}
    crawl = Crawl(site, robots=None)
    assert list(crawl.asked) == ["/", "/robots.txt", "/map", A, B]
    assert crawl.kinds["/robots.txt"] == "robots"


@pytest.mark.parametrize("robots", [{}, {"/robots.txt": "unreachable"}, {"/robots.txt": "User-agent: *\nDisallow:\n"}])
def test_the_usual_places_are_tried_one_by_one_when_nothing_is_declared(robots: dict[str, str]) -> None:
    site = {
        "/": listing(A),
        "/sitemap.xml": "unreachable",
        "/sitemap_index.xml": listing(A, B),  # a soft 404: no sitemap, and nobody's section
        "/news-sitemap.xml": urlset(C),
        "/feed": rss(D),
        **robots,
        **STORIES,
    }
    crawl = Crawl(site, robots=None)
    tried = [path for path in crawl.asked if crawl.asked[path].step.role == "guess"]
    assert sorted(tried) == ["/feed", "/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml"]
    assert crawl.of_kind("article") == [D, A, C]
    assert crawl.asked["/feed"].discovery.hops.endswith("I")


def test_nothing_is_guessed_when_something_is_declared() -> None:
    crawl = Crawl({"/": listing(A), "/map": urlset(B), "/feed": rss(C), **STORIES}, robots=(f"{SITE}/map",))
    assert "/feed" not in crawl.asked


def test_paging_goes_on_while_pages_bring_anything_new() -> None:
    pages = {"/": listing(A, more="<a rel=next href='?page=2'>Older</a>")}
    pages["/?page=2"] = listing(B, more="<a rel=next href='?page=3'>Older</a>")
    pages["/?page=3"] = listing(A, B, more="<a rel=next href='?page=4'>Older</a>")
    crawl = Crawl({**pages, **STORIES}, sources=frozenset({"links"}))
    assert list(crawl.asked) == ["/", "/?page=2", "/?page=3", A, B]
    assert crawl.of_kind("section") == ["/", "/?page=2", "/?page=3"]


def test_an_endless_list_ends() -> None:
    class Endless(dict[str, str]):
        def get(self, path: str, default: str | None = None) -> str | None:  # type: ignore[override]
            number = int(path.partition("page=")[2] or 1)
            return listing(
                f"/2024/02/03/story-number-{number}-of-many", more=f"<a rel=next href='/?page={number + 1}'>2</a>"
            )

    crawl = Crawl(Endless(), sources=frozenset({"links"}), max_pages=1000)
    assert sum(1 for path in crawl.asked if "page=" in path) == 49


def test_sections_lead_on_but_only_so_deep() -> None:
    nav = "<nav><a href='/{0}/'>More of it</a></nav>"
    site = {
        "/": listing(more=nav.format("one")),
        "/one/": listing(A, more=nav.format("two")),
        "/two/": listing(B, more=nav.format("three")),
        "/three/": listing(C),
        **STORIES,
    }
    crawl = Crawl(site, sources=frozenset({"links"}))
    assert crawl.of_kind("section") == ["/", "/one/", "/two/"]
    assert crawl.of_kind("article") == [A, B]


def test_what_looked_like_an_article_and_is_a_list_is_followed_as_one() -> None:
    tricky = "/special/the-long-story-of-the-harbour"
    listed = [f"/2024/02/03/story-number-{n}-of-many" for n in range(30)]
    site = {"/": listing(tricky), tricky: listing(*listed), **{path: article(path) for path in listed}}
    crawl = Crawl(site, sources=frozenset({"links"}))
    assert crawl.kinds[tricky] == "section"
    assert crawl.of_kind("article") == listed


def test_links_of_error_pages_and_of_pages_beyond_the_scope_are_not_followed() -> None:
    site = {"/": listing(A, B), "https://other.example/": listing(C), **STORIES}
    crawl = Crawl(site, seed="/gone")
    assert list(crawl.asked) == ["/gone"]
    assert crawl.kinds == {"/gone": "error"}
    site["/"] = listing(A, more="<nav><a href='/section/'>All of it</a></nav>")
    crawl = Crawl(site, sources=frozenset({"links"}), redirects={"/section/": "https://other.example/"})
    assert list(crawl.asked) == ["/", "/section/", A]


def test_a_seed_that_redirects_to_another_host_is_crawled_there() -> None:
    home = listing("https://www.news2.example/2024/02/03/story-of-a-move", A)
    crawl = Crawl({"https://www.news2.example/": home, **STORIES}, redirects={"/": "https://www.news2.example/"})
    assert "https://www.news2.example/2024/02/03/story-of-a-move" in crawl.asked
    assert f"https://www.news2.example{A}" in crawl.asked  # relative to where the page now is


@pytest.mark.parametrize(
    ("sources", "asked"),
    [
        (frozenset({"feeds"}), ["/", "/feed", C]),
        (frozenset({"sitemaps"}), ["/", "/map", D]),
        (frozenset({"links"}), ["/", A]),
    ],
)
def test_a_source_is_all_that_is_looked_at(sources: frozenset[Source], asked: list[str]) -> None:
    head = "<link rel=alternate type=application/rss+xml href=/feed>"
    site = {"/": listing(A, head=head), "/feed": rss(C), "/map": urlset(D), **STORIES}
    assert list(Crawl(site, sources=sources, robots=(f"{SITE}/map",)).asked) == asked


def test_a_listing_that_cannot_be_asked_for_holds_nobody_up() -> None:
    head = "<link rel=alternate type=application/rss+xml href=/feed>"
    crawl = Crawl({"/": listing(A, head=head), "/feed": "unreachable", **STORIES})
    assert crawl.of_kind("article") == [A]


def test_what_could_not_be_read_is_said() -> None:
    crawl = Crawl({"/feed": rss(A, "javascript:x")[:-20], **STORIES}, seed="/feed")
    assert crawl.of_kind("article") == [A]
    assert len(crawl.faults) == 2


def test_a_feed_entry_that_is_no_page_is_no_article() -> None:
    crawl = Crawl({"/feed": rss("/report.pdf"), "/report.pdf": "%PDF-1.7"}, seed="/feed")
    assert crawl.kinds["/report.pdf"] == "other"


def test_a_budget_of_one_is_the_seed() -> None:
    assert list(Crawl({"/": listing(A, B), **STORIES}, max_pages=1).asked) == ["/"]


def test_an_article_is_followed_over_its_pages_and_no_other_page_is() -> None:
    turning = "<p>Page 1 of 3 <a href='{0}/2'>2</a> <a href='{0}/3'>3</a></p>"
    site = {
        "/feed": rss(A, f"{A}/2", B),
        **STORIES,
        A: article(links=turning.format(A)),
        f"{A}/2": article(links=turning.format(A)),
        f"{A}/3": article(),
        B: article(head=f"<link rel=next href='{C}'>"),
    }
    crawl = Crawl(site, seed="/feed")
    assert list(crawl.asked) == ["/feed", A, f"{A}/2", f"{A}/3", B]
    part = crawl.asked[f"{A}/3"].discovery
    assert (part.part_of, part.part, part.via, part.hops) == (SITE + A, 3, SITE + A, "LL")


@pytest.mark.parametrize("rule", ["a.on", "//a[@class='on']/@href"])
def test_a_recipe_says_where_an_article_goes_on(rule: str) -> None:
    on = "<a class=on href='{0}'>Read on</a> <a href='?page=2'>2</a>"
    second, third = "/story-of-the-harbour-ii", "/story-of-the-harbour-iii"
    site = {
        "/feed": rss(A, B),
        A: article(links=on.format(second)),
        second: article(links=on.format(third)),
        third: article(links=on.format(A)),
        B: article(links=on.format("https://elsewhere.example/b")),
    }
    recipe = f'format = 1\nhosts = ["news.example"]\nnext = "{rule}"'
    crawl = Crawl(site, seed="/feed", recipes={"site": recipe})
    assert list(crawl.asked) == ["/feed", A, second, third, B]
    parts = [crawl.asked[path].discovery for path in (second, third)]
    assert [(part.part_of, part.part) for part in parts] == [(SITE + A, 2), (SITE + A, 3)]
    nofollow = {A: "nofollow"}
    assert second not in Crawl(site, seed="/feed", recipes={"site": recipe}, obeys="wirecopy", asked=nofollow).asked
    elsewhere = recipe.replace("news.example", "other.example")
    assert list(Crawl(site, seed="/feed", recipes={"site": elsewhere}).asked) == [
        "/feed",
        A,
        f"{A}?page=2",
        B,
        f"{B}?page=2",
    ]


@pytest.mark.parametrize(
    ("head", "asked", "obeys", "followed"),
    [
        ("<meta name=robots content=nofollow>", "", None, True),
        ("<meta name=robots content=nofollow>", "", "wirecopy", False),
        ("<meta name=wirecopy content=none>", "", "wirecopy", False),
        ("<meta name=wirecopy content=none>", "", "mybot", True),
        ("<meta name=robots content=noindex>", "otherbot: nofollow", "wirecopy", True),
        ("", "noindex, nofollow", "wirecopy", False),
    ],
)
def test_nofollow_holds_for_a_page_s_links_of_any_kind_and_not_for_what_lists_it(
    head: str, asked: str, obeys: str | None, followed: bool
) -> None:
    turning = f"<p>Page 1 of 2 <a href='{A}/2'>2</a></p>"
    site = {"/": listing(B, C, head=head), "/feed": rss(A), A: article(head=head, links=turning), f"{A}/2": article()}
    feed = Crawl(site, seed="/feed", obeys=obeys, asked={A: asked, "/feed": "none"})
    assert list(feed.asked) == ["/feed", A, *([f"{A}/2"] if followed else [])]
    front = Crawl(site | STORIES, sources=frozenset({"links"}), obeys=obeys, asked={"/": asked})
    assert (B in front.asked) is followed
    assert front.held == ([] if followed else [("nofollow", "/")])


def test_the_pages_of_a_list_that_a_sitemap_names_are_no_article_s() -> None:
    shop = listing(A, B, C, D, more="<a href='/shop?page=2'>2</a>").replace("<ul>", "<ul><h1>Goods</h1>")
    assert list(Crawl({"/map": urlset("/shop"), "/shop": shop}, seed="/map").asked) == ["/map", "/shop"]


def test_of_twins_the_article_itself_is_asked_for() -> None:
    names = (f"/amp{A}", f"{A}?print=1", A, f"{B}/amp/", f"/m{A}")
    assert Crawl({"/feed": rss(*names), **STORIES}, seed="/feed").asked.keys() == {"/feed", A, f"{B}/amp/"}


def test_other_languages_of_an_article_are_candidates_where_a_scope_holds_them() -> None:
    page = article(
        head=f"<link rel=alternate hreflang=de href='{B}'><link rel=alternate hreflang=fr href='//fr.example{C}'>"
    )
    pages = {"/feed": rss(A), A: page, B: article()}
    assert Crawl(pages, seed="/feed", scope="host").of_kind("article") == [A, B]
    assert Crawl(pages, seed="/feed").of_kind("article") == [A]
    assert Crawl(pages, seed=A).of_kind("article") == [A]


def test_an_article_s_own_other_addresses_are_not_asked_for_later() -> None:
    page = article(head="<link rel=amphtml href='/x9'>", links=f"<h2><a href='{B}'>Another story</a></h2>")
    second = article(links="<h2><a href='/x9'>The harbour was quiet and nobody said so</a></h2>")
    crawl = Crawl({A: page, B: second, "/x9": page}, seed=A, scope="host")
    assert crawl.of_kind("article") == [A, B]
    assert "/x9" not in crawl.asked


@pytest.mark.parametrize(
    ("bounds", "limit", "found"),
    [
        (Bounds(turns=2), "list-pages", {A, B, D}),
        (Bounds(links=1), "page-links", {A, B, C}),  # the link to the next page is found all the same
        (Bounds(tags=5), "tags", set[str]()),
        (Bounds(turns=0, links=0, tags=0), "", {A, B, C, D}),
    ],
)
def test_what_is_beyond_a_bound_of_pages_is_held_back_by_name(bounds: Bounds, limit: str, found: set[str]) -> None:
    pages = {
        f"/latest?page={number}": listing(*paths, more=f"<a rel='next' href='/latest?page={number + 1}'>Next</a>")
        for number, paths in enumerate(((A, D), (B,), (C,)), 1)
    }
    crawl = Crawl({**pages, **STORIES}, seed="/latest?page=1", sources=frozenset({"links"}), bounds=bounds)
    assert {path for path in STORIES if path in crawl.asked} == found
    assert {name for name, _ in crawl.held} == ({limit} if limit else set())
