"""Odd responses that real servers send, by name: the rig that shows the wire is kept and the page is used.

heads     status lines, header fields, types, redirects
framing   lengths, chunks, statuses without a body
endings   interim heads, surplus, broken connections, other protocols
codings   content encodings and charsets
browsers  what a real browser made of each
"""

from tests.newsroom.odd import codings, endings, framing, heads
from tests.newsroom.odd.browsers import BROWSER, usable, verdict
from tests.newsroom.odd.case import Odd

__all__ = ["BROWSER", "ODD", "Odd", "usable", "verdict"]

ODD: dict[str, Odd] = {case.name: case for part in (heads, framing, endings, codings) for case in part.CASES}
