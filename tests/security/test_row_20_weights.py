"""Row 20: weights are checked before they are read, hold no code, and come in by no upload."""

import contextlib
import pickle
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import read_manifest, record_files, verify_files
from rust_ai_ide.runtime.weights import read_shapes
from tests.runtime.tiny import tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("weights") / "tiny"
    tiny_model(made)
    return made


def test_a_changed_byte_anywhere_is_noticed(folder):
    weights = folder / "model.bin"
    good = weights.read_bytes()
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    try:
        for place in (0, len(good) // 3, len(good) - 1):
            weights.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            with pytest.raises(InvalidConfig, match="SHA-256"):
                verify_files(folder, manifest)
    finally:
        weights.write_bytes(good)


def test_files_that_could_hold_code_are_never_part_of_a_model(folder):
    (folder / "weights.pkl").write_bytes(pickle.dumps([1]))
    (folder / "modeling.py").write_text("raise SystemExit")
    assert set(record_files(folder)) == {"config.json", "model.bin", "tokenizer.model", "vocabulary.json"}


@settings(max_examples=200, deadline=None)
@given(cut=st.integers(0, 160_000), noise=st.binary(max_size=64))
def test_cut_or_noisy_weights_are_a_sentence_and_never_a_crash(folder, tmp_path_factory, cut, noise):
    good = (folder / "model.bin").read_bytes()
    place = min(cut, len(good))
    harmed = tmp_path_factory.mktemp("harmed")
    (harmed / "model.bin").write_bytes(
        good[:place] + noise + good[place + len(noise) : place + 2 * len(noise)]
    )
    with contextlib.suppress(InvalidConfig):
        # Only what follows the last array may be missing; CTranslate2 refuses that itself.
        assert read_shapes(harmed) == read_shapes(folder)


def test_claims_of_absurd_size_are_refused_without_reading_on(tmp_path):
    name = b"TransformerDecoderSpec\0"
    head = struct.pack("<IH", 6, len(name)) + name + struct.pack("<I", 8)
    for claim in (struct.pack("<I", 2**32 - 1), struct.pack("<IHcBI", 1, 2, b"a", 0, 2**31)):
        (tmp_path / "model.bin").write_bytes(head + claim)
        with pytest.raises(InvalidConfig):
            read_shapes(tmp_path)


@pytest.mark.django_db
def test_no_page_takes_weights_by_upload(owner):
    upload = SimpleUploadedFile("model.bin", b"weights")
    answer = owner.post(reverse("register-model"), {"path": "", "file": upload})
    assert answer.status_code == 400
