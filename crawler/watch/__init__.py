"""Watching sources for years: when to look at each, and how it went.

rhythm.py      when a source publishes, by hour and day                 (pure)
schedule.py    when a source is due                                     (pure)
health.py      silent or failing                                        (pure)
extraction.py  read worse than before                                   (pure)
budget.py      what a source may still cost today                       (pure)
planner.py     what to crawl now, out of all                            (pure)
batches.py     which of these one crawl takes together                 (pure)
ledger.py      state.sqlite: what crawls came to, which no record tells
children.py    one child process: one crawl over a batch of sources
orphan.py      … which is gone when the daemon is
daemon.py      the loop over all of it
brake.py       whether crawls may be begun
handfuls.py    how articles could be read, as the ledger keeps it
conditions.py  what is the matter, since when
checkup.py     how a source is after a crawl
alerts/        who is told
shipping.py    files that crawls have closed, to where the collection says
attention.py   what is noticed, and told once
live.py        what the daemon is doing now
lateness.py    why a source waits                                       (pure)
figures.py     what is counted; metrics.py: in Prometheus' format; endpoint.py: over HTTP
tidying.py     logs of old crawls
overview.py    how every source stands
"""
