"""Exact capture: an HTTP client that keeps every byte it is sent, as Scrapy's download handler.

handler, replayed                       Scrapy's download handlers: from the network, from an archive
outcome, signals                        what Scrapy is told of an exchange, and meanwhile
client                                  a request over a connection, and all that came of it
pool, connect, resolve, guard           connections: kept, opened, to which addresses, to which never
connection, wire                        an exchange on one of them; its response, byte for byte, sans IO
request                                 the bytes that are sent                                   (pure)
tls, cipher                             what is agreed with a server, and by which name
bodies, reserve                         how much may be on its way: in memory, to the disk
capture, policy, trace, secrets         the recorder: opened, set, told how a request came about, and what to omit
"""
