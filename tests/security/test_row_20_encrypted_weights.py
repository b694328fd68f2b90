"""Row 20: encrypted weights are opened by their key alone, whole and unchanged, and never lie decrypted on the disk."""

import json
import os
import shutil
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.runtime import weight_key
from rust_ai_ide.runtime.encrypting import decrypt_model, encrypt_model
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.files import open_model
from rust_ai_ide.runtime.library import delete_model, find_model, own_folder
from rust_ai_ide.runtime.sealing import PIECE, NotOpened, seal, sealed_size, unseal
from rust_ai_ide.runtime.weight_key import KeyUnusable, key_file
from tests.runtime.tiny import tiny_model
from tests.serving import ROOT

KEY = bytes(range(32))
PLAIN_NAMES = {"model.bin", "config.json", "vocabulary.json", "tokenizer.model"}


@pytest.fixture
def folder():
    """The folder of an encrypted model of our own."""
    made = own_folder() / "secret@1"
    tiny_model(made, name="secret")
    encrypt_model("secret@1")
    yield made
    shutil.rmtree(made)


def sealed(content: bytes, name: str = "a") -> bytes:
    return b"".join(seal(BytesIO(content), name, KEY))


def unsealed(content: bytes, name: str = "a", key: bytes = KEY) -> bytes:
    return b"".join(unseal(BytesIO(content), name, key))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_comes_back(size):
    content = os.urandom(size)
    made = sealed(content)
    assert len(made) == sealed_size(size)
    assert unsealed(made) == content
    assert made != sealed(content)


def test_pieces_cannot_be_dropped_swapped_repeated_or_taken_from_elsewhere():
    step, head = PIECE + 17, 32
    made = sealed(os.urandom(3 * PIECE))
    pieces = [made[head + n * step : head + (n + 1) * step] for n in range(3)]
    for order in ([0, 1], [0], [], [1, 0, 2], [0, 2], [0, 1, 1, 2], [2]):
        with pytest.raises(NotOpened):
            unsealed(made[:head] + b"".join(pieces[n] for n in order))
    for other, name, key in (
        (made, "b", KEY),
        (made, "a", bytes(32)),
        (made + b"x", "a", KEY),
        (b"", "a", KEY),
    ):
        with pytest.raises(NotOpened):
            unsealed(other, name, key)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 2_048 + 48), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_is_noticed(place, bit):
    made = bytearray(sealed(bytes(2_048)))
    made[place] ^= 1 << bit
    with pytest.raises(NotOpened):
        unsealed(bytes(made))


def test_nothing_but_manifest_and_card_stays_readable(folder):
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        *(f"{name}.encrypted" for name in PLAIN_NAMES),
    }
    for path in folder.iterdir():
        if path.suffix == ".encrypted":
            assert path.stat().st_mode & 0o777 == 0o600
            assert b"fim_prefix" not in path.read_bytes()


@pytest.mark.parametrize("name", sorted(PLAIN_NAMES))
def test_a_cut_or_changed_file_is_one_sentence(folder, name):
    path = folder / f"{name}.encrypted"
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    with pytest.raises(InvalidConfig, match="instead of"):
        open_model(folder).verify()
    with pytest.raises(InvalidConfig, match="cut off or changed"):
        open_model(folder).read(name)
    path.write_bytes(good[:-20] + bytes([good[-20] ^ 1]) + good[-19:])
    open_model(folder).verify()
    with pytest.raises(InvalidConfig, match="cut off or changed"):
        open_model(folder).read(name)


def test_a_file_of_another_version_is_not_taken(folder):
    other = own_folder() / "other@1"
    tiny_model(other, name="other", sure=True)
    try:
        encrypt_model("other@1")
        shutil.copyfile(other / "model.bin.encrypted", folder / "model.bin.encrypted")
        with pytest.raises(InvalidConfig, match="SHA-256"):
            open_model(folder).read("model.bin")
    finally:
        delete_model("other@1")


def test_recorded_shapes_must_be_those_of_the_weights(folder):
    file = folder / "manifest.json"
    values = json.loads(file.read_text())
    values["encryption"]["shapes"]["layers"] = 1
    file.write_text(json.dumps(values))
    with pytest.raises(InvalidConfig, match="other shapes"):
        open_model(folder).read("model.bin")
    for wrong in ({}, {**values["encryption"]["shapes"], "width": "many"}, {"layers": -1}):
        values["encryption"]["shapes"] = wrong
        file.write_text(json.dumps(values))
        with pytest.raises(InvalidConfig, match="does not record the shapes"):
            open_model(folder).read("model.bin")


@pytest.fixture
def key(monkeypatch, tmp_path) -> Path:
    """A key file of this test's own, not made yet."""
    file = tmp_path / "configuration" / "model.key"
    monkeypatch.setenv("RUST_AI_IDE_MODEL_KEY", str(file))
    return file


def test_the_key_is_made_private_and_lies_outside_the_data_directory(key, monkeypatch):
    made = weight_key.read_or_make_key()
    assert len(made) == 32
    assert key.stat().st_mode & 0o777 == 0o600
    assert weight_key.read_or_make_key() == weight_key.read_key() == made
    monkeypatch.delenv("RUST_AI_IDE_MODEL_KEY")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    assert key_file() == Path("/somewhere/rust-ai-ide/model.key")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert key_file() == Path("~/.config/rust-ai-ide/model.key").expanduser()


def test_a_key_that_cannot_be_used_is_told(key, monkeypatch, tmp_path):
    with pytest.raises(KeyUnusable, match="is missing"):
        weight_key.read_key()
    weight_key.read_or_make_key()
    key.chmod(0o640)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        weight_key.read_key()
    key.chmod(0o600)
    key.write_bytes(b"short")
    with pytest.raises(KeyUnusable, match="no key of 32 bytes"):
        weight_key.read_key()
    (tmp_path / "link").symlink_to(os.environ["RUST_AI_IDE_HOME"])
    for place in (Path(os.environ["RUST_AI_IDE_HOME"]), tmp_path / "link"):
        monkeypatch.setenv("RUST_AI_IDE_MODEL_KEY", str(place / "model.key"))
        with pytest.raises(KeyUnusable, match="lies in the data directory"):
            weight_key.read_or_make_key()
    monkeypatch.setenv("RUST_AI_IDE_MODEL_KEY", "/dev/null/model.key")
    with pytest.raises(KeyUnusable, match="cannot be"):
        weight_key.read_or_make_key()


def test_another_key_is_told_apart_from_damage(folder, key):
    weight_key.read_or_make_key()
    with pytest.raises(InvalidConfig, match="with another key"):
        open_model(folder)


def test_the_key_is_neither_in_the_folder_nor_in_what_is_printed(folder):
    secret = weight_key.read_key()
    assert secret not in b"".join(path.read_bytes() for path in folder.iterdir())
    assert repr(secret) not in repr(open_model(folder))


DYING = """
import os, signal, sys
from rust_ai_ide.runtime import encrypting

what, moment = sys.argv[1:]
steps = 0

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def tell(event):
    global steps
    steps += 1
    if str(steps) == moment:
        die()

if moment == "removing":
    encrypting._remove = die
getattr(encrypting, what)("secret@1", tell)
"""


@pytest.mark.parametrize("moment", ["1", "3", "5", "7", "removing"])
@pytest.mark.parametrize("what", ["encrypt_model", "decrypt_model"])
def test_a_kill_at_any_moment_leaves_the_model_whole(folder, what, moment):
    if what == "encrypt_model":
        decrypt_model("secret@1")
    found = subprocess.run([sys.executable, "-c", DYING, what, moment], cwd=ROOT, check=False)
    assert found.returncode == -signal.SIGKILL
    opened = open_model(folder)
    opened.verify()
    assert len(opened.read("model.bin")) == opened.manifest.files["model.bin"].size
    (encrypt_model if what == "encrypt_model" else decrypt_model)("secret@1")
    endings = {path.suffix == ".encrypted" for path in folder.iterdir() if path.name != "manifest.json"}
    assert endings == {what == "encrypt_model"}
    open_model(folder).verify()


def test_files_that_were_linked_from_elsewhere_stay_as_they_are(folder, tmp_path):
    decrypt_model("secret@1")
    elsewhere = tmp_path / "model.bin"
    elsewhere.hardlink_to(folder / "model.bin")
    before = elsewhere.read_bytes()
    encrypt_model("secret@1")
    # As a kill before the plain file was deleted leaves it.
    (folder / "model.bin").hardlink_to(elsewhere)
    decrypt_model("secret@1")
    assert elsewhere.read_bytes() == before
    assert not (folder / "model.bin").samefile(elsewhere)


def test_a_damaged_model_is_not_encrypted_and_stays(folder):
    decrypt_model("secret@1")
    weights = folder / "model.bin"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(InvalidConfig, match="SHA-256"):
        encrypt_model("secret@1")
    assert not list(folder.glob("*.encrypted"))
    assert find_model("secret@1")[1].encryption is None


def test_one_that_came_with_the_product_is_not_encrypted():
    with pytest.raises(InvalidConfig, match="came with the product"):
        encrypt_model("starter")


def test_a_version_is_changed_by_one_at_a_time(folder):
    import fcntl

    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(InvalidConfig, match="already"):
            decrypt_model("secret@1")
    finally:
        os.close(held)


def test_loading_never_writes_a_plain_file(folder, tmp_path):
    """No file is opened for writing by Python, and none is left; CTranslate2 is handed bytes."""
    program = (
        "import sys\n"
        "written = []\n"
        "def hook(event, arguments):\n"
        "    if event == 'open' and isinstance(arguments[1], str) and set(arguments[1]) & set('wax+'):\n"
        "        written.append(arguments[0])\n"
        "sys.addaudithook(hook)\n"
        "from rust_ai_ide.runtime.files import open_model\n"
        "from rust_ai_ide.runtime.generating import LoadOptions, load_generator\n"
        "from rust_ai_ide.runtime.tokens import tokeniser_of\n"
        "from pathlib import Path\n"
        "files = open_model(Path(sys.argv[1]))\n"
        "generator = load_generator(files, LoadOptions())\n"
        "tokens = tokeniser_of(files).encode('pub fn')\n"
        "generator.generate_batch([tokens], max_length=2)\n"
        "assert not written, written\n"
    )
    before = {path.name for path in folder.iterdir()}
    subprocess.run(
        [sys.executable, "-B", "-c", program, str(folder)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert {path.name for path in folder.iterdir()} == before
    assert not list(tmp_path.iterdir())
