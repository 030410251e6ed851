"""A collection, or a part of it, as one file that others open: WACZ 1.1.1, written and checked."""
