"""A small generated news site on loopback, with known truth, for trying wirecopy and for its tests.

    with Newsroom(articles=100, misbehave=["slow", "surplus"]) as newsroom:
        crawl(newsroom.url)
        newsroom.log[0].sent

world, prose     what is true: articles made from a seed
templates        five kinds of article page; listings: every other page; feeds: feeds, sitemaps, robots.txt
site             which path holds what now; articles can be published, edited, moved and deleted
answers          a page as bytes: encodings, framing, validators
misbehaviours    what servers do wrong, by name
odd              odd responses, by name, under /odd/NAME
server, log      raw sockets, and every byte that crossed them
newsroom         all of it, running
outlets          other outlets, of every kind, a host each; all of them running together
"""

from tests.newsroom.log import Served, most_at_once, pace, read_log
from tests.newsroom.misbehaviours import MISBEHAVIOURS
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.world import Article

__all__ = ["MISBEHAVIOURS", "Article", "Newsroom", "Served", "most_at_once", "pace", "read_log"]
