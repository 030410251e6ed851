"""CPU seconds to read all pages of a WARC file as `wirecopy extract` does: once through, and each again by a worker.

python -m benchmarks.extract.reading FILE
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from archive.extract.decode import MAX_BYTES
from archive.http import decoded
from archive.pages import is_page
from archive.warc.reader import read_at, records


def main() -> None:
    path = Path(sys.argv[1])
    pages = 0
    began = time.process_time()
    for record in records(path, types=("response", "metadata")):
        head = record.head if record.type == "response" else None
        if head is not None and is_page(head.mime, head.status):
            decoded(b"".join(read_at(path, record.offset, record.length).payload()), head, MAX_BYTES + 1)
            pages += 1
    print(time.process_time() - began, pages)


if __name__ == "__main__":
    main()
