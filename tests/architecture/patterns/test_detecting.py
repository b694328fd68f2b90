"""Each detector on code that is made for it, and on code that is only called so."""

import pytest

from rust_ai_ide.architecture.patterns.detecting import DETECTORS, detect
from rust_ai_ide.architecture.patterns.model import LEAST_SHOWN, Detected, Signal, confidence
from rust_ai_ide.architecture.sources import structure_of_files
from rust_ai_ide.observability.events import Cancelled, Event
from tests.architecture.patterns.examples import CALLED_SO, EXAMPLES, Example


def found_in(files: dict[str, str], least: float = LEAST_SHOWN) -> tuple[Detected, ...]:
    whole = {"Cargo.toml": '[package]\nname = "demo"\nedition = "2021"\n', **files}
    return detect(structure_of_files({path: text.encode() for path, text in whole.items()}), least)


def test_every_detector_has_an_example() -> None:
    assert {example.pattern for example in EXAMPLES} == {detector.id for detector in DETECTORS}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.pattern)
def test_a_pattern_is_found_with_evidence_that_leads_to_its_lines(example: Example) -> None:
    found = [each for each in found_in(example.files) if each.pattern == example.pattern]
    assert [each.subject for each in found] == [example.subject]
    (only,) = found
    assert LEAST_SHOWN <= only.confidence <= 1
    assert len(only.evidence) >= 2
    places = [place for _, place in only.evidence if place is not None]
    assert places
    for place in places:
        assert 1 <= place.line <= example.files[place.file].count("\n") + 1


@pytest.mark.parametrize("example", CALLED_SO, ids=lambda example: example.pattern)
def test_a_name_alone_is_no_pattern(example: Example) -> None:
    assert not [each for each in found_in(example.files) if each.pattern == example.pattern]
    assert all(
        each.confidence <= 0.5 for each in found_in(example.files, 0.0) if each.pattern == example.pattern
    )


def test_confidence_is_what_the_signals_leave_no_doubt_about() -> None:
    structural, name = Signal("", 0.5), Signal("", 0.4, is_structural=False)
    assert confidence([structural, name]) == 0.7
    assert confidence([structural]) == 0.5
    assert confidence([Signal("", 0.9)]) == 0.5
    assert confidence([name, name, name]) == 0.5
    assert confidence([]) == 0


def test_looking_can_be_cancelled() -> None:
    def cancel(event: Event) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        detect(
            structure_of_files({"Cargo.toml": b'[package]\nname = "demo"\n', "src/lib.rs": b""}), 0.6, cancel
        )


def test_tests_do_not_count() -> None:
    for example in EXAMPLES:
        inside = {
            path: f"#![cfg(test)]\n{text}" if path.endswith("lib.rs") else text
            for path, text in example.files.items()
        }
        assert found_in(inside) == ()
