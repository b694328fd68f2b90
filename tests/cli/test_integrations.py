"""What other tools run: the scripts of the GitHub Action and of GitLab, and the hook of pre-commit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from rust_ai_ide.cli.main import build_parser
from tests.source.repositories import TestRepository

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
BAD = "fn f() -> u8 { return 1; }\n"
SECRET = 'const KEY: &str = "AKIAIOSFODNN7EXAMPLQ";\n'


@pytest.fixture
def checkout(tmp_path) -> TestRepository:
    """A clone whose branch changes something that `origin` has not."""
    origin = TestRepository(tmp_path / "origin")
    origin.commit("Begin", {"src/lib.rs": BAD.replace("f()", "old()")})
    made = TestRepository(tmp_path / "clone")
    made.git("remote", "add", "origin", str(origin.path))
    made.git("fetch", "origin", "main")
    made.git("reset", "--hard", "origin/main")
    made.commit("Change", {"src/new.rs": BAD})
    return made


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder with the command, as installing makes it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "rust-ai-ide"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m rust_ai_ide.cli.main "$@"\n')
    command.chmod(0o755)
    return folder


def action(checkout, programs, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the step of the action as a runner would, with its inputs and defaults."""
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "review"]
    given = {name: str(each["default"]) for name, each in ACTION["inputs"].items()} | inputs
    names = {name: f"inputs.{name}" for name in given}
    values = {f"${{{{ {names[name]} }}}}": value for name, value in given.items()}
    values |= {"${{ github.base_ref }}": inputs.get("base_ref", "main"), "${{ github.event.before }}": ""}
    environment = {name: values[value] for name, value in step["env"].items()}
    output = checkout.path.parent / "output"
    output.write_text("")
    done = subprocess.run(
        ["bash", str(ROOT / "integrations" / "github.sh")],
        cwd=checkout.path,
        env={
            **environment,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(checkout.path.parent),
            "RUST_AI_IDE_HOME": str(checkout.path.parent / "home"),
            "GITHUB_OUTPUT": str(output),
            "GIT_ALLOW_PROTOCOL": "file",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done, output.read_text()


def test_the_action_annotates_what_the_branch_changed_and_passes(checkout, programs):
    done, output = action(checkout, programs)
    assert "::warning file=src/new.rs,line=1" in done.stdout
    assert "src/lib.rs" not in done.stdout
    assert (done.returncode, output) == (0, "findings=0\n"), done.stderr


def test_the_actions_inputs_work_as_they_are_documented(checkout, programs):
    wanted = {"review-style": "comprehensive", "fail-on-critical": "true", "output-format": "github-pr"}
    checkout.commit("Leak", {"src/key.rs": SECRET})
    done, output = action(checkout, programs, **wanted)
    comments = json.loads(done.stdout)["comments"]
    assert {comment["path"] for comment in comments} == {"src/key.rs", "src/new.rs"}
    assert (done.returncode, output) == (1, "findings=1\n")
    assert action(checkout, programs, **{**wanted, "fail-on-critical": "false"})[0].returncode == 0
    assert (
        action(checkout, programs, **{**wanted, "fail-on": "info", "fail-on-critical": "false"})[0].returncode
        == 1
    )
    assert action(checkout, programs, **{"review-style": "loud"})[0].returncode == 2


def test_gitlabs_job_writes_a_code_quality_report(checkout, programs):
    job = yaml.safe_load((ROOT / "integrations" / "gitlab-ci.yml").read_text())["rust-ai-ide"]
    lines = [line for line in job["script"] if "venv" not in line and "pip install" not in line]
    script = "\n".join(["set -e", *lines]).replace("/tmp/rust-ai-ide/bin/", f"{programs}/")
    subprocess.run(
        ["bash", "-c", script],
        cwd=checkout.path,
        env={
            **{name: str(value) for name, value in job["variables"].items()},
            "PATH": os.environ["PATH"],
            "HOME": str(checkout.path.parent),
            "RUST_AI_IDE_HOME": str(checkout.path.parent / "home"),
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        },
        check=True,
        capture_output=True,
    )
    report = job["artifacts"]["reports"]["codequality"]
    rows = json.loads((checkout.path / report).read_text())
    assert [row["location"]["path"] for row in rows] == ["src/new.rs"]


def test_the_hook_of_pre_commit_is_a_command_that_there_is():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *arguments = hook["entry"].split()
    assert program == "rust-ai-ide"
    assert build_parser().parse_args(arguments).staged
    assert hook["types"] == ["rust"]
    assert hook["pass_filenames"] is False


def test_each_input_of_the_action_is_documented():
    text = (ROOT / "docs" / "reviewing.md").read_text()
    for name in ACTION["inputs"]:
        assert f"| `{name}` |" in text
