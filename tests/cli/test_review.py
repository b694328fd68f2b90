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
PRINT = "fn h() { println!(); }\n"
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
    everything = ("--profile", "thorough", "--fail-on", "error")
    first = found(capsys, *everything)
    assert first == found(capsys, *everything) == found(capsys, *everything, "--no-cache")
    assert len(first[1]) == 2
    (Path(os.environ["RUST_AI_IDE_HOME"]) / "analysis.sqlite3").write_bytes(b"rubbish" * 1000)
    assert found(capsys, *everything) == first


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
    write(project, {"src/lib.rs": PRINT})
    assert found(capsys) == (0, [])
    assert found(capsys, "--severity", "info") == (0, ["src/lib.rs:1 print_stdout"])
    assert found(capsys, "--fail-on", "info") == (1, ["src/lib.rs:1 print_stdout"])


def test_a_profile_says_how_much_to_say(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"src/lib.rs": RETURN + UNWRAP + PRINT})
    balanced = ["src/lib.rs:1 needless_return"]
    assert found(capsys, "--fail-on", "error") == (0, balanced)
    assert found(capsys, "--fail-on", "error", "--profile", "quiet") == (0, [])
    thorough = [*balanced, "src/lib.rs:2 unwrap_used", "src/lib.rs:3 print_stdout"]
    assert found(capsys, "--fail-on", "error", "--profile", "thorough") == (0, thorough)
    write(project, {".rust-ai-ide.toml": '[review]\nprofile = "thorough"\nseverity_threshold = "warning"\n'})
    assert found(capsys, "--fail-on", "error") == (0, balanced)
    assert main(["review", "--config", "/dev/null", "--profile", "quiet", "--fail-on", "error"]) == 0


def test_a_baseline_silences_what_it_lists_and_tells_what_is_stale(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"src/lib.rs": RETURN})
    assert main(["review", "--write-baseline", "accepted.json"]) == 0
    write(project, {"src/lib.rs": "\n\nfn before() {}\n" + RETURN + RETURN})
    assert found(capsys, "--baseline", "accepted.json") == (1, ["src/lib.rs:5 needless_return"])
    write(project, {".rust-ai-ide.toml": '[review]\nbaseline = "accepted.json"\n'})
    assert found(capsys) == (1, ["src/lib.rs:5 needless_return"])
    write(project, {"src/lib.rs": "fn f() -> u8 { 1 }\n"})
    assert main(["review"]) == 0
    assert "1 entry of accepted.json found no more" in capsys.readouterr().err
    write(project, {"accepted.json": "{}"})
    assert main(["review"]) == 2
    assert "is no baseline" in capsys.readouterr().err
    assert main(["review", "--baseline", "none.json"]) == 2


def test_what_can_be_mended_is_mended_in_the_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "struct P { x: u8 }\nfn p(x: u8) -> P {\n    let y: _ = x; // \u00fc\n    let x: _ = y;\n    P { x: x }\n}\n"
    write(project, {"src/lib.rs": text})
    (project / "src/lib.rs").chmod(0o640)
    assert main(["review", "--fix"]) == 0
    assert "Mended 3 findings." in capsys.readouterr().err
    mended = (project / "src/lib.rs").read_text(encoding="utf-8")
    assert mended == text.replace(": _", "").replace("x: x", "x")
    assert (project / "src/lib.rs").stat().st_mode & 0o777 == 0o640
    assert main(["review", "--fix", "--staged"]) == 2


def test_the_command_lines_of_git_hooks_work_as_people_write_them(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"src/lib.rs": "fn f() {}\n", "src/other.rs": "fn g() {}\n", "README.md": "# A\n"})
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "Begin")
    write(project, {"src/lib.rs": RETURN, "src/other.rs": RETURN, "README.md": "# B\n"})
    git(project, "add", "src/lib.rs", "README.md")
    assert found(capsys, "--files", "src/lib.rs", "README.md", "--quick") == (
        1,
        ["src/lib.rs:1 needless_return"],
    )
    assert found(capsys, "--staged", "--files", "src/other.rs") == (0, [])
    assert found(capsys, "--files", "--quick") == (0, [])


def test_a_job_of_github_gets_commands_and_a_summary(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, {"src/lib.rs": RETURN * 12})
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "summary.md"))
    assert main(["review", "--output-format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("::warning file=src/lib.rs,line=") for line in lines) == 10
    assert (project / "summary.md").read_text().count("| `needless_return` |") == 12


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
        (["--quick", "--staged"], "Choose one of"),
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
