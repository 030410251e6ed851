"""The quick ways through heads and URLs say what the thorough ones do."""

from __future__ import annotations

from io import BytesIO

from hypothesis import example, given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeadersParser

from archive.surt import _PLAIN, surt
from archive.warc.members import _plain_fields

VALUES = st.text(st.sampled_from(" \tab:<>=?é\x0b\r\n\x1c"), max_size=12)
NAMES = st.text(st.sampled_from("WARC-type :"), max_size=8)


@given(st.sampled_from(["WARC/1.1", "WARC/1.0", "WARC/0.18"]), st.lists(st.tuples(NAMES, VALUES), max_size=4))
@example("WARC/1.1", [("WARC-Type", "response"), ("WARC-Target-URI", "http://a.example/ b"), ("Empty", "")])
def test_plain_heads_are_read_as_warcio_reads_them(version: str, fields: list[tuple[str, str]]) -> None:
    head = "\r\n".join([version, *(f"{name}: {value}" for name, value in fields)]).encode()
    found = _plain_fields(head)
    if found is not None:
        assert (
            list(found) == StatusAndHeadersParser(["WARC/1.1", "WARC/1.0"]).parse(BytesIO(head + b"\r\n\r\n")).headers
        )


def test_the_heads_of_our_records_are_plain() -> None:
    head = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: 12"
    assert _plain_fields(head) == (
        ("WARC-Type", "response"),
        ("WARC-Target-URI", "http://a.example/"),
        ("Content-Length", "12"),
    )


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_plain_urls_have_the_keys_of_the_long_way(url: str) -> None:
    assert surt(url) == surt(f"{url}#") == surt(f"HTTP{url.removeprefix('http')}")
