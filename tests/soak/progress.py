"""Where a long proof keeps how far it is, so that an interruption costs one step."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["KILLS", "SEED", "Progress"]

SEED = int(os.environ.get("SOAK_SEED", "1"))
KILLS = int(os.environ.get("SOAK_KILLS", "200"))
_DIRECTORY = Path(os.environ.get("SOAK_DIR", "build/soak"))


class Progress:
    """Steps of a proof that are done, with what each measured: a line of JSON a step, of this seed only."""

    def __init__(self, name: str) -> None:
        _DIRECTORY.mkdir(parents=True, exist_ok=True)
        self.path = _DIRECTORY / f"{name}-{SEED}.jsonl"
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        self._done: dict[str, Any] = dict(json.loads(line) for line in lines)

    def __contains__(self, step: str) -> bool:
        return step in self._done

    def __iter__(self) -> Iterator[Any]:
        return iter(self._done.values())

    def add(self, step: str, measured: Any) -> None:
        line = json.dumps([step, measured])
        self._done[step] = measured
        with self.path.open("a") as file:
            file.write(line + "\n")

    def finish(self) -> None:
        """All steps are done: the next run starts anew; what was measured stays beside."""
        self.path.replace(self.path.with_suffix(".done.jsonl"))
