"""Captures shown again: to a browser as pages that stay within the archive, to programs as mementos, CDX lines and
the very bytes of then.

Nothing here opens a socket: requests and responses are values, and `crawler.serve` brings them to and from the wire.

    links, css, tokens, attributes, lazy, html, xml   a document with its addresses led back into the archive
    rewrite                                           which of these a payload needs, and its characters
    address, memento, cdx                             how a capture is asked for, named and listed
    response, headers, ownpages                       what goes out, what guards it, our own pages; so far all is pure
    display                                           what a capture brought -> response
    replay                                            request -> response, of one collection
    room                                              the reading room: search, captures of a URL, the CDX API
    wire                                              a capture -> the bytes that were sent
    proxy, tally, welcome                             request to the proxy -> these bytes; its misses, its own page
"""
