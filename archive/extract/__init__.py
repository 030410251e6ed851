"""A page to an article. The same bytes give the same article, and no page brings down more than its worker.

article         the whole way; job, pool and worker take it to processes of their own, identity says who reads,
                files reads WARC files that no collection holds
the page        decode: bytes to text to a tree, once; tame: made harmless; streamed: parts that came after it;
                survey: one walk over it; measure: how much text stands where; page, jsonld: what it declares;
                places: pictures between lines
the text        frame: which element holds it; clutter, boilerplate: what in it is none of it; tidy: made ready;
                engine: trafilatura; blocks, inline, text: a tree that keeps its structure; figures, words
the facts       metadata: of all candidates the best, and where it came from; titles, authors, names, published,
                dates, language; translations: the article elsewhere
what it is      kind, signs: an article or not; genre: which; labels, phrases: what stands in its place;
                wishes: what its publisher asks
otherwise       ruled: as a recipe says; parts: over several pages; pdf, typeset: printed
"""
