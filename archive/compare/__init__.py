"""What changed between two states of an article. Pure: strings and values in, values out.

volatile     a text's own paragraphs, without counters, clocks and furniture that change by themselves
    phrases      what these are called, language by language
sketch       title and text, small enough to be kept beside every reading
passing      what only passes through a place on the page, as adverts and teasers do
words        two texts word by word; by character in scripts that run their words together
weight       whether words were mended or changed
change       all of it: which fields, how much, and whether it only grew
"""
