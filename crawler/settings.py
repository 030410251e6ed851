"""Scrapy's settings for this project: what a crawl does unless told otherwise.

Settings of our own start with ``WIRECOPY_``; docs/settings.md explains each.
"""

import os

from crawler.contact import USER_AGENT

__all__ = ["USER_AGENT"]

BOT_NAME = "wirecopy"
SPIDER_MODULES = ["crawler.spiders"]
WIRECOPY_CONTACT = ""  # a mail address or URL of the user's, which goes into USER_AGENT

# Where the captures go; `wirecopy crawl --collection` says the same.
WIRECOPY_COLLECTION = "collections/news"
WIRECOPY_EXTRACT = True  # read articles while crawling; False leaves them for the next run
WIRECOPY_WORKERS = 0  # processes that read articles; 0: one less than there are cores

# What earlier crawls archived is asked for again at these ages of an article, and only where it changed.
WIRECOPY_SECOND_LOOKS = "3h 1d 7d 30d"
WIRECOPY_CONDITIONAL = True

# What pages embed: none, images, or all that a replay without scripts needs.
WIRECOPY_REQUISITES = "none"
WIRECOPY_MAX_REQUISITES = 20_000
SPIDER_MIDDLEWARES = {"crawler.embeds.Requisites": 550}

# Capture: our own client keeps every byte, and archives it before anything parses it.
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.handler.ArchivingDownloadHandler",
    "https": "crawler.fetch.handler.ArchivingDownloadHandler",
    "ftp": None,
    "file": None,
    "data": None,
    "s3": None,
}
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page cut short is still a page; its record says so
# No br and no zstd: readers of WARC files still stumble over both.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en;q=0.8,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

# Pages from when until when (--since, --until), as far as listings and addresses tell.
WIRECOPY_SINCE = ""
WIRECOPY_UNTIL = ""

# Besides public addresses, and whatever the hosts of seeds have: networks that a link may lead into (--allow-network).
WIRECOPY_ALLOW_NETWORKS = ""

# What pages ask of robots (robots meta, X-Robots-Tag): record it, or obey it too (--robots-meta).
WIRECOPY_ROBOTS_META = "record"
WIRECOPY_TDMREP = True  # ask each host with a name for its /.well-known/tdmrep.json, along with its robots.txt
WIRECOPY_REL_NOFOLLOW = "skip"  # single links marked so: skip them, or follow them as any other

# Politeness: one request at a time to a host and a second between them, more when the host is slow.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_SLOTS = {host: {"concurrency": 8, "delay": 0} for host in ("127.0.0.1", "localhost", "::1")}
EXTENSIONS = {
    "crawler.extension.ArchiveExtension": 100,
    "crawler.limits.MaxBytes": 150,
    "crawler.politeness.pace.Pace": 200,
    "scrapy.extensions.throttle.AutoThrottle": None,  # Pace does what it does, by the same settings
    "scrapy.extensions.remote_control.RemoteControl": None,  # no door into a crawl that nobody asked for
}
DOWNLOADER = "crawler.politeness.downloader.PoliteDownloader"
DUPEFILTER_CLASS = "crawler.dupes.OnePage"
SCHEDULER_PRIORITY_QUEUE = "crawler.politeness.queue.HostQueue"
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60.0

# What no site is trusted with (docs/limits.md): each has a line in the report, by limit and host. 0: no limit.
WIRECOPY_MAX_DEPTH = 16  # segments of a path
WIRECOPY_MAX_PARAMETERS = 12  # of a query
WIRECOPY_MAX_SAME = 20  # answers of one pattern of addresses before it is given up for being one page
WIRECOPY_MAX_FACETS = 30  # sets of parameters that one path comes with
WIRECOPY_MAX_HOSTS = 100  # names of hosts below one registered domain
WIRECOPY_MAX_LINKS = 100_000  # candidates that a seed's listings may lead to
WIRECOPY_MAX_LIST_PAGES = 50  # of one list that goes on over several
WIRECOPY_MAX_PAGE_LINKS = 5000  # links of one page
WIRECOPY_MAX_TAGS = 120_000  # of a page whose links are looked for
WIRECOPY_MAX_FAILURES = 20  # tries in a row without an answer before a host is given up
WIRECOPY_MAX_HEAD = "1 MiB"  # of an answer, interim ones counted in; 16 MiB at most
WIRECOPY_MAX_IN_FLIGHT = "256 MiB"  # what bodies beyond 4 MiB may bring that are on their way at a time
WIRECOPY_MAX_UNPACKED = "64 MiB"  # what a body may unpack to
REDIRECT_MAX_TIMES = 10

# Two pages of one site must not depend on what it stored about us in between.
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
WIRECOPY_LOG_FORMAT = "human"  # or json: a line an event
WIRECOPY_LOG_SIZE = "50 MB"  # after which a log file is put aside …
WIRECOPY_LOG_AGE = ""  # … or when a new day ("1d"), week ("7d") … begins; empty: whatever its age
WIRECOPY_LOG_COUNT = 5  # … and how many of those are kept
LOG_FORMATTER = "crawler.logformat.HeardMessages"  # at DEBUG as Scrapy's own
# So many tasks are made for each page; none of what a spider here yields waits for anything. Scrapy has 100.
CONCURRENT_ITEMS = 1
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.politeness.robotstxt.RobotsTxt": 100,  # in its place
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.access.OfflineCookies": 700,  # in its place
    "crawler.access.FileCookies": 710,
    "crawler.access.OwnHeaders": 720,
    "crawler.access.OneProxy": 740,  # before Scrapy's HttpProxyMiddleware, which takes it from there
    # Nearest to the engine: it sees what is left when retries are used up.
    "crawler.middlewares.Outcomes": 10,
    "crawler.middlewares.RedirectsToKnown": 20,
    "crawler.limits.wariness.Wary": 30,
    "crawler.conditional.Conditional": 585,  # beside HttpCompressionMiddleware: from there on a 304 is a page
    "crawler.middlewares.CutShort": 551,  # beside Scrapy's own RetryMiddleware
    "crawler.limits.patience.Patience": 560,  # below it: each try counts
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.limits.redirects.MetaRedirects": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.limits.decoding.Decoding": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.limits.redirects.Redirects": 600,
    "crawler.politeness.pace.HostRules": 840,  # as near to the downloader as can be, above what counts answers
}

# The environment has the last word here; options of the command line and ``--set`` have it over that.
globals().update({name: value for name, value in os.environ.items() if name.startswith("WIRECOPY_") and value})
