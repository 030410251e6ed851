"""A collection, or a part of it, as one file that others open: WACZ 1.1.1, written and checked.

pack, choice                            what is packed: all, or what is asked for
whole, part, needed, stretches          files as they are; records of some captures, with those they need
wacz, pages, index, signature           the file, its pages with texts, its index, who made it
check                                   is such a file what it says
"""
