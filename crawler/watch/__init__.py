"""Watching sources for years: what to look at, when, and how it went.

source.py    what a source is: where, how often, how politely          (pure)
sources.py   sources.toml to sources, and every mistake by its key     (pure)
editing.py   the same file changed by commands, comments kept
opml.py      lists of feeds from and for feed readers                  (pure)
rhythm.py    when a source publishes, by hour and day                  (pure)
schedule.py  when a source is due                                      (pure)
ledger.py    state.sqlite: what runs came to, which no record tells
health.py    silent, failing, worse than before                        (pure)
children.py  one child process, one crawl over a batch of sources
daemon.py    the loop over all of it
"""
