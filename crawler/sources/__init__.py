"""What to watch: sources, and the one file that a person reviews them in.

source.py    what a source is: where, how often, how politely          (pure)
file.py      sources.toml to sources, and every mistake by its key
keys.py      … each value checked
alerts.py    … whom it tells when something is the matter
secret.py    … what stands in the environment, as { env = "NAME" }
editing.py   the same file changed by commands, comments kept
opml.py      lists of feeds from and for feed readers                  (pure)
"""
