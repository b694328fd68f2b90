"""Datasets made of folders and repositories, and of samples."""

from pathlib import Path

import pytest

from rust_ai_ide.observability.events import Cancelled
from rust_ai_ide.training.datasets.card import read_card
from rust_ai_ide.training.datasets.curating import create_curated_dataset
from rust_ai_ide.training.datasets.errors import DatasetUnusable, InvalidDatasetSettings
from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION, Row, read_dataset, read_rows
from rust_ai_ide.training.datasets.settings import (
    Augmentation,
    CurationSettings,
    Filters,
    PreparationSettings,
    read_samples,
)
from tests.training.rust import crate, crates, rust


def prepare(out: Path, *sources: object, **changes):
    return prepare_dataset(PreparationSettings(tuple(map(str, sources)), out / "made", **changes))


def every_row(out: Path) -> list[Row]:
    return [row for name in (TRAINING, VALIDATION) for row in read_rows(out / "made", name)]


def test_crates_are_split_by_name_with_licence_and_origin(tmp_path):
    crates(tmp_path / "code", 40, files=2)
    crate(tmp_path / "code", "strict", {"src/lib.rs": rust(9000)}, licence="GPL-3.0")
    card = prepare(tmp_path, tmp_path / "code")
    corpus = read_dataset(tmp_path / "made")
    training, validation = ({file.crate for file in side} for side in (corpus.training, corpus.validation))
    assert training
    assert validation
    assert not training & validation
    assert card.split_by == "crate"
    assert card.dropped["licence"] == 1
    assert card.licences == {"MIT": card.training + card.validation}
    row = next(row for row in every_row(tmp_path) if row.crate == "made-3")
    assert (row.licence, row.origin) == ("MIT", str(tmp_path / "code/made-3-1.0.0"))
    assert row.path.startswith("src/file_")
    assert read_card(tmp_path / "made") == card


def test_a_workspace_gives_its_members_their_licence(tmp_path):
    shared = (
        '[workspace]\nmembers = ["one"]\n[workspace.package]\nlicense = "Apache-2.0"\nversion = "2.0.0"\n'
    )
    member = '[package]\nname = "one"\nlicense.workspace = true\nversion.workspace = true\n'
    files = {f"src/file_{number}.rs": rust(number) for number in range(4)}
    place = crate(tmp_path, "code", {"one/" + path: text for path, text in files.items()})
    (place / "Cargo.toml").write_text(shared)
    (place / "one/Cargo.toml").write_text(member)
    card = prepare(tmp_path, f"{place}/one/src/**/*.rs")
    assert card.licences == {"Apache-2.0": 4}
    assert [(each.name, each.version) for each in card.crates] == [("one", "2.0.0")]


def test_own_code_without_a_licence_is_taken_on_the_users_word(tmp_path):
    place = crate(
        tmp_path, "mine", {f"src/file_{number}.rs": rust(number) for number in range(12)}, licence=""
    )
    with pytest.raises(DatasetUnusable, match=r"licence \(12\).*say that it is your own code"):
        prepare(tmp_path, place)
    card = prepare(tmp_path, place, own_code=True)
    assert (card.own_code, card.split_by, card.validation) == (True, "file", 1)
    assert card.licences == {"own code": 12}
    said = (tmp_path / "made/README.md").read_text()
    assert "on the word of whoever prepared it" in said
    assert "Files of one crate are on both sides" in said


def test_a_crate_of_bindings_is_taken_only_where_it_is_your_own(tmp_path):
    place = crate(tmp_path, "made-sys", {f"src/file_{number}.rs": rust(number) for number in range(4)})
    with pytest.raises(DatasetUnusable, match=r"bindings \(4\)"):
        prepare(tmp_path, place)
    assert prepare(tmp_path, place, own_code=True).found == 4


def test_each_reason_to_leave_a_file_out_is_counted(tmp_path):
    files = {f"src/file_{number}.rs": rust(number) for number in range(6)}
    made = {
        "src/copy.rs": rust(1),
        "src/near.rs": rust(2, items=40),
        "src/nearer.rs": rust(2, items=40) + "// more\n",
        "src/small.rs": "fn f() {}\n",
        "src/generated.rs": "// @generated\n" + rust(50),
        "src/broken.rs": "fn ) let x = = ;;\n" * 40,
        "vendor/other/src/lib.rs": rust(60),
        "tests/all.rs": rust(61),
        "target/debug/build.rs": rust(62),
        ".hidden/lib.rs": rust(63),
    }
    place = crate(tmp_path, "mine", files | made)
    card = prepare(tmp_path, place)
    assert card.dropped == dict.fromkeys(
        ("the same", "nearly the same", "too small", "generated", "quality", "vendored", "tests"), 1
    )
    assert card.found == 14
    assert sum(card.quality) == 9


def test_tests_are_cut_out_unless_they_are_wanted(tmp_path):
    tests = (
        "/// About.\n#[cfg(test)]\n// Why.\nmod tests {\n    #[test]\n    fn works() { assert!(true); }\n}\n"
    )
    files = {
        f"src/file_{number}.rs": f"{rust(number)}\n{tests}\npub fn last_{number}() {{}}\n"
        for number in range(4)
    }
    place = crate(tmp_path, "mine", files | {"tests/all.rs": rust(61)})
    prepare(tmp_path, place)
    texts = {row.path: row.text for row in every_row(tmp_path)}
    assert texts["src/file_0.rs"] == f"{rust(0)}\npub fn last_0() {{}}\n"
    assert "tests/all.rs" not in texts
    prepare(tmp_path, place, filters=Filters(include_tests=True))
    texts = {row.path: row.text for row in every_row(tmp_path)}
    assert texts["src/file_0.rs"] == files["src/file_0.rs"]
    assert "tests/all.rs" in texts


def test_the_number_of_samples_is_bounded_and_stays_the_same(tmp_path):
    crates(tmp_path / "code", 3, files=8)
    chosen = []
    for _ in range(2):
        card = prepare(tmp_path, tmp_path / "code", filters=Filters(max_samples=10))
        chosen.append(sorted((row.crate, row.path) for row in every_row(tmp_path)))
    assert card.training + card.validation == 10
    assert card.dropped["over the number wanted"] == 14
    assert chosen[0] == chosen[1]


def test_a_bare_repository_gives_its_newest_commit(tmp_path, repository):
    files = {f"src/file_{number}.rs": rust(number) for number in range(4)}
    repository.commit("More", files)
    repository.git("clone", "-q", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    card = prepare(tmp_path, tmp_path / "bare.git", own_code=True)
    assert {row.path for row in every_row(tmp_path)} == {"src/lib.rs", *files}
    assert {row.crate for row in every_row(tmp_path)} == {"small"}
    assert " at " in every_row(tmp_path)[0].origin
    assert card.found == 5


def test_file_names_that_are_no_text_and_links_do_no_harm(tmp_path):
    place = crate(tmp_path, "mine", {f"src/file_{number}.rs": rust(number) for number in range(3)})
    Path(bytes(place / "src").decode() + "/odd_\udcff.rs").write_text(rust(7))
    (place / "src/link.rs").symlink_to("/etc/passwd")
    card = prepare(tmp_path, place)
    assert card.training + card.validation == 4
    assert card.dropped == {"unreadable": 1}


def test_nothing_to_learn_from_is_explained(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetUnusable, match=r"There is no \.rs file in"):
        prepare(tmp_path, tmp_path / "empty")
    with pytest.raises(DatasetUnusable, match="There is no folder or file"):
        prepare(tmp_path, tmp_path / "missing")
    place = crate(tmp_path, "mine", {"src/lib.rs": rust(1), "src/small.rs": "fn f() {}\n"})
    with pytest.raises(DatasetUnusable, match=r"One of 2 .*too small \(1\).*lower the least size"):
        prepare(tmp_path, place)
    assert not (tmp_path / "made").exists()


def test_cancelling_leaves_what_was_there(tmp_path):
    crates(tmp_path / "code", 4)
    before = prepare(tmp_path, tmp_path / "code")
    for stop in ("Reading files", "Looking for near duplicates", "Changing copies", "Writing the dataset"):

        def report(event, stop=stop):
            if event.activity == stop:
                raise Cancelled("Cancelled")

        settings = PreparationSettings(
            (str(tmp_path / "code"),), tmp_path / "made", augmentation=Augmentation(comment_removal=True)
        )
        with pytest.raises(Cancelled):
            prepare_dataset(settings, report)
    assert read_card(tmp_path / "made") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["code", "made"]


def test_changed_copies_are_added_to_the_training_side_alone(tmp_path):
    crates(tmp_path / "code", 30, files=2)
    plain = prepare(tmp_path, tmp_path / "code")
    every = Augmentation(True, True, True, True)
    card = prepare(tmp_path, tmp_path / "code", augmentation=every)
    assert card.training == plain.training + sum(card.augmentations.values())
    assert card.validation == plain.validation
    assert {"variableRenaming", "commentRemoval", "functionExtraction"} <= card.augmentations.keys()
    assert not any(row.augmentation for row in read_rows(tmp_path / "made", VALIDATION))
    first = (tmp_path / "made" / TRAINING).read_bytes()
    prepare(tmp_path, tmp_path / "code", augmentation=every)
    assert (tmp_path / "made" / TRAINING).read_bytes() == first


@pytest.mark.parametrize(
    "change",
    [
        {"min_file_size": 0},
        {"min_file_size": 9, "max_file_size": 8},
        {"allowed_extensions": ()},
        {"allowed_extensions": ("../rs",)},
        {"quality_threshold": 1.1},
        {"max_samples": 1},
    ],
)
def test_filters_that_cannot_be_are_refused(change):
    with pytest.raises(InvalidDatasetSettings):
        Filters(**change)


FIBONACCI = {
    "input": "fn fibonacci(n: u32) -> u32 {",
    "output": "    if n <= 1 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }",
    "task_type": "Completion",
    "quality_score": 0.95,
}


def curate(out: Path, samples: list[object], **changes):
    return create_curated_dataset(CurationSettings(read_samples(samples), out / "made", **changes))


def test_samples_become_texts_that_parse(tmp_path):
    other = {"input": "", "output": "pub fn add(left: u32, right: u32) -> u32 {\n    left + right\n}"}
    card = curate(tmp_path, [FIBONACCI, other, {"output": "fn ) broken"}, {**FIBONACCI, "quality_score": 0.1}],
                  quality_threshold=0.5)  # fmt: skip
    texts = {row.path: row.text for row in every_row(tmp_path)}
    assert texts["sample_1.rs"] == f"{FIBONACCI['input']}\n{FIBONACCI['output']}\n}}\n"
    assert texts["sample_2.rs"] == f"{other['output']}\n"
    assert card.dropped == {"does not parse": 1, "quality": 1}
    assert (card.kind, card.licences) == ("curated", {"own code": 2})


def test_too_few_samples_are_explained(tmp_path):
    with pytest.raises(DatasetUnusable, match="1 of 1 samples"):
        curate(tmp_path, [FIBONACCI])


@pytest.mark.parametrize(
    "data",
    [{}, [], "text", [1], [{}], [{"output": ""}], [{"output": 1}], [{"output": "fn f() {}", "other": 1}],
     [{"output": "fn f() {}", "quality_score": 2}], [{"output": "fn f() {}", "quality_score": True}]],
)  # fmt: skip
def test_samples_that_cannot_be_are_refused(data):
    with pytest.raises(InvalidDatasetSettings):
        read_samples(data)
