"""The command line: the script `wirecopy`, and ``python -m crawler``, as which the daemon starts its children.

While modules are loaded a Ctrl-C ends the process as it ends any other: nobody is there yet to say so in words.
"""

import os
import signal

__all__ = ["main"]


def main() -> None:
    """Loads what is needed, and runs it."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where a shell has it ignored
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from crawler.commands import main as run

    if parent := os.environ.get("WIRECOPY_PARENT"):
        from crawler.watch.orphan import die_with_parent

        die_with_parent(int(parent))
    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
