"""Conditions of `cfg`: read as the reference says, and told by what is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.syntax.cfg import needs_test, read_condition

OPTIONS = ["unix", "windows", "loom"]


def told(text: str, **known: bool | str) -> bool | None:
    def about(name: str, value: str | None) -> bool | None:
        if name not in known:
            return None
        return known[name] == value if value is not None else bool(known[name])

    return read_condition(text).holds(about)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unix", True),
        ("windows", False),
        ("other", None),
        ("all()", True),
        ("any()", False),
        ("not(windows)", True),
        ("not(other)", None),
        ("all(unix, other)", None),
        ("all(windows, other)", False),
        ("any(unix, other)", True),
        ("any(windows, other)", None),
        ('target_os = "linux"', True),
        ('target_os="macos"', False),
        ('any(target_os = "macos", all(unix, not(windows)),)', True),
        ('all(unix, /* so */ target_os = r#"linux"#)', True),
        ("r#unix", True),
        ("true", True),
        ("any(false, windows)", False),
        ('version("1.70")', None),
        ("unix)", None),
        ("all(unix", None),
        ("not(unix, windows)", None),
        ("", None),
        ("all(" * 5000, None),
    ],
)
def test_a_condition_is_told_by_what_is_known(text: str, expected: bool | None) -> None:
    assert told(text, unix=True, windows=False, target_os="linux") is expected


conditions = st.recursive(
    st.sampled_from(OPTIONS),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not({one})"),
        st.lists(inner, max_size=3).map(lambda many: f"all({', '.join(many)})"),
        st.lists(inner, max_size=3).map(lambda many: f"any({','.join(many)})"),
    ),
    max_leaves=8,
)


@given(
    conditions,
    st.dictionaries(st.sampled_from(OPTIONS), st.booleans()),
    st.booleans(),
    st.sampled_from(OPTIONS),
)
def test_knowing_more_never_takes_back_what_was_told(
    text: str, known: dict[str, bool], more: bool, option: str
) -> None:
    before = told(text, **known)
    if before is not None:
        assert told(text, **{option: more, **known}) is before
    complete = dict.fromkeys(OPTIONS, more) | known
    assert told(text, **complete) is not None
    assert told(f"not({text})", **complete) is not told(text, **complete)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test", True),
        ("all(test, not(loom))", True),
        ('all(feature = "std", all(test, unix))', True),
        ("any(test, loom)", False),
        ("any(test, all(test, unix))", True),
        ("not(test)", False),
        ("not(not(test))", True),
        ("all(test, not(test))", False),
        ('feature = "test"', False),
        ("loom", False),
    ],
)
def test_what_only_tests_compile_is_told(text: str, expected: bool) -> None:
    assert needs_test(read_condition(text)) is expected
