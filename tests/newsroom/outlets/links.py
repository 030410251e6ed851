"""Outlets with neither feed nor sitemap: all that leads to their articles is links, buttons, and what those load."""

from __future__ import annotations

import json
from typing import ClassVar

from tests.newsroom.answers import Page
from tests.newsroom.outlets.outlet import Outlet, Query
from tests.newsroom.world import SECTIONS, Article, slug

__all__ = ["LoadMore", "Sections"]

_PER_PAGE = 2


class Sections(Outlet):
    """Sections in the menu, each over several pages that only have numbers."""

    name = "sections"
    routes: ClassVar = {rf"/(?P<section>{'|'.join(SECTIONS)})": "section"}

    def address(self, article: Article) -> str:
        return f"/{article.section}/{slug(article.title) or 'story'}-{100_000 + article.number}"

    def menu(self) -> str:
        return "".join(f'<a href="/{section}">{section.title()}</a> ' for section in SECTIONS)

    def section(self, query: Query, section: str) -> Page | None:
        chosen = [article for article in self.articles if article.section == section]
        page, last = int(query.get("page", "1")), -(-len(chosen) // _PER_PAGE)
        if page > max(1, last):
            return None
        links = " ".join(f'<a href="/{section}?page={number}">{number}</a>' for number in range(1, last + 1))
        start = (page - 1) * _PER_PAGE
        more = f'<div class="pages">{links}</div>'
        return self.listing(section.title(), chosen[start : start + _PER_PAGE], more)


class LoadMore(Outlet):
    """A button, whose script would ask for JSON with addresses, then JSON with markup in it, then mere markup."""

    name = "loadmore"
    routes: ClassVar = {r"/api/stories": "stories"}

    def address(self, article: Article) -> str:
        return f"/story/{7_000_000 + article.number}"

    def front(self) -> str:
        return f'<button class="btn" data-load-more="/api/stories?from={self.shown}">More stories</button>'

    def stories(self, query: Query) -> Page:
        start = int(query.get("from", "0"))
        chosen, after = self.articles[start : start + 3], start + 3
        onward = f"/api/stories?from={after}" if after < len(self.articles) else None
        if start // 3 % 3 == 0:
            button = f'<button class="load-more" data-next-url="{onward}">More</button>' if onward else ""
            return self.document(f"{self.teasers(chosen)}{button}".encode(), "text/html")
        if start // 3 % 3 == 1:
            data: dict[str, object] = {
                "stories": [{"url": a.path, "headline": a.title} for a in chosen],
                "next": onward,
            }
        else:
            data = {"html": self.teasers(chosen), "has_more": bool(onward), "links": {"next": onward}}
        return self.document(json.dumps({"status": "ok", "data": data}).encode(), "application/json")
