"""The newsroom as an application: its pages are empty until a script has asked for what they say."""

from __future__ import annotations

import json

from tests.newsroom.answers import Page
from tests.newsroom.site import Site

__all__ = ["ScriptedSite"]

_SHELL = b"""<!doctype html><html><head><title>Loading</title><script src="/assets/story.js" defer></script></head>
<body><main>Loading</main></body></html>"""
_SCRIPT = b"""const asked = new XMLHttpRequest();
const text = fetch(`/api${location.pathname}.json`).then(answer => answer.json());
text.then(story => {
  document.title = story.title;
  document.querySelector('main').innerHTML = story.paragraphs.map(text => `<p>${text}</p>`).join('');
  asked.open('GET', '/api/visits?of=' + encodeURIComponent(document.cookie));
  asked.onload = () => { document.body.dataset.visits = asked.status + ' ' + asked.responseText; };
  asked.send();
});
"""


class ScriptedSite(Site):
    def target(self, path: str, query: str) -> str:
        return f"{path}?{query}" if query else path

    def _build(self, path: str) -> Page | None:
        if self.at(path):
            guards = ("Content-Security-Policy", "default-src 'self'"), ("Set-Cookie", "reader=1; Path=/")
            return Page(body=_SHELL, headers=guards, delivery="chunked+gzip")
        if path == "/assets/story.js":
            return Page(body=_SCRIPT, type="text/javascript", delivery="gzip")
        if path == "/api/visits?of=reader%3D1":
            return Page(body=b"7", type="text/plain")
        if path.startswith("/api/") and (article := self.at(path.removeprefix("/api").removesuffix(".json"))):
            story = {"title": article.title, "paragraphs": article.paragraphs}
            return Page(body=json.dumps(story).encode(), type="application/json", delivery="chunked")
        return super()._build(path)
