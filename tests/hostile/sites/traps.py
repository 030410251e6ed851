"""Addresses without end: what a crawler that follows every link never comes out of."""

from __future__ import annotations

from hashlib import sha256
from itertools import combinations, permutations

from tests.hostile.case import Case, Record
from tests.hostile.site import DECLARED, feed, front, html, page, story, teasers
from tests.newsroom.answers import Answer, Request

__all__ = ["CASES"]


def _listing(request: Request, title: str, paths: list[str], head: str = "") -> Answer:
    return page(html(title, f"<main><h1>{title}</h1>{teasers(paths)}</main>", head), request)


def _with(request: Request, more: str) -> Answer:
    """The front page, and more of it."""
    body = front(request.headers["host"], head=DECLARED)
    return page(body.replace(b"</main>", f"{more}</main>".encode()), request)


def _words(seed: int, count: int = 3) -> str:
    """Words that nobody has used before."""
    letters = "".join(chr(ord("g") + byte % 20) for byte in sha256(str(seed).encode()).digest() * (count // 4 + 1))
    return "-".join(letters[at : at + 8] for at in range(0, count * 8, 8))


def _token(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]


def _calendar(request: Request) -> Answer | None:
    if not request.path.startswith("/events/"):
        return None
    year, month = int(request.path.split("/")[2]), int(request.path.split("/")[3])
    days = [f"/events/{year}/{month:02}/{day:02}/what-the-harbour-has-planned" for day in range(1, 29)]
    others = [f"/events/{year + n}/{month:02}/what-the-harbour-has-planned" for n in (-2, -1, 1, 2)]
    return _listing(request, "Events by the day, and there are none", days + others)


def _sessions_in_path(request: Request) -> Answer | None:
    if not request.path.startswith("/visit-"):
        return None
    fresh = [f"/visit-{_token(request.path + str(n))}/news/what-the-harbour-makes-of-it" for n in range(40)]
    return _listing(request, "Welcome, dear visitor, to the harbour", fresh)


def _sessions_in_query(request: Request) -> Answer | None:
    if request.path != "/news/what-the-harbour-makes-of-it":
        return None
    fresh = [f"{request.path}?visit={_token(request.query + str(n))}" for n in range(40)]
    return _listing(request, "Welcome, dear visitor, to the harbour", fresh)


def _growing(request: Request) -> Answer | None:
    """Relative links on pages that are the same at any depth."""
    if not request.path.startswith("/desk/"):
        return None
    return _listing(request, "The desk of the harbour", ["desk/news/", "news/desk/", "news/desk/news/desk/news/desk/"])


def _repeating(request: Request) -> Answer | None:
    if not request.path.startswith("/harbour/"):
        return None
    again = [f"{request.path.rstrip('/')}/harbour/ships-of-the-world-{n}/" for n in range(20)]
    return _listing(request, "Ships and more ships", [*again, "/harbour" * 4 + "/", "/harbour/quay" * 3 + "/"])


def _deep(request: Request) -> Answer | None:
    if not request.path.startswith("/shelf/"):
        return None
    down = "/".join(_token(f"{request.path}{n}") for n in range(18))
    return _listing(request, "One shelf below another", [f"/shelf/{down}/what-lies-on-the-shelf"])


def _parameters(request: Request) -> Answer | None:
    if request.path != "/view/what-the-harbour-shows":
        return None
    before = f"{request.query}&" if request.query else ""
    more = "&".join(f"p{n}={n}" for n in range(14))
    links = [f"{request.path}?{before}p{n}=1" for n in range(6)]
    return _listing(request, "View with what is set", [*links, f"{request.path}?{more}"])


def _permuted(request: Request) -> Answer | None:
    if request.path == "/news/many-ways-to-one-page-12345.html":
        return page(story(request), request)
    return None


_ORDERS = tuple(
    "/news/many-ways-to-one-page-12345.html?" + "&".join(f"{name}=1" for name in order)
    for order in permutations(("section", "order", "edition", "format"))
)


def _facets(request: Request) -> Answer | None:
    if request.path != "/find/all-ships-of-the-harbour":
        return None
    names = ("colour", "length", "flag", "year", "cargo", "yard")
    sets = [chosen for size in range(1, 6) for chosen in combinations(names, size)]
    links = [f"{request.path}?" + "&".join(f"{name}={n}" for name in chosen) for n, chosen in enumerate(sets)]
    # Each page says something of its own, so that nothing but the addresses tells.
    return _listing(
        request, f"Ships by {request.query.translate(str.maketrans('=&0123456789', '            '))}", links
    )


def _soft_404(request: Request) -> Answer | None:
    if request.path == "/" or "." in request.path:
        return None
    return page(html("Not here", f"<h1>Page not found</h1><p>Sorry, {request.path} is not here.</p>"), request)


_GONE = tuple(f"/news/a-story-that-was-here-once-{n}" for n in range(120))


def _turning(request: Request) -> Answer | None:
    """A list that always has a next page, and always new names on it."""
    if not request.path.startswith("/latest"):
        return None
    number = int(request.query.partition("=")[2] or 1)
    names = [f"/latest/{_words(number)}-in-the-news.html"]
    if request.path.endswith(".html"):
        said = _words(len(request.path) * sum(request.path.encode()), 30)
        return page(html("Latest", f"<h1>One of the latest</h1><p>{said}.</p>"), request)
    onward = f'<link rel="next" href="/latest?page={number + 1}">'
    return _listing(request, f"Latest news: {_words(number)}", names, onward)


def _hidden(request: Request) -> Answer | None:
    if request.path == "/":
        links = teasers(f"/net/what-no-reader-of-ours-ever-sees-{n}" for n in range(30))
        nets = f'<div style="display: none">{links}</div><div hidden>{links.replace("/net/", "/net/two/")}</div>'
        return page(
            front(request.headers["host"], head=DECLARED).replace(b"</main>", f"{nets}</main>".encode()), request
        )
    return _listing(request, "Caught", [f"{request.path}-{n}" for n in range(9)]) if "/net/" in request.path else None


def _maze(request: Request) -> Answer | None:
    if request.path == "/":
        links = teasers(f"/maze/turn-left-and-then-right-{n}" for n in range(30)).replace("<a ", '<a rel="nofollow" ')
        return page(
            front(request.headers["host"], head=DECLARED).replace(b"</main>", f"{links}</main>".encode()), request
        )
    return _listing(request, "A maze", [f"{request.path}-{n}" for n in range(9)]) if "/maze/" in request.path else None


def _many_links(request: Request) -> Answer | None:
    if request.path != "/all/every-story-we-ever-printed":
        return None
    links = "".join(f"<a href={n}>" for n in range(130_000))
    return page(html("All", links), request)


def _wildcards(request: Request) -> Answer | None:
    host, _, port = request.headers["host"].partition(":")
    if not host.startswith("s") or not host.endswith(".wildcards.test"):
        return None
    return page(story(request, int(port) % 9 + 3), request)


def _wild_front(request: Request) -> Answer | None:
    host = request.headers["host"]
    if request.path == "/feed.xml":
        return feed([(f"Shop {n}", f"http://s{n}.{host}/news/the-best-of-all-shops") for n in range(200)], request)
    return _wildcards(request)


def _aliases(request: Request) -> Answer | None:
    """The same front page and stories under five spellings of the host."""
    if request.path != "/":
        return None
    host = request.headers["host"]
    name, _, port = host.partition(":")
    spellings = (host, host.upper(), f"{name}.:{port}", f"reader:secret@{host}", f"{name}:0{port}")
    links = "".join(front(host, head=DECLARED).decode().replace('href="/', f'href="http://{one}/') for one in spellings)
    return page(links.encode(), request)


CASES = (
    Case(
        name="calendar",
        does="has a page for every month and day there will ever be, each with links to more",
        respond=_calendar,
        links=("/events/2026/11/what-the-harbour-has-planned",),
        record=Record(path="/events/2026/11/what-the-harbour-has-planned"),
        limit="same-page",
    ),
    Case(
        name="sessions-in-paths",
        does="puts a new session id into the path of every link",
        respond=_sessions_in_path,
        links=("/visit-0123456789abcdef/news/what-the-harbour-makes-of-it",),
        record=Record(path="/visit-0123456789abcdef/news/what-the-harbour-makes-of-it"),
        limit="same-page",
    ),
    Case(
        name="sessions-in-queries",
        does="puts a new session id into a parameter of every link, under a name nobody knows",
        respond=_sessions_in_query,
        links=("/news/what-the-harbour-makes-of-it?visit=1",),
        record=Record(path="/news/what-the-harbour-makes-of-it?visit=1"),
        limit="same-page",
    ),
    Case(
        name="growing-paths",
        does="links relative to wherever it is, from pages that are the same everywhere: desk/news/desk/news/…",
        respond=_growing,
        links=("/desk/what-the-desk-has-for-us/",),
        record=Record(path="/desk/what-the-desk-has-for-us/"),
        limit="repetition",
    ),
    Case(
        name="repeating-segments",
        does="answers every path that repeats itself",
        respond=_repeating,
        links=("/harbour/what-the-harbour-repeats/",),
        record=Record(path="/harbour/what-the-harbour-repeats/"),
        limit="repetition",
        most=90,
    ),
    Case(
        name="deep-paths",
        does="has paths of any depth, each segment new",
        respond=_deep,
        links=("/shelf/what-lies-on-the-first-shelf",),
        record=Record(path="/shelf/what-lies-on-the-first-shelf"),
        limit="depth",
    ),
    Case(
        name="more-parameters",
        does="adds a parameter to each address that it links to",
        respond=_parameters,
        links=("/view/what-the-harbour-shows",),
        record=Record(path="/view/what-the-harbour-shows"),
        limit="parameters",
    ),
    Case(
        name="permuted-parameters",
        does="links to one page with its parameters in every order",
        respond=_permuted,
        links=_ORDERS,
        record=Record(path=_ORDERS[0]),
        junk=1,
        most=8,
    ),
    Case(
        name="facets",
        does="offers a list by every set of properties, none of them the same",
        respond=_facets,
        links=("/find/all-ships-of-the-harbour",),
        record=Record(path="/find/all-ships-of-the-harbour"),
        limit="facets",
        most=90,
    ),
    Case(
        name="soft-404",
        does="answers 200 and one page to whatever is asked for, and says that it is not there",
        respond=_soft_404,
        links=_GONE,
        record=Record(path=_GONE[0]),
        limit="same-page",
        label="soft-404",
    ),
    Case(
        name="endless-pagination",
        does="has a next page always, with new names on it always",
        respond=_turning,
        links=("/latest?page=1",),
        start="/latest",
        record=Record(path="/latest"),
        stories=False,
        junk=60,
        limit="list-pages",
        most=130,
    ),
    Case(
        name="hidden-links",
        does="shows crawlers links that no reader sees, into a net of more",
        respond=_hidden,
        most=8,
    ),
    Case(
        name="nofollow-maze",
        does="asks crawlers not to follow the links into its maze",
        respond=_maze,
        most=8,
    ),
    Case(
        name="many-links",
        does="has a page with 130,000 links",
        respond=_many_links,
        links=("/all/every-story-we-ever-printed",),
        record=Record(path="/all/every-story-we-ever-printed"),
        limit="tags",
        most=8,
    ),
    Case(
        name="wildcards",
        does="answers under every name below its own, and has a feed full of such names",
        respond=_wild_front,
        start="/feed.xml",
        limit="hosts",
        stories=False,
        junk=10,
        most=36,
    ),
    Case(
        name="aliases",
        does="spells its own name in five ways: capitals, a trailing dot, a user, a port with zeros",
        respond=_aliases,
        record=Record(path="/"),
        most=8,
    ),
)
