"""`archive.replay` on the wire: Twisted's HTTP server, a thread pool, and nothing that knows what is served."""
