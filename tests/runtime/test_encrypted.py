"""An encrypted version loads, answers and is measured as the plain one does."""

import asyncio
import shutil
from dataclasses import replace

import pytest

from rust_ai_ide.observability.events import Cancelled
from rust_ai_ide.runtime.encrypting import decrypt_model, encrypt_model
from rust_ai_ide.runtime.errors import InvalidConfig, OutOfMemory
from rust_ai_ide.runtime.generating import LoadOptions
from rust_ai_ide.runtime.hardware import this_machine
from rust_ai_ide.runtime.host import ModelHost
from rust_ai_ide.runtime.library import find_model, own_folder, register_folder
from rust_ai_ide.runtime.memory import memory_used
from rust_ai_ide.runtime.parameters import InferenceParams
from rust_ai_ide.runtime.tokens import load_tokeniser
from rust_ai_ide.runtime.trials import tune
from rust_ai_ide.runtime.weights import read_shapes, read_variables
from tests.runtime.tiny import tiny_model


@pytest.fixture
def folder(library):
    made = own_folder() / "safe@1"
    tiny_model(made, name="safe", stops=False)
    yield made
    shutil.rmtree(made)


def answered(memory_limit: int = 0) -> tuple[str, int]:
    """Return what the model writes, and the bytes computed for decrypted copies."""

    async def ask() -> tuple[str, int]:
        host = ModelHost(memory_limit)
        model = await host.load("safe@1", LoadOptions())
        pieces: list[str] = []
        model.answer(
            ["<s>", *model.tokeniser.encode("pub fn")],
            InferenceParams(max_tokens=12),
            lambda piece: pieces.append(piece.text),
            lambda: False,
        )
        await host.close()
        return "".join(pieces), model.need.decrypted

    return asyncio.run(ask())


def test_it_answers_as_before(folder):
    plain, shapes = answered(), read_shapes(folder)
    encrypt_model("safe@1")
    assert read_shapes(folder) == shapes
    assert load_tokeniser(folder).encode("pub fn item") != []
    text, decrypted = answered()
    sizes = {name: record.size for name, record in find_model("safe@1")[1].files.items()}
    assert (text, plain[1]) == (plain[0], 0)
    assert decrypted == sizes["model.bin"] + sizes["config.json"] + sizes["vocabulary.json"]
    decrypt_model("safe@1")
    assert answered() == plain


def test_the_copy_in_memory_counts_before_loading(folder):
    encrypt_model("safe@1")
    with pytest.raises(OutOfMemory):
        answered(memory_used() + 48 * 1024 * 1024)


def test_it_is_tuned_in_a_child_that_knows_no_key_file(folder):
    encrypt_model("safe@1")
    machine = replace(this_machine(), physical_cores=1, compute_types=("int8",))
    found = tune("safe@1", machine, lambda event: None, seconds=0)
    assert found.trials[0].memory > 0
    (folder.parents[1] / "tuning.json").unlink()


def test_what_cannot_be_done_with_an_encrypted_folder_is_told(folder):
    encrypt_model("safe@1")
    with pytest.raises(InvalidConfig, match="decrypt it first"):
        read_variables(folder)
    with pytest.raises(InvalidConfig, match="is encrypted"):
        register_folder(folder, replace(find_model("safe@1")[1], version="2", files={}))


@pytest.mark.parametrize("step", [1, 5])
def test_cancelling_leaves_it_as_it_was(folder, step):
    steps = []

    def cancel(event):
        steps.append(event)
        if len(steps) == step:
            raise Cancelled("Cancelled")

    before = {path.name for path in folder.iterdir()}
    with pytest.raises(Cancelled):
        encrypt_model("safe@1", cancel)
    assert {path.name for path in folder.iterdir()} == before
    encrypt_model("safe@1")
    sealed = {path.name for path in folder.iterdir()}
    steps.clear()
    with pytest.raises(Cancelled):
        decrypt_model("safe@1", cancel)
    assert {path.name for path in folder.iterdir()} == sealed
    told = []
    decrypt_model("safe@1", told.append)
    assert told[-1].done == told[-1].total == 1


def test_a_key_that_is_gone_is_a_sentence_when_it_is_loaded(folder, monkeypatch, tmp_path):
    encrypt_model("safe@1")
    monkeypatch.setenv("RUST_AI_IDE_MODEL_KEY", str(tmp_path / "gone.key"))
    with pytest.raises(InvalidConfig, match="is missing"):
        answered()
    with pytest.raises(InvalidConfig, match="is missing"):
        decrypt_model("safe@1")
