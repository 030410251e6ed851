"""What pages lead to: bytes of listings and pages in, candidates out, by whatever way a site names its articles. Pure.

payload, markup, classify               bytes to text, text to a tree, and what kind of listing that is
candidates, bounds, period              what comes out; how much of it; from when until when
feeds, sitemaps, jsonlist               listings of each kind to candidates
changes                                 what a listing says by differing from what it was
page, links, paging, declared           section pages: article links, further pages, feeds and sitemaps they name
platforms                               where sites that run on the same software list their articles
siblings                                an article's further pages, twins and other languages
"""
