"""The rule about broken ciphers: what it reports, and what it leaves alone."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("use des::TdesEde3;", 1),
        ("use rc4::{KeyInit, Rc4};", 1),
        ("type A = ecb::Encryptor<aes::Aes128>;\ntype B = ecb::Decryptor<aes::Aes128>;", 1),
        ("type A = Ecb<Aes128, Pkcs7>;", 1),
        ("type A = cfb_mode::Encryptor<des::Des>;\nuse blowfish::Blowfish;", 2),
        ("fn f() { g(openssl::symm::Cipher::des_ede3_cbc()); }", 1),
        ("fn f() { g(Cipher::aes_128_ecb(), Cipher::rc4()); }", 2),
        ('fn f() { println!("{}", Cipher::bf_cbc()); }', 1),
        ("fn f() { g(Cipher::aes_256_gcm(), Cipher::aes_128_cbc()); }", 0),
        ("mod des;\nuse des::TdesEde3;", 0),
        ("use crate::des::Des;", 0),
        ("use blowfish::Blowfish; // for bcrypt", 0),
        ('// use des::Des;\nconst A: &str = "des::Des";', 0),
        ("use nodes::Node;", 0),
        ("#[cfg(test)]\nmod tests {\n    use des::Des;\n}", 0),
    ],
)
def test_broken_ciphers_are_found_once_each(code: str, count: int) -> None:
    assert len(found("weak_cipher", code)) == count


def test_ciphers_that_tests_use_first_do_not_hide_those_of_the_code() -> None:
    code = "#[cfg(test)]\nmod tests { use des::Des; }\nuse des::Des;\n"
    assert [finding.start_line for finding in found("weak_cipher", code)] == [3]


def test_files_that_offer_all_ciphers_of_a_format() -> None:
    code = "use des::TdesEde3;\nuse blowfish::Blowfish;\n"
    assert len(found("weak_cipher", code)) == 2
    assert not found("weak_cipher", f"use camellia::Camellia128;\n{code}")
    assert not found("weak_cipher", f"{code}fn f() {{ pick(Cipher::camellia_128_cfb128()); }}")
