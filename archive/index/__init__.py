"""CDXJ: by which line a capture is found, in one sorted file for each WARC file.

cdxj                                    a line                                                    (pure)
scan                                    a record to its line                                      (pure)
files, merge                            files that grow, are sorted, and become one
lookup                                  captures of a URL, by few reads
"""
