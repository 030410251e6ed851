"""``python -m crawler``: the command line without its script on PATH; so the daemon starts its children, too."""

import os

from crawler.commands import main

if __name__ == "__main__":
    if parent := os.environ.get("WIRECOPY_PARENT"):
        from crawler.watch.orphan import die_with_parent

        die_with_parent(int(parent))
    main()
