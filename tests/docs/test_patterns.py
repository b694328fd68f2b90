"""Each detector of patterns, and each kind of cohesion, is documented, and no other."""

import re

import pytest

from rust_ai_ide.architecture.patterns.detecting import DETECTORS
from rust_ai_ide.architecture.types.kinds import KINDS
from tests.docs.reading import page, row_of, rows


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.id)
def test_a_detector_is_documented(detector):
    assert row_of(page("patterns.md"), detector.id), f"docs/patterns.md does not tell of {detector.id}"


def test_no_unknown_detector_is_documented():
    named = {found[1] for row in rows(page("patterns.md")) if (found := re.fullmatch(r"`([a-z-]+)`", row[0]))}
    assert named == {detector.id for detector in DETECTORS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_cohesion_is_documented(kind):
    assert row_of(page("metrics.md"), kind)
