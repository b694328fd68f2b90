"""Which licences are permissive enough to learn from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.training.licences import PERMISSIVE, is_permissive


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "MIT OR Apache-2.0",
        "MIT/Apache-2.0",
        "Unlicense OR MIT",
        "GPL-3.0-or-later OR MIT",
        "(MIT OR Apache-2.0) AND Unicode-DFS-2016",
        "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
        "mit or apache-2.0",
        "MIT OR (GPL-2.0 AND Zlib)",
    ],
)
def test_a_permissive_choice_is_enough(expression):
    assert is_permissive(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "GPL-3.0",
        "MPL-2.0",
        "MIT AND GPL-3.0",
        "(MIT OR Apache-2.0) AND LGPL-2.1",
        "LicenseRef-Own",
        "MIT OR",
        "(MIT",
        "MIT)",
        "MIT Apache-2.0",
        "GPL-2.0 WITH Classpath-exception-2.0",
        "(" * 5000 + "MIT" + ")" * 5000,
    ],
)
def test_anything_else_is_not(expression):
    assert not is_permissive(expression)


EXPRESSIONS = st.recursive(
    st.sampled_from(["MIT", "ISC", "GPL-3.0", "MPL-2.0"]).map(
        lambda name: (name, name.lower() in PERMISSIVE)
    ),
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
        lambda three: (
            f"({three[0][0]} {three[1]} {three[2][0]})",
            (three[0][1] and three[2][1]) if three[1] == "AND" else (three[0][1] or three[2][1]),
        )
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_and_needs_both_and_or_one(expression):
    text, allowed = expression
    assert is_permissive(text) == allowed


@given(st.text(max_size=200))
def test_any_text_is_answered(text):
    assert is_permissive(text) in (True, False)
