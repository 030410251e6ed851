"""`archive.replay` on the wire: Twisted's HTTP server, a thread pool, and nothing that knows what is served.

run, engine, site, requests             from start to stop; its threads; its pages; a request as a value
proxy, authority                        the proxy, and who vouches for it to browsers
"""
