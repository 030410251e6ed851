"""Where a crawl stops, and what it leaves alone, so that no site can keep it busy, full or waiting.

volume      MaxBytes: the whole crawl, by bytes
wariness    Wary: addresses without end (crawler.traps)
patience    Patience: hosts that give nothing but failures
redirects   Redirects, MetaRedirects: loops, chains, and targets that are no address
decoding    Decoding: what a body may unpack to

Each is a Scrapy component named in crawler.settings. What they leave alone is in the crawl's report, by limit and host
(`crawler.heldback`).
"""

from crawler.limits.volume import MaxBytes

__all__ = ["MaxBytes"]
