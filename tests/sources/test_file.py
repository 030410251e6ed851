"""sources.toml: what it may say, and what is said of each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import ConfigError
from crawler.sources.file import parse, read, slug
from crawler.sources.source import Adaptive, Cron, Every

ONE = 'format = 1\n[[source]]\nname = "Der Tag"\nurl = "https://tag.example/"\n'


def test_a_name_and_a_url_are_enough() -> None:
    (source,) = parse(ONE.encode(), {})
    assert (source.id, source.enabled, source.schedule) == ("der-tag", True, Adaptive())
    assert source.seeds == ("https://tag.example/",)


def test_what_is_named_is_asked_for_and_the_page_left_alone() -> None:
    (source,) = parse(
        (ONE + 'feeds = ["https://tag.example/rss"]\nsections = ["https://tag.example/city"]').encode(), {}
    )
    assert source.seeds == ("https://tag.example/rss", "https://tag.example/city")


def test_defaults_hold_where_a_source_says_nothing() -> None:
    text = ONE.replace("[[source]]", '[defaults]\ndelay = "2s"\nrequisites = "images"\n[[source]]') + 'delay = "500s"'
    (source,) = parse(text.encode(), {})
    assert source.settings == {"DOWNLOAD_DELAY": "500", "WIRECOPY_REQUISITES": "images"}


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ('"adaptive"', Adaptive()),
        ('{ fresh = "5m", most = "1d" }', Adaptive(300.0, 86_400.0)),
        ('{ every = "15m" }', Every(900.0)),
        ('{ cron = "0 6 * * 1-5", timezone = "Europe/Berlin" }', Cron("0 6 * * 1-5", "Europe/Berlin")),
    ],
)
def test_schedules(schedule: str, expected: object) -> None:
    (source,) = parse(f"{ONE}schedule = {schedule}".encode(), {})
    assert source.schedule == expected


def test_secrets_come_from_the_environment() -> None:
    text = f'{ONE}proxy = {{ env = "MY_PROXY" }}'.encode()
    assert parse(text, {"MY_PROXY": "http://u:p@proxy.example:3128"})[0].settings == {
        "WIRECOPY_PROXY": "http://u:p@proxy.example:3128"
    }
    with pytest.raises(ConfigError, match=r"^source\[0\]\.proxy: the environment has no MY_PROXY$"):
        parse(text, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ONE.replace("format = 1", "format = 2"), r"^format: "),
        (ONE + "colour = 1", r"^source\[0\]: .*`colour`"),
        (ONE + "max_pages = 'many'", r"^source\[0\]\.max_pages: Expected `int"),
        (ONE + "max_pages = -1", r"^source\[0\]\.max_pages: -1: expected a number"),
        (ONE + "concurrency = 0", r"^source\[0\]\.concurrency: 0: expected 1 to 100"),
        (ONE + "delay = 'slow'", r"^source\[0\]\.delay: 'slow' is no span of time"),
        (ONE + "scope = 'all'", r"^source\[0\]\.scope: "),
        (ONE + "id = 'Der Tag'", r"^source\[0\]\.id: 'Der Tag': expected small letters"),
        (ONE + "schedule = { every = '5s' }", r"^source\[0\]\.schedule\.every: '5s': expected 60 seconds at least"),
        (ONE + "schedule = { cron = '61 * * * *' }", r"^source\[0\]\.schedule\.cron: "),
        (ONE + "schedule = { cron = '0 0 30 2 *' }", r"^source\[0\]\.schedule\.cron: "),
        (ONE + "schedule = { cron = '0 6 * * *', timezone = 'Mars/Base' }", r"^source\[0\]\.schedule\.timezone: "),
        (ONE + "schedule = { every = '5m', cron = '0 6 * * *' }", r"^source\[0\]\.schedule: expected one of"),
        (ONE + "schedule = { fresh = '2h', most = '1h' }", r"^source\[0\]\.schedule\.most: less than fresh"),
        (ONE + "feeds = ['/rss']", r"^source\[0\]\.feeds\[0\]: '/rss' is not a URL to crawl"),
        (ONE.replace("https://tag", "ftp://tag"), r"^source\[0\]\.url: "),
        (ONE + ONE.replace("format = 1\n", ""), r"^source\[1\]\.id: 'der-tag' is source\[0\] already$"),
        ("format = 1\n[[source]]\nname = 'x'", r"^source\[0\]: .*`url`"),
        (ONE + "max_bytes = 'much'", r"^source\[0\]\.max_bytes: 'much' is no size"),
        (ONE + "second_looks = '3h soon'", r"^source\[0\]\.second_looks: 'soon' is no span of time"),
        (ONE + "proxy = 'proxy:3128'", r"^source\[0\]\.proxy: expected a URL that begins with one of http://"),
        (ONE + "labels = ['Local News']", r"^source\[0\]\.labels\[0\]: 'Local News': expected small letters"),
        (ONE + "labels = ['local', 'thin']", r"^source\[0\]\.labels\[1\]: 'thin' says how a page was read already"),
        (ONE + "headers = { Host = 'x' }", r"^source\[0\]\.headers: 'Host' is no header field to add"),
        (ONE + "headers = { X = { env = 'NO' } }", r"^source\[0\]\.headers\.X: the environment has no NO$"),
        (ONE + "headers = { X = 1 }", r"^source\[0\]\.headers.*: Expected `str | object`"),
        (ONE + 'headers = { X = "a\\nb" }', r"^source\[0\]\.headers\.X: expected one line of ASCII"),
        (ONE + "recipe = 'other/tag.toml'", r"^source\[0\]\.recipe: 'other/tag.toml': expected a path such as"),
        (ONE + "per_day = { pages = 0 }", r"^source\[0\]\.per_day\.pages: 0: expected 1 at least"),
        (ONE + "per_day = { bytes = '0' }", r"^source\[0\]\.per_day\.bytes: '0' is no size"),
        (ONE + "per_day = { time = '1s' }", r"^source\[0\]\.per_day\.time: '1s': expected 60 seconds at least"),
        ("format = ", r"."),
        ("\x00", r"."),
    ],
)
def test_a_mistake_is_told_by_its_key(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(text.encode(), {})


def test_files_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes/tag.toml").write_text('format = 1\nhosts = ["tag.example"]\n')
    (tmp_path / "recipes/nacht.toml").write_text('format = 1\nhosts = ["nacht.example"]\n')
    (tmp_path / "cookies.txt").write_text("")
    file = tmp_path / "sources.toml"
    file.write_text(ONE + "recipe = 'recipes/tag.toml'\ncookies = 'cookies.txt'")
    assert read(file)[0].settings == {"WIRECOPY_COOKIES": str(tmp_path / "cookies.txt")}
    for line, message in (
        ("cookies = 'biscuits.txt'", r"cookies: .*/biscuits\.txt does not exist"),
        ("recipe = 'recipes/morgen.toml'", r"recipe: .*/recipes/morgen\.toml cannot be read"),
        ("recipe = 'recipes/nacht.toml'", r"recipe: recipes/nacht\.toml is for nacht\.example, none of "),
    ):
        file.write_text(ONE + line)
        with pytest.raises(ConfigError, match=rf"^{file}: source\[0\]\.{message}"):
            read(file)


def test_ids_from_names() -> None:
    assert slug("L'Écho du Nord!", ()) == "l-echo-du-nord"
    assert slug("新聞", ()) == "source"
    assert slug("A", ("a", "a-2")) == "a-3"
