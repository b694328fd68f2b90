"""The git hook, tried by real commits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rust_ai_ide.cli.main import main
from tests.source.repositories import TestRepository

BAD = "fn f() -> u8 { return 1; }\n"


@pytest.fixture
def made(tmp_path, monkeypatch) -> TestRepository:
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    made = TestRepository(tmp_path / "project")
    made.commit("Begin", {"src/lib.rs": "fn f() {}\n"})
    monkeypatch.chdir(made.path)
    return made


def commit(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "src" / "lib.rs").write_text(text)
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    return subprocess.run(
        ["git", *who, "commit", "-a", "-m", "Change", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_commit_with_findings_is_refused_and_others_are_not(made, capsys):
    assert main(["hook", "install"]) == 0
    assert ".git/hooks/pre-commit reviews what is staged" in capsys.readouterr().out
    refused = commit(made.path, BAD)
    assert refused.returncode != 0
    assert "needless_return" in refused.stdout + refused.stderr
    assert commit(made.path, "fn f() -> u8 { 1 }\n").returncode == 0
    assert commit(made.path, BAD, "--no-verify").returncode == 0


def test_how_bad_it_must_be_can_be_chosen_and_installing_again_renews(made):
    assert main(["hook", "install"]) == 0
    assert main(["hook", "install", "--fail-on", "critical"]) == 0
    assert commit(made.path, BAD).returncode == 0


def test_it_is_removed_again_and_another_hook_is_left_alone(made, capsys):
    assert main(["hook", "install"]) == 0
    assert main(["hook", "uninstall"]) == 0
    hook = made.path / ".git" / "hooks" / "pre-commit"
    assert not hook.exists()
    assert main(["hook", "uninstall"]) == 2
    hook.write_text("#!/bin/sh\ntrue\n")
    capsys.readouterr()
    assert main(["hook", "install"]) == 2
    assert "Add this line to it" in capsys.readouterr().err
    assert main(["hook", "uninstall"]) == 2
    assert hook.read_text() == "#!/bin/sh\ntrue\n"


def test_worktrees_share_it_and_a_folder_of_hooks_in_the_project_is_used(made, tmp_path):
    made.git("worktree", "add", str(tmp_path / "linked"))
    assert main(["hook", "install", "--project", str(tmp_path / "linked")]) == 0
    assert (made.path / ".git" / "hooks" / "pre-commit").exists()
    made.git("config", "core.hooksPath", ".hooks")
    assert main(["hook", "install"]) == 0
    assert os.access(made.path / ".hooks" / "pre-commit", os.X_OK)
    assert commit(made.path, BAD).returncode != 0


def test_folders_outside_and_plain_folders_are_refused(made, tmp_path, capsys):
    made.git("config", "core.hooksPath", str(tmp_path / "elsewhere"))
    assert main(["hook", "install"]) == 2
    assert "outside of it" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "plain").mkdir()
    assert main(["hook", "install", "--project", str(tmp_path / "plain")]) == 2


def test_the_hook_calls_this_program_wherever_it_lies(made):
    subprocess.run(
        [sys.executable, "-m", "rust_ai_ide.cli.main", "hook", "install"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
        capture_output=True,
    )
    text = (made.path / ".git" / "hooks" / "pre-commit").read_text()
    assert sys.executable in text
