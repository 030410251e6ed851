"""Files in a bucket, by a server of somebody else, over a connection that fails in every way."""
