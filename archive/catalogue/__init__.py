"""The catalogue: SQLite, derived from index lines and readings, and rebuilt from them to the same rows.

store, schema, times                    the file, its tables and how times stand in them
follow, follow_text                     new index lines and new readings, taken in from where it left off
captures, documents, articles, parts    lines and readings as rows; the articles they show, over several pages, too
looks, versions, gone, wished           what captures say of an article: versions, deletion, moves, what is asked
query, timeline, pages                  questions: articles, what happened to them, every page
words, snippets                         full text: what is indexed and asked for, and where it stands
recall                                  what a crawl asks of earlier ones
again, texts                            readings beside each other: by other extractors, of other days
"""
