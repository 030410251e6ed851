"""Rules for single sites, as TOML files in a collection's ``recipes/``: how to read its pages, and since when.

recipe       one file: typed, checked and compiled; what it finds on a page
selectors    CSS and XPath, compiled when a recipe is loaded
book         all of a collection: which one holds for a page of a day
cases        saved pages and what is to be read from them
repeats      blocks that come again on page after page of a source
"""
