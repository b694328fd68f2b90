"""The rules about protections that are weak: what they report, how sure they are, and what they leave alone."""

import pytest

from rust_ai_ide.review.findings import Severity
from tests.review.mended import found

HASH = "fn f(data: &[u8]) -> Out { let password = data; md5::compute(password) }"


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        (HASH, Severity.WARNING),
        ("fn verify_signature(d: &[u8]) -> Out { Sha1::digest(d) }", Severity.WARNING),
        ("fn f(data: &[u8]) -> Out { md5::compute(data) }", Severity.INFO),
        ("fn md5(password: &[u8]) -> Out { md5::compute(password) }", Severity.INFO),
        (f"// The log-in of PostgreSQL.\n{HASH}", Severity.INFO),
        (f"// See RFC 6455.\n{HASH}", Severity.INFO),
    ],
)
def test_hashes_are_graded_by_what_they_guard(code: str, severity: Severity) -> None:
    (finding,) = found("weak_hash", code)
    assert finding.severity == severity
    assert (finding.confidence < 0.6) == (severity == Severity.INFO)


def test_the_crate_that_finds_collisions_is_no_weak_hash() -> None:
    assert not found("weak_hash", f"use sha1_checked::Sha1;\n{HASH.replace('md5::compute', 'Sha1::digest')}")


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f() { b.danger_accept_invalid_certs(true); }", 1),
        ("fn f() { b.danger_accept_invalid_certs(false); }", 0),
        ("fn f() { if options.insecure { b.danger_accept_invalid_certs(true); } }", 0),
        ("fn f() { match mode { Mode::Insecure => b.danger_accept_invalid_certs(true), _ => b } }", 0),
        ("fn f() { b.set_verify(SslVerifyMode::NONE); }", 1),
        ("fn f() { let mut b = SslAcceptor::mozilla_modern(m)?; b.set_verify(SslVerifyMode::NONE); }", 0),
    ],
)
def test_certificate_checks_that_nobody_is_asked_about(code: str, count: int) -> None:
    assert len(found("disabled_certificate_check", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f() { fs::set_permissions(p, Permissions::from_mode(0o777)); }", 1),
        ("fn f() { let mut p = m.permissions(); p.set_mode(0o666); file.set_permissions(p); }", 1),
        ("fn f() { fs::set_permissions(p, Permissions::from_mode(0o755)); }", 0),
        ("fn f() { OpenOptions::new().write(true).mode(0o777).open(p); }", 0),
        ("fn f() -> Permissions { Permissions::from_mode(0o666) }", 0),
        ("fn f() { header.set_path(p); header.set_mode(0o777); }", 0),
    ],
)
def test_permissions_that_are_set_and_not_only_asked_for(code: str, count: int) -> None:
    assert len(found("world_writable_permissions", code)) == count


def test_shell_commands_of_build_scripts() -> None:
    command = 'Command::new("sh").arg("-c").arg(format!("ls {x}")).status();'
    assert len(found("shell_injection", f"fn f(x: &str) {{ {command} }}")) == 1
    script = f'fn f(x: &str) {{ {command} println!("cargo:rerun-if-changed=a"); }}'
    assert not found("shell_injection", script)
