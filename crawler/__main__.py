"""``python -m crawler``: the command line without its script on PATH."""

from crawler.commands import main

if __name__ == "__main__":
    main()
