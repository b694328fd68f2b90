"""Secrets at rest."""

import pytest

from rust_ai_ide.secret_box import SecretUnreadable, seal, unseal


def test_what_is_sealed_comes_back_and_never_looks_the_same_twice():
    assert unseal(seal("kéy")) == "kéy"
    assert seal("key") != seal("key")
    assert b"key" not in seal("key")


def test_a_changed_or_foreign_secret_is_told(tmp_path, monkeypatch):
    sealed = seal("key")
    for damaged in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:10], b""):
        with pytest.raises(SecretUnreadable):
            unseal(damaged)
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path))
    with pytest.raises(SecretUnreadable):
        unseal(sealed)
    assert (tmp_path / "secret-box.key").stat().st_mode & 0o777 == 0o600
