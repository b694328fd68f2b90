"""What a prepared dataset holds on the disk, and how it is read."""

import json
import os

import pytest

from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.card import Card, read_card
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION, Row, read_dataset
from rust_ai_ide.training.datasets.writing import delete_dataset, write_dataset
from tests.training.rust import rust


def row(number: int, **changes: str) -> Row:
    values = {"crate": "left", "path": f"src/file_{number}.rs", "licence": "MIT", "origin": "/code/left"}
    return Row(**values | {"text": rust(number)} | changes)


def card(**changes: object) -> Card:
    values = {
        "name": "small",
        "kind": "prepared",
        "created": "2026-01-01T00:00:00+00:00",
        "task_type": "CodeCompletion",
        "split_by": "crate",
        "own_code": False,
        "settings": {"filters": {}},
        "found": 4,
        "training": 2,
        "validation": 1,
        "training_bytes": 10,
        "validation_bytes": 5,
        "dropped": {"the same": 1},
        "licences": {"MIT": 3},
        "augmentations": {},
        "quality": (0,) * 9 + (3,),
        "crates": (Crate("left", "1.0.0", "MIT"),),
    }
    return Card(**values | changes)


def test_what_was_written_is_read(tmp_path):
    odd = row(2, text='fn f() { "ä\u2028 \\n\t" }\n', augmentation="variableRenaming")
    write_dataset(tmp_path / "small", [row(1), odd], [row(3)], card())
    corpus = read_dataset(tmp_path / "small")
    assert [file.text for file in corpus.training] == [rust(1), odd.text]
    assert [file.path for file in corpus.validation] == ["src/file_3.rs"]
    assert corpus.crates == (Crate("left", "1.0.0", "MIT"),)
    assert corpus.dropped == {"the same": 1}
    assert read_card(tmp_path / "small") == card()
    assert "| MIT | 3 |" in (tmp_path / "small/README.md").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_dataset_takes_the_place_of_an_older_one_and_of_nothing_else(tmp_path):
    for number in (1, 5):
        write_dataset(tmp_path / "small", [row(number)], [row(3)], card())
    assert read_dataset(tmp_path / "small").training[0].text == rust(5)
    (tmp_path / "small/mine.txt").write_text("keep")
    with pytest.raises(DatasetUnusable, match="other than a dataset"):
        write_dataset(tmp_path / "small", [row(1)], [row(3)], card())
    with pytest.raises(DatasetUnusable, match="other than a dataset"):
        delete_dataset(tmp_path / "small")
    assert (tmp_path / "small/mine.txt").exists()


def test_writing_that_breaks_off_leaves_the_older_one(tmp_path):
    write_dataset(tmp_path / "small", [row(1)], [row(3)], card())

    def half():
        yield row(9)
        raise OSError(28, "No space left on device")

    with pytest.raises(DatasetUnusable, match="disk is full"):
        write_dataset(tmp_path / "small", half(), [row(3)], card())
    assert read_dataset(tmp_path / "small").training[0].text == rust(1)
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_what_a_killed_writer_left_is_removed_in_time(tmp_path):
    for name in (".small.0a1b2c3d", ".small.4e5f6071"):
        (tmp_path / name).mkdir()
        (tmp_path / name / TRAINING).write_text("half")
    os.utime(tmp_path / ".small.0a1b2c3d", (0, 0))
    write_dataset(tmp_path / "small", [row(1)], [row(3)], card())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".small.4e5f6071", "small"]


@pytest.mark.parametrize("name", [TRAINING, VALIDATION])
@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"text": 1}', json.dumps({"text": "fn f() {}"})])
def test_a_line_that_is_no_row_is_told(tmp_path, name, line):
    write_dataset(tmp_path / "small", [row(1)], [row(3)], card())
    with (tmp_path / "small" / name).open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(DatasetUnusable, match="Line 2 of"):
        read_dataset(tmp_path / "small")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"crates": [1]}', "\0"])
def test_a_folder_without_a_card_is_no_dataset(tmp_path, text):
    with pytest.raises(DatasetUnusable, match="no prepared dataset"):
        read_dataset(tmp_path)
    (tmp_path / "dataset.json").write_text(text)
    with pytest.raises(DatasetUnusable, match="not the card"):
        read_dataset(tmp_path)


def test_both_sides_must_hold_something(tmp_path):
    write_dataset(tmp_path / "small", [row(1)], [], card())
    with pytest.raises(DatasetUnusable, match="0 to validate on"):
        read_dataset(tmp_path / "small")
