"""What stands in an article's place: a page of another kind, served with a success where a feed names a story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hostile.case import Case, Record
from tests.hostile.site import STORY, feed, html, page, raw, redirect, stories, story
from tests.newsroom.answers import Answer, Request

__all__ = ["CASES"]

Body = Callable[[Request], bytes]

_CHECKING = html(
    "Just a moment...",
    "<noscript>Enable JavaScript and cookies to continue</noscript><div id='challenge-form'><h1>Checking your browser"
    " before you go on.</h1><p>This process is automatic.</p></div>"
    "<script src='/cdn-cgi/challenge-platform/h.js'></script>",
)
_CAPTCHA = html(
    "Human Verification",
    "<h1>Let's confirm you are human</h1><p>Complete the security check before continuing.</p>"
    "<form method='post'><div class='g-recaptcha' data-sitekey='6Lc'></div><button>Begin</button></form>",
)
_CONSENT = html(
    "Before you continue to the Quay Gazette",
    "<div role='dialog'><h1>We value your privacy</h1><p>We and our 842 partners use cookies to store and read data on"
    " your device. With your consent, we and our vendors show personalised ads and measure them. You may accept all"
    " cookies, reject them, or manage your preferences; consent can be withdrawn in our privacy policy.</p>"
    "<button>Accept all</button><button>Reject all</button></div>",
)
_LOGIN = html(
    "Log in | The Quay Gazette",
    "<h1>Log in</h1><p>Log in to your account to go on.</p><form action='/login' method='post'><input name='user'>"
    "<input type='password' name='password'><button>Log in</button></form><a href='/forgot'>Forgot your password?</a>",
)
_SALE = html(
    "quay-gazette.test is for sale",
    "<h1>This domain is for sale!</h1><p>Buy it now, or make an offer.</p><a href='/offer'>Make an offer</a>",
)
_SCRIPTS = html(
    "The Quay Gazette",
    "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>"
    "<script src='/static/main.3f2a.js'></script>",
)
_LOST = html(
    "Page not found | The Quay Gazette",
    "<h1>Page not found</h1><p>Sorry, the page that you asked for is not here. It may have been moved.</p>",
)


def _cut(request: Request) -> bytes:
    """The start of a story, and what comes instead of the rest."""
    whole = story(request)
    start, mark, rest = whole.partition(b"</p>")
    declared = (
        b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script></head>'
    )
    wall = b"<div class='paywall'><p>Subscribe to continue reading. Already a subscriber? Log in</p></div>"
    return start.replace(b"</head>", declared, 1) + mark + wall + rest[rest.index(b"</article>") :]


def _site(body: bytes | Body, *, at: str = STORY) -> Callable[[Request], Answer | None]:
    """Its feed names one story more than are there; at its address there is this."""

    def respond(request: Request) -> Answer | None:
        if request.path == "/own.xml":
            own = [(one.title, one.path) for one in stories(request.headers["host"])[:3]]
            return feed([*own, ("This story is not what it looks like", STORY)], request)
        if request.path == at:
            return page(body if isinstance(body, bytes) else body(request), request)
        return redirect(at) if request.path == STORY else None

    return respond


def _for_sale(request: Request) -> Answer | None:
    return page(_SALE, request) if request.path != "/robots.txt" else None


def _forbidden(request: Request) -> Answer | None:
    """The honest way of turning a machine away."""
    if request.path != STORY:
        return _site(_CHECKING)(request)
    return raw(
        b"HTTP/1.1 403 Forbidden", b"Content-Type: text/html", b"Content-Length: %d" % len(_CHECKING), body=_CHECKING
    )


def _case(name: str, does: str, body: bytes | Body, label: str, at: str = STORY, **more: Any) -> Case:
    return Case(
        name=name,
        does=does,
        respond=_site(body, at=at),
        label=label,
        **{"record": Record(path=at), "shown": True, **more},
    )


CASES = (
    _case("bot-wall", "checks the browser instead of showing the story", _CHECKING, "bot-wall"),
    _case("captcha", "shows a captcha instead of the story", _CAPTCHA, "bot-wall"),
    Case(
        name="bot-wall-403",
        does="checks the browser instead of showing the story, and says 403",
        respond=_forbidden,
        record=Record(path=STORY, status=403),
    ),
    _case("consent-wall", "asks for consent to cookies instead of showing the story", _CONSENT, "consent"),
    _case("paywall", "shows the start of the story, and asks for money", _cut, "paywalled"),
    _case("login-page", "shows a form to log in with instead of the story", _LOGIN, "login"),
    _case("needs-scripts", "has scripts where the story should be", _SCRIPTS, "needs-scripts"),
    _case(
        "soft-404-redirect", "redirects the story to a page that says it is not there", _LOST, "soft-404", at="/lost"
    ),
    Case(
        name="parked",
        does="is for sale, whatever is asked for",
        respond=_for_sale,
        record=Record(path="/"),
        label="parked",
        stories=False,
    ),
)
