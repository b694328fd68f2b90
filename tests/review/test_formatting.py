"""What rustfmt would lay out otherwise: told by lines, mended exactly, by the project's edition and settings."""

import json

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.review.findings import Edit
from rust_ai_ide.review.fixing import fixed
from rust_ai_ide.review.formatting import _edit, unformatted
from rust_ai_ide.review.reviewing import SourceFile
from rust_ai_ide.source.rustfmt import RustfmtMissing, rustfmt
from rust_ai_ide.source.store import content_key


def _runs() -> bool:
    try:
        return bool(rustfmt())
    except RustfmtMissing:
        return False


needs_rustfmt = pytest.mark.skipif(not _runs(), reason="there is no rustfmt that runs on this machine")
UGLY = "fn f( a:u8 )->u8{a}\n\nfn fine() {}\nfn  g() {\n  let x=1;\n}"


def of_file(source: bytes, path: str = "src/lib.rs") -> SourceFile:
    return SourceFile(path, content_key(source), lambda: source)


@needs_rustfmt
def test_mended_it_is_what_rustfmt_writes(tmp_path):
    for source in (UGLY, UGLY + "\n\n\n", "fn f(){}", "\n\nfn f() {}\n", 'const Ü: &str = "ü" ;\n'):
        found = unformatted([of_file(source.encode())], {}, tmp_path)
        assert found
        mended = fixed(source.encode(), found).source
        assert unformatted([of_file(mended)], {}, tmp_path) == []


@needs_rustfmt
def test_settings_and_edition_are_the_projects(tmp_path):
    source = of_file(b"fn f() {\n    g();\n}\n")
    assert unformatted([source], {}, tmp_path) == []
    (tmp_path / "rustfmt.toml").write_text("tab_spaces = 2\n")
    assert [one.start_line for one in unformatted([source], {}, tmp_path)] == [2]
    (tmp_path / "rustfmt.toml").unlink()
    new = of_file(b"async fn f() {}\n")
    old = {"Cargo.toml": b'[package]\nname = "a"\nedition = "2015"\n'}
    assert unformatted([new], {"Cargo.toml": b'[workspace.package]\nedition = "2021"\n'}, tmp_path) == []
    # What rustfmt cannot read in that edition is left out.
    assert unformatted([new], old, tmp_path) == []


@needs_rustfmt
def test_the_command_tells_it_and_mends_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "Cargo.toml").write_text('[package]\nname = "a"\nedition = "2021"\n')
    (project / "src" / "lib.rs").write_text(UGLY)
    (project / "src" / "half.rs").write_text("fn f( {\n")
    monkeypatch.chdir(project)
    assert main(["review", "--rustfmt", "--output-format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {(row["rule"], row["path"]) for row in rows} == {("rustfmt", "src/lib.rs")}
    assert main(["review", "--rustfmt", "--fix"]) == 0
    assert (project / "src" / "lib.rs").read_text().startswith("fn f(a: u8) -> u8 {\n    a\n}\n")


def test_without_rustfmt_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RustfmtMissing, match="rustup component add rustfmt"):
        rustfmt()


@pytest.mark.parametrize(
    ("old", "new", "opcode", "expected"),
    [
        ("a\nb\n", "a\nc\n", (1, 2, 1, 2), Edit(2, 1, 3, 1, "c\n")),
        ("a\nb", "a\nc", (1, 2, 1, 2), Edit(1, 2, 2, 2, "\nc")),
        ("a\nb\n", "a\n", (1, 2, 1, 1), Edit(2, 1, 3, 1, "")),
        ("a", "b", (0, 1, 0, 1), Edit(1, 1, 1, 2, "b")),
        ("a\nb", "a", (1, 2, 1, 1), Edit(1, 2, 2, 2, "")),
    ],
)
def test_edits_hit_whole_lines_wherever_they_stand(old, new, opcode, expected):
    assert _edit(old.split("\n"), new.split("\n"), *opcode) == expected
