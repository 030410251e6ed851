"""Where WARC files lie that are not on the disk of their collection, or not only: stores, and what is read from them.

address.py    a store by its name: s3://bucket/prefix, or a directory      (pure)
port.py       what a store does, and no more
directory.py  … as a directory, on whatever file system
s3.py         … as a bucket, by the S3 protocol
stores.py     the table of these, and the one way to open one
ranges.py     a file in a store, read by ranges with a small cache
manifest.py   shipped.jsonl: which copies are where, and since when they are proven
"""
