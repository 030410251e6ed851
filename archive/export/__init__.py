"""Articles to files that other programs read.

columns                                 the contract: what a row holds
formats                                 the table of formats
jsonl, csv, parquet, markdown, tei      a file a format
runs                                    text with its structure, for those that have any
output                                  a file that is whole or absent, or a stream
"""
