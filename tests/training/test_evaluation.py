"""Completion is measured on real files with the shipped model, and each figure means what it says."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.cli.main import main
from rust_ai_ide.runtime.completion.choosing import Choice
from rust_ai_ide.training.evaluation.cursors import Cursor, cursors_of_projects
from rust_ai_ide.training.evaluation.lines import figures_of
from rust_ai_ide.training.evaluation.ngram import Counts, NestedCache, bits
from rust_ai_ide.training.evaluation.projects import read_projects
from rust_ai_ide.training.evaluation.replay import replay
from tests.training.rust import crates

TOKENS = st.lists(st.integers(0, 7), max_size=40)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return crates(tmp_path_factory.mktemp("corpus"), 3)


def cursor(prefix, rest, suffix="\n}\n"):
    return Cursor("src/lib.rs", prefix, suffix, rest)


def counted(tokens):
    counts = Counts()
    for place in range(len(tokens)):
        counts.add(tokens, place)
    return counts


@pytest.fixture(scope="module")
def measured(corpus):
    """What the command says, as a program reads it."""
    arguments = ["evaluate", "completion", "--model", "starter", "--corpus", str(corpus), "--seed", "3"]
    return [*arguments, "--places", "24", "--lines", "3"]


def test_the_command_measures_the_engine_and_its_baselines_at_the_same_places(measured, capsys):
    assert main([*measured, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["projects"], report["files"]) == (3, 12)
    assert {"nested-cache n-gram", "longest copy in the file", "identifier of the file"} < set(
        report["completers"]
    )
    assert {figures["count"] for figures in report["completers"].values()} == {24}
    for figures in report["completers"].values():
        assert 0 <= figures["exact"] <= figures["similarity"] <= 1
    best = max(
        report["completers"][name]["exact"] for name in ("nested-cache n-gram", "longest copy in the file")
    )
    ranked = report["completers"]["copies and model, ranked"]["exact"]
    assert report["lead"] == pytest.approx(ranked / best)
    assert report["parse_rate"] > 0.5
    assert all(0 < value < 8 for value in report["bits_per_byte"].values())
    assert main([*measured, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    for changing in ("latency_p50", "latency_p95"):
        del report[changing], again[changing]
    assert again == report


def test_people_get_a_table(measured, capsys):
    assert main(measured) == 0
    shown = capsys.readouterr().out
    assert "copies and model, ranked" in shown
    assert "Bits per byte, nested-cache n-gram" in shown


@pytest.mark.parametrize("made", ["nothing", "text", "missing"])
def test_a_folder_without_rust_is_told(made, tmp_path, capsys):
    folder = tmp_path / "corpus"
    if made != "missing":
        folder.mkdir()
    if made == "text":
        (folder / "notes.rs.txt").write_text("fn main() {}\n" * 50)
    assert main(["evaluate", "completion", "--corpus", str(folder), "--model", "starter"]) == 2
    assert "rust-ai-ide: " in capsys.readouterr().err


def test_files_belong_to_the_nearest_crate(tmp_path):
    code = "fn main() {\n    let total = add(1, 2);\n    report(total);\n}\n" * 5
    for path in ("loose.rs", "one/src/lib.rs", "one/inner/src/lib.rs", "one/target/built.rs", ".hidden/a.rs"):
        file = tmp_path / "all" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code)
    for name in ("one", "one/inner"):
        (tmp_path / "all" / name / "Cargo.toml").write_text(f'[package]\nname = "{name[-3:]}"\n')
    found = read_projects(tmp_path / "all")
    assert {name: [file.path for file in files] for name, files in found.items()} == {
        "": ["loose.rs"],
        "all/one": ["src/lib.rs"],
        "all/one/inner": ["src/lib.rs"],
    }


def test_places_are_the_same_for_the_same_seed_and_even_over_projects(corpus):
    projects = read_projects(corpus)
    first, again, other = (list(cursors_of_projects(projects, 30, seed)) for seed in (1, 1, 2))
    assert first == again != other
    counts = [sum(name == project for project, _, _ in first) for name in projects]
    assert max(counts) - min(counts) <= 10
    for _, file, place in first:
        assert place.prefix + place.rest + place.suffix == file.text


@pytest.mark.parametrize(("prefix", "rest", "part"), [
    ("fn a() {\n    le", "t total = add(one, two);", "start"),
    ("fn a() {\n    let total = ", "add(one);", "middle"),
    ("fn a() {\n    let total = add(o", "ne);", "end"),
])  # fmt: skip
def test_a_cursor_knows_where_in_its_line_it_stands(prefix, rest, part):
    assert cursor(prefix, rest).part == part


def test_figures_count_what_is_exact_similar_and_shown():
    figures = figures_of([(cursor("    let a", " = 1;"), " = 1;\nmore"), (cursor("    x", ".y();"), "")])
    assert (figures.exact, figures.shown, figures.precision, figures.similarity) == (0.5, 0.5, 1.0, 0.5)


@given(TOKENS, TOKENS)
def test_the_ngram_model_is_a_distribution(project, file):
    model = NestedCache(counted(project), vocabulary=8)
    for place in range(len(file)):
        assert math.fsum(model.probability(file, place, token) for token in range(8)) == pytest.approx(1)
        model.read(file, place)


@given(TOKENS, TOKENS)
def test_counts_that_are_taken_back_leave_no_trace(kept, removed):
    counts, expected = counted(kept), counted(kept)
    for place in range(len(removed)):
        counts.add(removed, place)
    for place in range(len(removed)):
        counts.remove(removed, place)
    with_trace, without = NestedCache(counts, 8), NestedCache(expected, 8)
    for place in range(len(kept)):
        assert with_trace.probability(kept, place, 3) == without.probability(kept, place, 3)


def test_what_repeats_takes_fewer_bits_and_is_gone_on_with():
    line = [1, 2, 3, 4, 5, 0]
    empty = Counts()
    assert bits(NestedCache(empty, 100), line * 10) < 0.5 * bits(NestedCache(empty, 100), list(range(60)))
    model = NestedCache(counted(line * 3), 100)
    assert model.likeliest([1, 2], 2) == 3


def test_right_suggestions_save_keys_and_wrong_ones_cost():
    place = cursor("fn main() {\n    let to", "tal = add(1, 2);")
    line = "let total = add(1, 2);"
    right = replay([place], lambda at: Choice(at.rest.rstrip(), "model"))
    assert right.completed == 1
    assert right.saved == pytest.approx(1 - 1 / len(line))
    assert right.wrong == 0
    wrong = replay([place], lambda at: Choice("?", "model"))
    assert (wrong.completed, wrong.wrong) == (0, len(line))
    assert wrong.saved == -1
    nothing = replay([place], lambda at: Choice("", "model"))
    assert (nothing.completed, nothing.saved, nothing.wrong) == (0, 0, 0)


def test_a_suggestion_that_is_typed_through_is_no_second_one():
    asked = []

    def suggest(at):
        asked.append(at.prefix)
        return Choice("let tot", "model") if at.prefix.endswith("    ") else Choice("", "model")

    figures = replay([cursor("fn main() {\n    let x", " = 1;")], suggest)
    assert figures.wrong == 1
    assert len(asked) < len("let x = 1;")


def test_rules_are_drawn_with_how_far_they_agree(corpus, capsys):
    arguments = ["evaluate", "rules", "--model", "starter", "--corpus", str(corpus), "--places", "120"]
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    assert "show  (" in shown
    assert "It agrees with the engine in" in shown
    assert main([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["grown"] + report["tested"] == report["tree"]["count"] + report["tested"] <= 120
    assert report["fidelity"] > 0.5


def test_too_few_places_have_no_rules(corpus, capsys):
    assert main(["evaluate", "rules", "--model", "starter", "--corpus", str(corpus), "--places", "5"]) == 2
    assert "are needed" in capsys.readouterr().err
