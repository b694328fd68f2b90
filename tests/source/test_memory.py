"""The collector of garbage is paused while anybody asks for it, and runs again when nobody does."""

import gc

import pytest

from rust_ai_ide.source.memory import collector_paused


def test_the_collector_runs_again_after_the_last_pause() -> None:
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_ends_the_pause() -> None:
    with pytest.raises(ValueError, match="meanwhile"), collector_paused():
        raise ValueError("meanwhile")
    assert gc.isenabled()
