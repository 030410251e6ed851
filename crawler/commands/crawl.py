"""wirecopy crawl: from URLs to exact WARC files, text and search."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from archive.resolve import POLICIES, Policy
from crawler.commands.options import SOURCES, as_json, collection_option, echo_json, log_format_option, parse_settings
from crawler.sources import keys

__all__ = ["command"]


@click.command("crawl", short_help="archive pages from a site, feed, sitemap or list of URLs")
@click.argument("urls", nargs=-1, metavar="URL...")
@collection_option
@click.option(
    "--max-pages",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="Stop after this many pages; listings and robots.txt count too.",
)
@click.option("--max-bytes", metavar="SIZE", help="Stop when this much is archived: 500 MB, 2 GB.")
@click.option(
    "--scope",
    type=click.Choice(["page", "prefix", "host", "domain"]),
    help="Which links to follow from a URL: none, those below its path, those on its host, or on its whole domain."
    "  [default: host; what a feed or sitemap lists is all fetched, and nothing beyond a URL that is an article]",
)
@click.option(
    "--second-looks",
    "looks",
    metavar="AGES",
    help="Ages at which an article is seen again, for edits and deletions; or none.  [default: 3h 1d 7d 30d]",
)
@click.option(
    "--requisites",
    type=click.Choice(["none", "images", "all"]),
    help="What pages embed: images, or all that a replay without scripts needs (styles, fonts, icons too)."
    "  [default: none]",
)
@click.option(
    "--robots-meta",
    type=click.Choice(["record", "obey"]),
    help="What pages ask of robots (noindex, nofollow, noarchive …): note it with the article, or keep to it too:"
    " not followed, and kept out of exports and searches.  [default: record]",
)
@click.option(
    "--from",
    "listed",
    metavar="FILE",
    help="Archive the pages that FILE lists, a URL a line, and no others; - for stdin.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="ID",
    help="Crawl this source of the collection's sources.toml, as it says there (repeatable).",
)
@click.option(
    "--since", metavar="TIME", help="Only pages from then on, as listings and addresses date them: 2026-01-31, 7d."
)
@click.option("--until", metavar="TIME", help="Only pages up to then.")
@click.option("--extract/--no-extract", default=True, show_default=True, help="Read articles while crawling.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read articles.  [default: cores - 1]")
@click.option("--proxy", metavar="URL", help="Fetch all through this proxy: http, https, socks5 or socks5h.")
@click.option("--cookies", metavar="FILE", help="Send the cookies of this cookies.txt to the hosts they are for.")
@click.option(
    "--allow-network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Addresses that links may lead to though they are not public (repeatable): 10.0.0.0/8, ::1.",
)
@click.option("--from-archive", is_flag=True, help="Ask the collection instead of the network, and archive nothing.")
@click.option("--at", metavar="TIME", help="From the archive as of then: 2026-11-23T10:15, 20261123101500, 7d.")
@click.option(
    "--policy",
    type=click.Choice(POLICIES),
    help="Which captures will do: the closest to --at, the newest before it, the first after, or exactly it."
    "  [default: closest]",
)
@click.option("--items", metavar="FILE", help="Write what the spider found to FILE, as JSON Lines; - for stdout.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting (repeatable).")
@log_format_option
@click.option("--verbose", "-v", is_flag=True, help="The crawl's log on stderr too.")
@as_json
def command(
    *,
    urls: tuple[str, ...],
    path: Path,
    max_pages: int,
    max_bytes: str | None,
    scope: str | None,
    looks: str | None,
    requisites: str | None,
    robots_meta: str | None,
    listed: str | None,
    sources: tuple[str, ...],
    since: str | None,
    until: str | None,
    extract: bool,
    workers: int | None,
    proxy: str | None,
    cookies: str | None,
    networks: tuple[str, ...],
    from_archive: bool,
    at: str | None,
    policy: Policy | None,
    items: str | None,
    settings: tuple[str, ...],
    log_format: str,
    verbose: bool,
    json_: bool,
) -> int:
    """Archive what is at each URL: a site's home page, a section, a feed, a sitemap or one article.

    wirecopy looks at what comes back. From a home page it finds the site's feeds and sitemaps; from a
    feed, sitemap or section it fetches each article it has not archived before, and those again that
    may have changed. Every exchange is in a WARC file before anything reads it. Ctrl-C stops soundly:
    the same command goes on where it was.

    \b
    Examples:
      wirecopy crawl https://example.org/
      wirecopy crawl https://example.org/feed.xml --collection collections/example
      wirecopy crawl https://example.org/2026/11/23/a-story.html --scope page
      wirecopy crawl https://example.org/ --since 2026-01-01 --until 2026-02-01 --max-pages 100000
      wirecopy crawl --from urls.txt
      wirecopy crawl --source example
      wirecopy crawl https://example.org/ --from-archive --at 2026-11-23 --policy before
    """
    if [bool(urls), bool(listed), bool(sources)].count(True) != 1:
        raise click.UsageError("name URLs to crawl from, or a list of pages with --from, or a --source")
    if sources and (from_archive or scope):
        raise click.UsageError("a source has its own scope, and is crawled from the network")
    if (at or policy) and not from_archive:
        raise click.UsageError("--at and --policy go with --from-archive")
    for url in urls:
        keys.seed(url)
    from crawler import replay, report, run  # with Scrapy, for which what is told above need not wait

    urls = urls or (tuple(run.read_list(listed)) if listed else ())
    spider = "urls" if listed else "article"
    told: dict[str, Any] = {"WIRECOPY_LOG_FORMAT": log_format, **parse_settings(settings)}
    told |= {name: value for name, value in (("WIRECOPY_SINCE", since), ("WIRECOPY_UNTIL", until)) if value}
    if items:
        target = "stdout:" if items == "-" else str(Path(items).absolute()).replace("%", "%%")
        told["FEEDS"] = {target: {"format": "jsonlines", "overwrite": items != "-"}}
    if from_archive:
        played = run.replay(
            urls,
            collection=path,
            at=at,
            policy=policy,
            spider=spider,
            max_pages=0 if listed else max_pages,
            scope=scope,
            settings=told,
            verbose=verbose,
        )
        if json_:
            echo_json(played)
        else:
            click.echo(replay.summary(played), err=True)
        return played.outcome.exit_code
    named = {
        "WIRECOPY_PROXY": proxy,
        "WIRECOPY_COOKIES": cookies,
        "WIRECOPY_MAX_BYTES": max_bytes,
        "WIRECOPY_SECOND_LOOKS": looks,
        "WIRECOPY_REQUISITES": requisites,
        "WIRECOPY_ROBOTS_META": robots_meta,
        "WIRECOPY_ALLOW_NETWORKS": ",".join(networks),
    }
    told = {**{name: value for name, value in named.items() if value}, **told}
    if sources:
        result = run.crawl_sources(
            path / SOURCES,
            sources,
            collection=path,
            extract=extract,
            workers=workers or 0,
            settings=told,
            verbose=verbose,
        )
    else:
        result = run.crawl(
            urls,
            collection=path,
            spider=spider,
            max_pages=0 if listed else max_pages,
            scope=scope,
            extract=extract,
            workers=workers or 0,
            settings=told,
            verbose=verbose,
        )
    if json_:
        echo_json(result)
    else:
        click.echo(report.summary(result), err=True)
        if result.storage is None:
            if result.counts["articles"]:
                click.echo(_next(path), err=True)
        else:
            click.echo(
                "  what was written before is safe; the same command goes on once the disk can be written", err=True
            )
    return result.outcome.exit_code


def _next(path: Path) -> str:
    """What to try next, ready to be pasted."""
    program, there = _program(), shlex.quote(str(path))
    return "\n".join(
        [
            "next:",
            f'  {program} search "…" --collection {there}',
            f"  {program} export jsonl --collection {there}",
            f"  {program} verify --collection {there}",
        ]
    )


def _program() -> str:
    """How this command is called from here: by its name where that is on PATH, else by where it lies."""
    if shutil.which("wirecopy"):
        return "wirecopy"
    beside = Path(sys.executable).with_name("wirecopy")
    return os.path.relpath(beside) if beside.exists() else f"{os.path.relpath(sys.executable)} -m crawler"
