"""The files in `docker` are well formed and speak of settings and commands that exist.

No container is started: that needs an engine. Where PyYAML is at hand it reads the file; the checks below do without.
"""

import json
import re

import pytest
from django.conf import settings as _settings

from config.environment import KNOWN
from rust_ai_ide.cli.main import build_parser
from rust_ai_ide.cli.supervisor import Supervisor
from tests.docs.reading import ROOT

assert _settings.BASE_DIR == ROOT  # reading it declares the settings
COMPOSE = (ROOT / "docker" / "compose.yaml").read_text()
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
OURS = set(KNOWN) | {"RUST_AI_IDE_HOST", "RUST_AI_IDE_PORT"}
OF_POSTGRES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}


def service(name: str) -> str:
    """Return the lines of one service."""
    found = re.search(rf"^  {name}:\n((?:(?:    .*)?\n)+)", COMPOSE, re.MULTILINE)
    assert found, f"there is no service {name}"
    return found[1]


def listed(text: str, key: str) -> list[str]:
    """Return a list that is written in one line."""
    found = re.search(rf"^\s*{key}: (\[.*\])$", text, re.MULTILINE)
    assert found, f"there is no {key}"
    return json.loads(found[1])


def test_the_compose_file_is_yaml():
    yaml = pytest.importorskip("yaml")
    assert set(yaml.safe_load(COMPOSE)["services"]) == {"web", "worker", "runtime", "postgres", "redis"}


def test_every_line_is_well_formed():
    for line in COMPOSE.splitlines():
        assert "\t" not in line
        assert line == line.rstrip()
        assert (len(line) - len(line.lstrip())) % 2 == 0, line
        assert not line.strip() or re.fullmatch(r"\s*(#.*|- .+|[\w-]+:( .+)?)", line), line
        if line.endswith("]"):
            json.loads(line[line.index("[") :])


def test_every_variable_is_a_known_setting():
    used = set(re.findall(r"^\s+([A-Z][A-Z_]+):", COMPOSE, re.MULTILINE))
    assert used >= {"DATABASE_URL", "REDIS_URL", "RUST_AI_IDE_HOME"}
    assert used <= OURS | OF_POSTGRES
    assert set(re.findall(r"^ENV (\w+)=", DOCKERFILE, re.MULTILINE)) <= OURS
    readme = (ROOT / "docker" / "README.md").read_text()
    assert set(re.findall(r"\bRUST_AI_IDE_\w+|\b\w+_URL\b", readme)) <= OURS


def test_the_processes_have_the_same_settings_and_data():
    for name in ("web", "worker", "runtime"):
        assert "environment: *settings" in service(name)
        assert "- data:/data" in service(name)


def test_the_web_is_published_on_this_machine_only():
    assert re.findall(r"- \"(.+:\d+)\"", COMPOSE) == ["127.0.0.1:8731:8731"]
    build_parser().parse_args(listed(service("web"), "command"))
    build_parser().parse_args(listed(service("runtime"), "command"))


def test_the_worker_is_started_as_the_supervisor_does():
    (command,) = [
        p.command
        for p in Supervisor("127.0.0.1", 1, with_worker=True, with_runtime=True).processes
        if p.name == "worker"
    ]
    started = listed(service("worker"), "entrypoint") + listed(service("worker"), "command")
    assert started[1:] == command[command.index("-m") :]


def test_the_image_starts_a_command_that_exists():
    command = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert command
    build_parser().parse_args(json.loads(command[1]))


@pytest.mark.parametrize("name", re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE))
def test_what_is_copied_exists(name):
    assert (ROOT / name).exists()
