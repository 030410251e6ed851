"""The recipe for a container: it parses, and what it names is there."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import yaml

from crawler.commands import cli

TOP = Path(__file__).parent.parent
DOCKERFILE = TOP / "docs" / "container" / "Dockerfile"
COMPOSE = TOP / "docs" / "container" / "compose.yaml"


def parsed(words: list[str]) -> dict[str, Any]:
    """What the command line makes of them; raises click.UsageError."""
    command = cli.get_command(cli.make_context("wirecopy", words, resilient_parsing=True), words[0])
    assert command is not None
    return command.make_context(words[0], words[1:]).params


def instructions() -> list[tuple[str, str]]:
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    return [(word, rest) for line in text.splitlines() if line[:1].isupper() for word, _, rest in [line.partition(" ")]]


def test_the_image_copies_what_is_there_and_begins_with_a_command() -> None:
    steps = instructions()
    assert steps[0] == ("FROM", "python:3.13-slim")
    for *sources, _ in (rest.split() for word, rest in steps if word == "COPY"):
        for source in sources:
            assert (TOP / source).exists(), source
    (install,) = [rest for word, rest in steps if word == "RUN"]
    extras = set(re.findall(r"/src\[([\w,]+)\]", install)[0].split(","))
    assert extras <= set(re.findall(r"^(\w+) = \[", (TOP / "pyproject.toml").read_text(), re.MULTILINE))
    facts = dict(steps)
    assert json.loads(facts["ENTRYPOINT"]) == ["wirecopy"]
    assert parsed(json.loads(facts["CMD"]))["metrics"] == f"0.0.0.0:{facts['EXPOSE']}"


def test_compose_runs_the_daemon_and_asks_for_its_health() -> None:
    service = yaml.safe_load(COMPOSE.read_text())["services"]["wirecopy"]
    build = service["build"]
    assert (COMPOSE.parent / build["context"] / build["dockerfile"]).resolve() == DOCKERFILE
    assert service["init"] is True
    facts = dict(instructions())
    assert service["command"] == json.loads(facts["CMD"])
    port = parsed(service["command"])["metrics"].rpartition(":")[2]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert [volume.rpartition(":")[2] for volume in service["volumes"]] == [facts["VOLUME"]]
    kind, program, flag, code = service["healthcheck"]["test"]
    assert (kind, program, flag) == ("CMD", "python", "-c")
    ast.parse(code)
    assert f"http://127.0.0.1:{port}/healthz" in code
