"""The review command, as somebody at a terminal meets it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from rust_ai_ide.cli.main import main

RETURN = "fn f() -> u8 { return 1; }\n"
UNWRAP = "fn g(x: Option<u8>) -> u8 { x.unwrap() }\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main(["review", "--output-format", "json", *arguments])
    rows = json.loads(capsys.readouterr().out)
    return code, [f"{row['path']}:{row['start_line']} {row['rule']}" for row in rows]


def test_exit_codes_say_how_it_ended(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"src/lib.rs": "fn f() {}\n"})
    assert main(["review"]) == 0
    assert capsys.readouterr().out == "Nothing to report in 1 file.\n"
    write(project, {"src/lib.rs": RETURN})
    assert main(["review"]) == 1
    assert "src/lib.rs:1:16: warning:" in capsys.readouterr().out
    assert main(["review", "--fail-on", "error"]) == 0
    assert main(["review", "--project", "nowhere"]) == 2
    assert "There is no folder nowhere" in capsys.readouterr().err


def test_the_store_changes_nothing_but_the_time(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"src/lib.rs": RETURN + UNWRAP})
    first = found(capsys, "--severity", "info")
    assert first == found(capsys, "--severity", "info") == found(capsys, "--severity", "info", "--no-cache")
    assert len(first[1]) == 2
    (Path(os.environ["RUST_AI_IDE_HOME"]) / "analysis.sqlite3").write_bytes(b"rubbish" * 1000)
    assert found(capsys, "--severity", "info") == first


def test_a_stored_review_never_loads_the_parser(project: Path) -> None:
    write(project, {"src/lib.rs": RETURN})
    program = (
        "import sys; from rust_ai_ide.cli.main import main\n"
        "main(['review']); print('tree_sitter' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert [run.splitlines()[-1] for run in runs] == ["True", "False"]


def test_severity_shows_and_fail_on_fails(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"src/lib.rs": UNWRAP})
    assert found(capsys) == (0, [])
    assert found(capsys, "--severity", "info") == (0, ["src/lib.rs:1 unwrap_used"])
    assert found(capsys, "--fail-on", "info") == (1, ["src/lib.rs:1 unwrap_used"])


def test_the_quality_can_be_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"src/lib.rs": RETURN})
    assert main(["review", "--fail-on", "error", "--quality-threshold", "0.3"]) == 0
    assert main(["review", "--fail-on", "error", "--quality-threshold", "0.9"]) == 1
    assert "The quality is 0." in capsys.readouterr().err


def test_a_folder_without_git_is_walked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        project, {"src/lib.rs": RETURN, "target/debug/x.rs": RETURN, ".hidden/x.rs": RETURN, "a.txt": RETURN}
    )
    (project / "src" / "loop").symlink_to(project)
    (project / "src" / "link.rs").symlink_to("/etc/passwd")
    code, places = found(capsys)
    assert (code, places) == (1, ["src/lib.rs:1 needless_return"])


def test_a_repository_lists_its_own_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(project, "init", "-q")
    write(
        project, {"src/lib.rs": RETURN, "new.rs": RETURN, "ignored.rs": RETURN, ".gitignore": "ignored.rs\n"}
    )
    git(project, "add", "src", ".gitignore")
    assert found(capsys)[1] == ["new.rs:1 needless_return", "src/lib.rs:1 needless_return"]
    assert found(capsys, "--project", "src")[1] == ["lib.rs:1 needless_return"]
    (project / "src" / "lib.rs").unlink()
    assert found(capsys)[1] == ["new.rs:1 needless_return"]


def test_only_staged_lines_count(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(project, "init", "-q")
    write(project, {"src/lib.rs": RETURN})
    git(project, "add", ".")
    assert found(capsys, "--staged") == (1, ["src/lib.rs:1 needless_return"])
    git(project, "commit", "-qm", "one")
    assert found(capsys, "--staged") == (0, [])
    write(project, {"src/lib.rs": RETURN * 2})
    git(project, "add", ".")
    write(project, {"src/lib.rs": RETURN * 3})
    assert found(capsys, "--staged") == (1, ["src/lib.rs:2 needless_return"])
    assert found(capsys, "--quick")[1] == ["src/lib.rs:2 needless_return", "src/lib.rs:3 needless_return"]


def test_a_branch_is_judged_by_the_settings_of_its_base(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(project, "init", "-q", "-b", "main")
    write(project, {"src/lib.rs": "// rust\n", "src/old.rs": RETURN})
    git(project, "add", ".")
    git(project, "commit", "-qm", "one")
    git(project, "checkout", "-qb", "topic")
    silent = '[review]\ndisabled_rules = ["needless_return"]\n'
    write(project, {"src/lib.rs": "// rust\n" + RETURN, ".rust-ai-ide.toml": silent})
    git(project, "add", ".")
    git(project, "commit", "-qm", "two")
    expected = (1, ["src/lib.rs:2 needless_return"])
    assert found(capsys, "--base", "main", "--head", "topic") == expected
    assert found(capsys, "--base", "main") == expected
    assert found(capsys, "--base", "topic", "--head", "topic") == (0, [])
    assert found(capsys) == (0, [])
    assert found(capsys, "--base", "main", "--config", ".rust-ai-ide.toml") == (0, [])


def test_the_crate_root_speaks_for_a_changed_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(project, "init", "-q", "-b", "main")
    write(project, {"src/lib.rs": "#![allow(clippy::needless_return)]\nmod x;\n"})
    git(project, "add", ".")
    git(project, "commit", "-qm", "one")
    write(project, {"src/x.rs": RETURN})
    git(project, "add", ".")
    assert found(capsys, "--staged") == (0, [])
    assert found(capsys, "--files", "src/x.rs") == (0, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--files", "gone.rs"], "gone.rs cannot be read: No such file"),
        (["--files", "src"], "src is a folder; give it to --project"),
        (["--files", "loop.rs"], "loop.rs cannot be read"),
        (["--files", "pipe.rs"], "pipe.rs is not a regular file"),
        (["--files", "x.rs", "--staged"], "Choose one of"),
        (["--head", "main"], "--head needs --base"),
        (["--config", "gone.toml"], "gone.toml cannot be read"),
        (["--output", "no/such/folder.md"], "cannot be written"),
        (["--staged"], "git"),
        (["--base", "main"], "git"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (project / "loop.rs").symlink_to("loop.rs")
    os.mkfifo(project / "pipe.rs")
    assert main(["review", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err.splitlines()[-1]
    assert "Traceback" not in captured.err


def test_wrong_settings_are_one_sentence(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {".rust-ai-ide.toml": "[review]\ninclude_tets = true\n"})
    assert main(["review"]) == 2
    assert "Did you mean `include_tests`?" in capsys.readouterr().err


def test_files_that_are_no_source_are_told_apart(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "binary.rs").write_bytes(b"\x7fELF\0\0\0")
    with (project / "huge.rs").open("wb") as file:
        file.truncate(50_000_000)
    (project / "latin.rs").write_bytes(b"// caf\xe9\n" + RETURN.encode())
    assert main(["review", "--files", "binary.rs"]) == 2
    assert "binary.rs: The file holds NUL bytes" in capsys.readouterr().err
    assert main(["review", "--files", "huge.rs"]) == 2
    assert "huge.rs: The file has" in capsys.readouterr().err
    assert main(["review", "--files", "latin.rs"]) == 1
    assert "latin.rs: The file is not valid UTF-8" in capsys.readouterr().err
    assert main(["review"]) == 1


def test_the_output_file_chooses_the_format(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"src/lib.rs": RETURN})
    for name, start in (("r.md", "# Review"), ("r.json", "["), ("r.sarif", "{"), ("r.txt", "src/lib.rs:1")):
        assert main(["review", "--output", name]) == 1
        assert (project / name).read_text(encoding="utf-8").startswith(start)
    assert main(["review", "--output", "r.md", "--output-format", "json"]) == 1
    assert json.loads((project / "r.md").read_text(encoding="utf-8"))
    assert capsys.readouterr().out == ""


def test_a_limit_on_files_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"a.rs": RETURN, "b.rs": RETURN})
    assert main(["review", "--max-files", "1"]) == 1
    captured = capsys.readouterr()
    assert "Reviewing 1 of 2 files" in captured.err
    assert "b.rs" not in captured.out


def test_names_cannot_steer_the_terminal(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "a\x1b]0;title\x07\u202e\n.rs"
    write(project, {evil: RETURN, "b\x1b[2J.rs": "\0"})
    os.close(os.open(os.fsencode(project) + b"/\xff.rs", os.O_CREAT | os.O_WRONLY))
    assert main(["review"]) == 1
    captured = capsys.readouterr()
    assert not {"\x1b", "\x07", "\u202e"} & set(captured.out + captured.err)
    assert "\\u{1b}" in captured.out
    assert main(["review", "--files", "gone\x1b[2J.rs"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_colour_is_for_terminals(project: Path) -> None:
    write(project, {"src/lib.rs": RETURN})
    command = [sys.executable, "-m", "rust_ai_ide.cli.main", "review"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    environment.pop("NO_COLOR", None)
    ours, theirs = pty.openpty()
    subprocess.run(command, stdout=theirs, check=False, env=environment)
    os.close(theirs)
    assert b"\x1b[33mwarning\x1b[0m" in os.read(ours, 10_000)
    os.close(ours)
    piped = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert b"\x1b" not in piped.stdout


def test_help_is_quick_and_loads_nothing_heavy(project: Path) -> None:
    program = (
        "import sys\nfrom rust_ai_ide.cli.main import main\n"
        "try: main(['review', '--help'])\n"
        "except SystemExit: print([m for m in ('tree_sitter', 'sqlite3', 'tomllib') if m in sys.modules])"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.splitlines()[-1] == "[]"
    assert "Exit codes: 0" in output


def test_lint_tables_count_in_every_kind_of_review(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(project, "init", "-q")
    write(project, {"src/x.rs": RETURN, "Cargo.toml": '[lints.clippy]\nneedless_return = "allow"\n'})
    assert found(capsys) == (0, [])
    assert found(capsys, "--files", "src/x.rs") == (0, [])
    git(project, "add", ".")
    assert found(capsys, "--staged") == (0, [])
