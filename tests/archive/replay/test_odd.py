"""Odd responses replayed: each is shown or said to be none, its bytes come back as they were, and none does harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from archive.collection import Collection
from archive.http import head_end, parse_head
from archive.replay.replay import Replay, Resolvers
from archive.replay.response import Asking, Response
from tests.newsroom.odd import ODD
from tests.serve.collections import SITE, collection, got

AT = "/20260301120000"
KEPT = {name: case for name, case in ODD.items() if case.interim == 0 and case.wire}


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    exchanges = []
    for name, case in KEPT.items():
        exchanges.append(replace(got(f"/odd/{name}"), response=case.wire, head=parse_head(case.wire)))
    resolvers = Resolvers(Collection.open(collection(tmp_path_factory.mktemp("odd") / "news", exchanges)))
    yield Replay(resolvers)
    resolvers.close()


def ask(replay: Replay, target: str) -> tuple[Response, bytes]:
    response = replay.respond(Asking(target=target, host="127.0.0.1:8081", headers={}))
    return response, response.body if isinstance(response.body, bytes) else b"".join(response.body)


@pytest.mark.parametrize("name", KEPT)
def test_each_is_shown_and_its_bytes_come_back(replay: Replay, name: str) -> None:
    case = KEPT[name]
    if case.status == 304:
        assert ask(replay, f"{AT}/{SITE}/odd/{name}")[0].status == 404
        return
    exact, body = ask(replay, f"{AT}id_/{SITE}/odd/{name}")
    shown, page = ask(replay, f"{AT}/{SITE}/odd/{name}")
    head = parse_head(case.wire, icy=True)
    if head is None or head.status < 200:
        assert (shown.status, body) == (502, case.wire)
        assert "Memento-Datetime" not in dict(shown.headers)
        return
    assert exact.status == shown.status == head.status
    if case.payload is not None and head_end(case.wire):
        assert body[: len(case.payload)] == case.payload
    for response in (exact, shown):
        assert dict(response.headers)["Content-Type"].strip()
        assert not any(set(value) & set("\r\n\0") for _, value in response.headers)
        assert not {name.lower() for name, _ in response.headers} & {"set-cookie", "refresh", "transfer-encoding"}
    assert b"<script" not in page.lower() or "html" not in dict(shown.headers)["Content-Type"]
