"""Judging on all processors says what judging alone says, and one broken piece costs nothing but itself."""

import pytest

from rust_ai_ide.review.config import config_from_toml
from rust_ai_ide.review.crew import Crew
from rust_ai_ide.review.engine import examine
from rust_ai_ide.review.profiles import Profile
from rust_ai_ide.review.reviewing import SourceFile, review_files
from rust_ai_ide.review.standard import USUAL
from rust_ai_ide.source.store import FactStore, content_key

CUSTOM = '[[review.custom_rules]]\nname = "own"\npattern = "gone($$$A)"\nmessage = "Gone"\n'


@pytest.fixture
def sources() -> dict[str, bytes]:
    """Enough files for the work to be shared, none like another."""
    body = "".join(
        f"fn f{{0}}_{line}(x: Option<u8>) -> u8 {{{{ gone(); return x.unwrap(); }}}}\n" for line in range(300)
    )
    return {f"src/f{number}.rs": body.format(number).encode() for number in range(40)}


def reviewed(sources, config, store=None, crew=None):
    files = [
        SourceFile(path, content_key(source), lambda source=source: source)
        for path, source in sources.items()
    ]
    return list(review_files(files, config, store, crew=crew))


@pytest.mark.parametrize("text", ["", CUSTOM])
def test_a_crew_says_what_one_says(sources, text, tmp_path):
    config = config_from_toml(text, Profile.THOROUGH)
    crew = Crew(config.standard)
    try:
        assert crew.is_worth(sources)
        with_crew = reviewed(sources, config, crew=crew)
        store = FactStore(tmp_path / "store")
        assert reviewed(sources, config, store, crew) == with_crew
        # What was judged is kept, so nothing is judged again.
        assert reviewed(sources, config, store) == with_crew
    finally:
        crew.close()
    some = dict(list(sources.items())[:3])
    assert reviewed(some, config) == with_crew[:3]
    assert any(finding.rule == "own" for finding in with_crew[0].findings) == bool(text)


def test_a_source_that_breaks_the_parser_is_left_to_be_told(sources):
    crew = Crew(USUAL)
    deep = b"fn f() { " + b"(" * 100_000 + b")" * 100_000 + b" }"
    try:
        done = crew.examined({**{path.encode(): source for path, source in sources.items()}, b"deep": deep})
    finally:
        crew.close()
    assert done[b"src/f0.rs"] == examine(sources["src/f0.rs"]).to_bytes()
    assert set(done) >= {path.encode() for path in sources}


def test_little_work_is_not_shared():
    crew = Crew(USUAL)
    assert not crew.is_worth({b"a": b"fn f() {}"})
    crew.close()
