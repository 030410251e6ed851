"""How a crawl treats the hosts it asks: what it may ask for, how often, and when it stops asking.

robots      robots.txt, as RFC 9309 has it: bytes to rules, rules and path to an answer      (pure)
reservations  tdmrep.json: bytes to rules, rules and path to an answer                       (pure)
optouts     whose training crawlers a robots.txt turns away                                 (pure)
longago     what a robots.txt said before it became unreachable
robotstxt   downloader middleware: fetches, keeps and obeys it
retryafter  how long a server asks to be left alone                                          (pure)
hosts       how a host is to be treated at this moment                                       (pure)
registry    the hosts of a crawl, each under one name
pace        notes what answers and errors say of their hosts, and refuses what they do not want
queue       hands out only what may be asked for now
downloader  Scrapy's, with a slot a host
"""
