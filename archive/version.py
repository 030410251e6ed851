"""The version of wirecopy: written into every WARC file and every reading."""

__version__ = "0.1.0"
