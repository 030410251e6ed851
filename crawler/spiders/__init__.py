"""From seeds to articles. A spider brings answers to explorers and makes requests of what they ask for.

article, feed, section, sitemap         spiders, by what a seed is taken for
urls, watch                             … a list of pages; sources of a sources.toml
base, aside                             what they have in common; what is read beside the event loop
explorer                                what to ask for next, from one answer; no Scrapy in it
survey, looks                           what a seed has led to; known pages that are to be seen again
steps                                   where a request stands in its crawl: values
"""
