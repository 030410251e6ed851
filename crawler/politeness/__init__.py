"""How a crawl treats the hosts it asks: what it may ask for, how often, and when it stops asking.

robots      robots.txt, as RFC 9309 has it: bytes to rules, rules and path to an answer      (pure)
robotstxt   downloader middleware: fetches, keeps and obeys it
pace        how fast a host is asked
"""
