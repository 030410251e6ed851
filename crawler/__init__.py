"""wirecopy's crawler: Scrapy, as it is used here, and the command line over both packages.

Map of the package, from the bottom up; each imports only from above itself:

    amounts, values, agents, redaction, logformat, directly    small things that know nothing of each other
    logs                                        one line an event
    contact, items, refusals, seen, traps       who is crawling; what spiders yield; what is left alone
    sources                                     what to watch: sources.toml
    heldback                                    what limits held back
    discovery                                   listings and pages to candidates                      (pure)
    fetch                                       our HTTP client under Scrapy, and its download handlers
    middlewares                                 what became of each request
    politeness                                  what each host may be asked, and when
    spiders                                     from seeds to articles
    access, conditional, dupes, embeds, limits  what else a request meets on its way, each a part of Scrapy's
    report                                      what a crawl did
    documents, progress, stats                  how that is kept, shown and counted
    settings, extension, replay                 Scrapy's settings; what goes on beside the fetching; no network
    run                                         one crawl from first to last
    serve                                       the archive on the wire
    watch                                       the daemon: many crawls, for years
    commands                                    one file a verb

What is kept, derived and shown again is `archive`'s.
"""
