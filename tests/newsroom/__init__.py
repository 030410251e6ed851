"""A small generated news site on loopback, with known truth, for trying wirecopy and for its tests.

world, prose     what is true: articles made from a seed
templates        five kinds of article page; listings: every other page; feeds: feeds, sitemaps, robots.txt
site             which path holds what now; articles can be published, edited, moved and deleted
answers          a page as bytes: encodings, framing, validators
server           raw sockets and the log of every byte

    with Newsroom(articles=100) as newsroom:
        crawl(newsroom.url)
        newsroom.log[0].sent
"""

from tests.newsroom.answers import Answer
from tests.newsroom.server import Newsroom, Served, read_log
from tests.newsroom.world import Article

__all__ = ["Answer", "Article", "Newsroom", "Served", "read_log"]
