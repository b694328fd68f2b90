"""Settings that cannot be used stop the start with one clear sentence."""

import os
import subprocess
import sys

import pytest

from tests.serving import ROOT


def start(**settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RUST_AI_IDE_DEBUG", "maybe", "use 1 or 0"),
        ("RUST_AI_IDE_UPLOAD_LIMIT_MB", "0", "from 1 to"),
        ("RUST_AI_IDE_WORKERS", "two", "whole number"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("REDIS_URL", "http://x", "redis://"),
        ("RUST_AI_IDE_HOME", "/proc/nowhere", "cannot be made"),
    ],
)
def test_a_wrong_value_names_itself_and_the_remedy(name, value, said):
    lines = start(**{name: value}).strip().splitlines()
    assert name in lines[-1]
    assert said in lines[-1]
