"""The rules about literals: what they report, what they leave alone, and their fixes."""

import pytest

from tests.review.mended import found, mended


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("1234567", "1_234_567"),
        ("123456_f32", "123_456_f32"),
        ("123456u64", "123_456u64"),
        ("0xabcdef12", "0xabcd_ef12"),
        ("0xfff32", "0xfff32"),
        ("0xabcdf32", "0xabc_df32"),
        ("0b110110_i64", "0b11_0110_i64"),
        ("1.234567", "1.234_567"),
        ("1234567.5e-3", "1_234_567.5e-3"),
        ("100_200_300.123456789", "100_200_300.123_456_789"),
        ("65536", "65536"),
        ("1_2345_6789", "1_2345_6789"),
        ("2_32", "2_32"),
    ],
)
def test_long_numbers_get_separators(written: str, wanted: str) -> None:
    source = f"fn f() {{ let a = {written}; }}"
    assert mended("unreadable_literal", source) == source.replace(written, wanted)
    assert bool(found("unreadable_literal", source)) == (written != wanted)


def test_numbers_in_macros_count_but_not_those_that_a_definition_writes() -> None:
    assert found("unreadable_literal", "fn f() { g!(1234567); }")
    assert not found("unreadable_literal", "macro_rules! g { () => { 1234567 } }")


@pytest.mark.parametrize(
    "number", ["2_32", "7_8", "240_8", "0x1234_16", "1E2_32", "0xFFFF_FFFF_FFFF_FFFF_64"]
)
def test_digits_that_look_like_a_type_are_reported_without_a_fix(number: str) -> None:
    (finding,) = found("mistyped_literal_suffixes", f"fn f() {{ let a = {number}; }}")
    assert not finding.fix


@pytest.mark.parametrize(
    "number", ["2_i32", "360_8", "23_128", "12.34_64", "0x12_34_16", "1_000", "_8", "9" * 5_000 + "_8"]
)
def test_numbers_that_fit_no_such_type_are_left_alone(number: str) -> None:
    assert not found("mistyped_literal_suffixes", f"fn f() {{ let a = {number}; }}")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('r#"a"#', 'r"a"'),
        ('r##"a"b"##', 'r#"a"b"#'),
        ('br###"a"# "###', 'br##"a"# "##'),
        ('cr#""#', 'cr""'),
        ('r#"a"b"#', 'r#"a"b"#'),
        ('r"a"', 'r"a"'),
    ],
)
def test_raw_strings_keep_as_many_hashes_as_they_need(written: str, wanted: str) -> None:
    for source in (f"fn f() {{ let a = {written}; }}", f"fn f() {{ println!({written}); }}"):
        assert mended("needless_raw_string_hashes", source) == source.replace(written, wanted)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("0xABc", "0xABC"), ("0xAbcu8", "0xabcu8"), ("0xABCu8", "0xABCu8"), ("0xDEAD_beeF", "0xDEAD_BEEF")],
)
def test_hexadecimal_digits_get_the_case_of_most(written: str, wanted: str) -> None:
    assert mended("mixed_case_hex_literals", f"const A: u64 = {written};") == f"const A: u64 = {wanted};"


def test_zeros_are_removed_only_where_the_number_cannot_be_octal() -> None:
    assert mended("zero_prefixed_literal", "const A: u32 = 0089_u32;") == "const A: u32 = 89_u32;"
    (finding,) = found("zero_prefixed_literal", "const A: u32 = 0755;")
    assert not finding.fix
    for number in ("0", "00", "0.5", "0_000_001", "0o17", "0e8"):
        assert not found("zero_prefixed_literal", f"fn f() {{ let a = {number}; }}"), number
    assert not found("zero_prefixed_literal", "fn f() { g(date!(2024-02-01)); }")
