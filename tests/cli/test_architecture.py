"""`rust-ai-ide architecture`: the graph of a folder in each form."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rust_ai_ide.cli.main import main
from tests.source.repositories import TestRepository

PACKAGE = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
FILES = {
    "Cargo.toml": PACKAGE,
    "src/lib.rs": "mod cart;\nmod price;\n",
    "src/cart.rs": "use crate::price::Price;\npub struct Cart(Price);\n",
    "src/price.rs": "use crate::cart::Cart;\nuse std::fmt;\npub struct Price;\n",
    "tests/all.rs": "use shop::nothing;\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = TestRepository(tmp_path / "project")
    made.commit("Begin", FILES)
    return made.path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["architecture", *arguments]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return output.out


def test_markdown_tells_of_cycles_with_their_places(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, str(project))
    assert text.startswith("# Architecture of project\n\n1 crate, 3 modules, 1 cycle; ")
    assert "2 nodes that all reach each other:" in text
    assert "Cheapest to cut, 1 place:\n\n- `shop::" in text
    assert "- `shop::cart` uses `shop::price`: `src/cart.rs:1`" in text
    assert "- `shop::price` uses `shop::cart`: `src/price.rs:1`" in text
    assert "all (test)" not in text
    assert "| `all (test)` | test | 2021 | 1 |" in printed(capsys, str(project), "--tests")


def test_json_has_nodes_and_edges(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = json.loads(printed(capsys, str(project), "--format", "json"))
    assert [node["id"] for node in graph["nodes"]] == ["shop", "shop::cart", "shop::price"]
    ends = [(edge["from"], edge["to"]) for edge in graph["edges"]]
    assert ends == [("shop::cart", "shop::price"), ("shop::price", "shop::cart")]
    assert [(node["file"], node["line"]) for node in graph["nodes"]][1] == ("src/cart.rs", 1)
    first = graph["edges"][0]
    assert (first["file"], first["line"]) == ("src/cart.rs", 1)
    assert first["places"] == [{"file": "src/cart.rs", "line": 1}]
    outside = json.loads(printed(capsys, str(project), "--format", "json", "--external"))
    assert "std" in [node["id"] for node in outside["nodes"]]


def test_the_level_can_be_chosen(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert '"shop::cart"' in printed(capsys, str(project), "--format", "dot", "--level", "module")
    assert '"shop::cart"' not in printed(capsys, str(project), "--format", "dot", "--level", "crate")


def test_mermaid_and_svg_are_whole(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, str(project), "--format", "mermaid").startswith("flowchart LR\n")
    drawing = ElementTree.fromstring(printed(capsys, str(project), "--format", "svg"))  # noqa: S314 - our own
    nodes = [group.get("data-node") for group in drawing.iter() if "node" in group.get("class", "").split()]
    assert sorted(filter(None, nodes)) == ["shop", "shop::cart", "shop::price"]


def test_names_cannot_break_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a`b|c<d>"
    made = TestRepository(folder)
    made.commit("Begin", {"Cargo.toml": PACKAGE, "src/lib.rs": ""})
    assert printed(capsys, str(folder)).startswith("# Architecture of a\\`b\\|c\\<d\\>\n")


def rules(project: Path, text: str) -> None:
    (project / ".rust-ai-ide.toml").write_text(text)


def test_a_check_fails_for_what_breaks_the_rules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(project, '[architecture]\nlayers = ["shop::cart", "shop::price"]\n')
    assert main(["architecture", "check", str(project)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "shop::price uses shop::cart [layers]",
        "  `shop::cart` lies above `shop::price`, which may use only what is below.",
        "  src/price.rs:1",
        "1 violation.",
    ]
    assert main(["architecture", "check", str(project), "--json"]) == 1
    (new,) = json.loads(capsys.readouterr().out)["new"]
    assert (new["from"], new["to"], new["places"]) == (
        "shop::price",
        "shop::cart",
        [{"file": "src/price.rs", "line": 1}],
    )


def test_what_a_baseline_accepts_passes_until_it_is_gone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules(project, '[architecture]\ncycles = "forbid"\n')
    baseline = str(project / "accepted.json")
    check = ["architecture", "check", str(project), "--baseline", baseline]
    assert main(["architecture", "check", str(project), "--write-baseline", baseline]) == 0
    assert main([*check, "--strict"]) == 0
    assert capsys.readouterr().out.endswith("0 violations; 2 accepted.\n")
    (project / "src" / "price.rs").write_text("pub struct Price;\n")
    assert main(check) == 0
    assert "shop::cart no longer uses shop::price: take it out of the baseline" in capsys.readouterr().out
    assert main([*check, "--strict"]) == 1


def test_what_changed_between_two_commits_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = TestRepository(tmp_path / "project")
    first = made.commit("Begin", {**FILES, "src/price.rs": "pub struct Price;\n"})
    made.commit("Tangle", {**FILES, "src/lib.rs": "mod cart;\nmod price;\nmod late;\n", "src/late.rs": ""})
    diff = ["architecture", "diff", "--project", str(made.path)]
    assert main([*diff, first]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "+ module shop::late",
        "+ shop::price uses shop::cart (src/price.rs:1)",
        "+ shop::price uses std (src/price.rs:2)",
        "! shop::cart uses shop::price (src/cart.rs:1)",
        "! shop::price uses shop::cart (src/price.rs:1)",
        "Cycles: 0 before, 1 now.",
    ]
    assert main([*diff, "HEAD", first, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["removed_modules"] == ["shop::late"]
    assert document["cycles"] == {"before": 1, "after": 0}
    assert main([*diff, "HEAD"]) == 0
    assert capsys.readouterr().out == "The modules and their uses are the same.\n"
    assert main([*diff, "missing"]) == 2
    assert "no branch, tag or commit named" in capsys.readouterr().err


def test_a_project_without_rules_is_told_how_to_write_some(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["architecture", "check", str(project)]) == 2
    assert "has no rules to check; write some under [architecture]" in capsys.readouterr().err
    rules(project, "[architecture]\nlayer = []\n")
    assert main(["architecture", "check", str(project)]) == 2
    assert "has no key `layer`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"src/lib.rs": "fn f() {}\n"}, "There is no Cargo package in"),
        ({"Cargo.toml": "[package\n"}, "There is no Cargo package in"),
    ],
)
def test_where_there_is_no_package_a_sentence_says_so(
    files: dict[str, str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = TestRepository(tmp_path / "project")
    made.commit("Begin", files)
    assert main(["architecture", str(made.path)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_folder_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["architecture", str(tmp_path / "missing")]) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_a_document_is_written_checked_and_drawn(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document, page = project / "docs" / "architecture.md", project / "architecture.html"
    arguments = ["architecture", "document", str(project), "--into", str(document)]
    assert main([*arguments, "--check"]) == 1
    assert "The part overview is not up to date." in capsys.readouterr().out
    assert not document.exists()
    assert main([*arguments, "--html", str(page), "--title", "Ours"]) == 0
    assert document.read_text().startswith("# Ours\n")
    assert "<svg" in page.read_text()
    assert main([*arguments, "--check"]) == 0
    document.write_text(document.read_text().replace("## Map", "## My map"))
    assert main(arguments) == 2
    assert "Somebody wrote inside of the generated part map" in capsys.readouterr().err
    assert main([*arguments, "--overwrite"]) == 0
    assert "## My map" not in document.read_text()
    assert main(["architecture", "document", str(project)]) == 0
    assert capsys.readouterr().out.startswith("# Architecture of ")


def test_a_platform_and_features_leave_out_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = TestRepository(tmp_path / "parts")
    manifest = f"{PACKAGE}[features]\ndefault = []\nmore = []\n"
    code = '#[cfg(windows)] mod win; #[cfg(feature = "more")] mod more; mod all;'
    files = {"src/lib.rs": code, "src/all.rs": "", "src/more.rs": "use crate::all;"}
    made.commit("Begin", {"Cargo.toml": manifest, **files, "src/win.rs": "use crate::all;"})

    def names(*arguments: str) -> list[str]:
        document = json.loads(printed(capsys, str(made.path), "--format", "json", *arguments))
        return [node["id"] for node in document["nodes"]]

    assert names() == ["shop", "shop::all", "shop::more", "shop::win"]
    assert names("--platform", "linux") == ["shop", "shop::all", "shop::more"]
    assert names("--features", "default") == ["shop", "shop::all", "shop::win"]
    assert names("--platform", "windows", "--features", "more") == names()
