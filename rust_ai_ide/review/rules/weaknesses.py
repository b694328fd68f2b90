"""Security rules about protections that are weak or switched off."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import CALL, METHOD_CALL, PATH_CALL
from rust_ai_ide.review.rules.shapes import arguments
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_WEAK = re.compile(
    rb"(?:^|::)(md5|md4|sha1|sha1_smol|Md5|Md4|Sha1)::(?:new|digest|compute|from|new_with_prefix)$"
)
_SECRET = re.compile(
    rb"passw|passphrase|secret|signature|token|session|credential|integrity|tamper", re.IGNORECASE
)
# Protocols and formats that leave no choice of the hash.
_PRESCRIBED = re.compile(
    rb"uuid|websocket|WS_GUID|mysql|postgres|\bpg_|pgp|\bgit|ntlm|digest auth|\brealm\b|\bnonce|challenge|fingerprint"
    rb"|\bRFC ?\d|SHA-?256|kerberos|\btotp\b|\bhotp\b|bittorrent|info_hash|legacy|compatib|scram|PasswordMessage",
    re.IGNORECASE,
)
_MAY_BE_PRESCRIBED = 0.5
_FUNCTION = frozenset({"function_item"})
_DECISIONS = frozenset({"if_expression", "match_arm"})
_SERVER = re.compile(rb"Acceptor|tls_server")
_MODES = ("from_mode", "set_mode", "mode")
_SET_MODES = ("from_mode", "set_mode")  # while `mode` of OpenOptions is cut down by the umask
_OTHERS_WRITE = 0o002
_TEMPORARY = (b'"/tmp/', b'"/var/tmp/')


@RULES.match(
    "weak_hash",
    "Broken hash function",
    Severity.WARNING,
    0.8,
    PATH_CALL,
    names=("new", "digest", "compute", "from", "new_with_prefix"),
    where=Where.PRODUCTION,
)
def weak_hash(match: Match) -> Iterator[Hit]:
    """Find MD4, MD5 and SHA-1. Where a protocol may prescribe them, or nothing tells of secrets, it is a remark."""
    unit = match.unit
    weak = _WEAK.search(unit.field(match["call"], "function"))
    if not weak or b"sha1_checked" in unit.source:
        return
    name = weak[1].decode().upper().removesuffix("_SMOL")
    message = f"Two inputs with the same {name} can be made at will"
    advice = "Use SHA-256 or BLAKE3; for passwords Argon2."
    function = unit.enclosing(match["call"].start_byte, _FUNCTION)
    guards = (
        function is not None
        and _SECRET.search(unit.text(function.node)) is not None
        and weak[1].lower() not in unit.name(function.node)
        and not _PRESCRIBED.search(unit.source)
    )
    if guards:
        yield match.hit(match["call"], message, advice)
    else:
        yield match.hit(match["call"], message, advice, Severity.INFO, _MAY_BE_PRESCRIBED)


@RULES.match(
    "disabled_certificate_check",
    "Certificate check switched off",
    Severity.ERROR,
    0.95,
    METHOD_CALL,
    names=(
        "danger_accept_invalid_certs",
        "danger_accept_invalid_hostnames",
        "set_verify",
        "tls_danger_accept_invalid_certs",
    ),
    where=Where.PRODUCTION,
)
def disabled_certificate_check(match: Match) -> Iterator[Hit]:
    """Find calls that accept any certificate, unless somebody is asked first, or they are those of a server."""
    given = [match.unit.text(one) for one in arguments(match["call"])]
    name = match.text("name")
    off = (
        given == [b"true"] if b"danger" in name else bool(given) and given[0].endswith(b"SslVerifyMode::NONE")
    )
    if off and not _is_asked_for(match.unit, match["call"]):
        message = "Anyone on the way can read and change this connection"
        yield match.hit(match["call"], message, "Add the certificate you trust to the root store instead.")


def _is_asked_for(unit: Unit, call: "Node") -> bool:
    """Tell whether a condition decides about a call, or a server leaves out to ask clients for a certificate."""
    function = unit.enclosing(call.start_byte, _FUNCTION)
    if function is not None and _SERVER.search(unit.text(function.node)):
        return True
    around = call.parent
    while around is not None and around.type != "function_item":
        if around.type in _DECISIONS:
            return True
        around = around.parent
    return False


@RULES.match(
    "non_octal_unix_permissions",
    "Permissions in decimal",
    Severity.ERROR,
    0.93,
    CALL,
    names=_MODES,
    lint="clippy::correctness",
)
def non_octal_unix_permissions(match: Match) -> Iterator[Hit]:
    """Find `from_mode(644)`."""
    for argument in arguments(match["call"])[:1]:
        text = match.unit.text(argument).removesuffix(b"u32").rstrip(b"_")
        if text.isdigit() and len(text) >= 3 and not text.strip(b"01234567"):
            message = f"`{text.decode()}` is decimal here, and so not the permissions it looks like"
            yield match.hit(argument, message, f"Write `0o{text.decode()}`.")


@RULES.match(
    "world_writable_permissions",
    "Permissions that let everybody write",
    Severity.WARNING,
    0.85,
    CALL,
    names=_SET_MODES,
    where=Where.PRODUCTION,
)
def world_writable_permissions(match: Match) -> Iterator[Hit]:
    """Find `set_mode(0o777)` and `set_permissions(path, Permissions::from_mode(0o777))`."""
    function = match.unit.enclosing(match["call"].start_byte, _FUNCTION)
    if function is None or b"set_permissions" not in match.unit.text(function.node):
        return  # permissions for files that are to be made, which the umask cuts down
    for argument in arguments(match["call"])[:1]:
        text = match.unit.text(argument).replace(b"_", b"").removesuffix(b"u32")
        if re.fullmatch(rb"0o[0-7]{3,4}", text) and int(text, 8) & _OTHERS_WRITE:
            message = "Every user of the machine may change this file"
            yield match.hit(argument, message, "Give write permission to the owner only.")


@RULES.match(
    "predictable_temporary_file",
    "Temporary file with a fixed name",
    Severity.WARNING,
    0.85,
    PATH_CALL,
    names=("create", "write", "create_dir", "create_dir_all"),
    where=Where.PRODUCTION,
)
def predictable_temporary_file(match: Match) -> Iterator[Hit]:
    """Find `File::create("/tmp/name")`."""
    module = match.unit.field(match["function"], "path").rpartition(b"::")[2]
    for argument in arguments(match["call"])[:1]:
        fixed = argument.type == "string_literal" and match.unit.text(argument).startswith(_TEMPORARY)
        if fixed and module in (b"fs", b"File"):
            message = "Another user can put a file or a link of this name there first"
            yield match.hit(argument, message, "Use the `tempfile` crate.")
