"""``python -m crawler``: the command line without its script on PATH; so the daemon starts its children, too."""

from crawler.commands import main
from crawler.watch.children import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    main()
