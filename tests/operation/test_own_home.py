"""Tests never touch the data directory of whoever runs them."""

from pathlib import Path

from django.conf import settings

from rust_ai_ide.home import data_directory


def test_the_settings_and_the_engine_use_the_tests_own_directory():
    assert Path(settings.HOME) == data_directory()
    assert data_directory().name.startswith("rust-ai-ide-tests-")
