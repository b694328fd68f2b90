import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from rust_ai_ide.observability.events import Cancelled, Event
from rust_ai_ide.source.archives import ArchiveRefused, import_archive
from rust_ai_ide.source.git import commits, list_files, read_blob, tree_of

BAD_NAMES = [
    "/etc/passwd", "../x", "a/../../x", "a/../b", ".git/config", "a/.git/hooks/x", ".GIT/config", ".Git /x",
    ".git./x", "git~1/x", "C:/x", "a\\b", "..\\x", "a//b", "a/./b", "x\ny", "x" * 5000,
]  # fmt: skip


def tar(*members: tuple[tarfile.TarInfo, bytes], gz: bool = True) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz" if gz else "w", format=tarfile.PAX_FORMAT) as archive:
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(content))
    stream.seek(0)
    return stream


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def refused(stream: io.BytesIO, tmp_path: Path, match: str | None = None) -> None:
    with pytest.raises(ArchiveRefused, match=match) as caught:
        import_archive(stream, "x", tmp_path / "imported")
    assert str(caught.value).isprintable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_no_project_has(tmp_path: Path, name: str) -> None:
    good = (tarfile.TarInfo("good.rs"), b"fn a() {}")
    refused(tar(good, (tarfile.TarInfo(name), b"x")), tmp_path)
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    refused(zipped(("good.rs", b"fn a() {}"), (info, b"x")), tmp_path)


def test_a_name_cut_by_nul(tmp_path: Path) -> None:
    raw = zipped(("evil.rs__", b"x"), ("b", b"")).getvalue().replace(b"evil.rs__", b"evil.rs\0x")
    refused(io.BytesIO(raw), tmp_path, "unusable name")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_tar(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("thing")
    info.type, info.linkname = kind, "good.rs"
    refused(tar((tarfile.TarInfo("good.rs"), b"x"), (info, b"")), tmp_path, "link or device")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_zip(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("thing")
    info.external_attr = (kind | 0o777) << 16
    refused(zipped(("good.rs", b"x"), (info, b"/etc/passwd")), tmp_path, "link or device")


def test_two_files_of_one_name(tmp_path: Path) -> None:
    refused(tar((tarfile.TarInfo("a"), b"1"), (tarfile.TarInfo("./a"), b"2")), tmp_path, "same name")
    refused(tar((tarfile.TarInfo("a/b"), b"1"), (tarfile.TarInfo("a"), b"2")), tmp_path, "same name")


def test_encrypted_zip(tmp_path: Path) -> None:
    raw = bytearray(zipped(("a.rs", b"fn a() {}")).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    refused(io.BytesIO(bytes(raw)), tmp_path, "encrypted")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"PK\x03\x04" + b"x" * 100, b"\x1f\x8b", b"\x1f\x8b" + b"x" * 100, b"hello", b"\0" * 1024],
)
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    refused(io.BytesIO(content), tmp_path)


def test_every_way_of_breaking_off(tmp_path: Path) -> None:
    whole = tar(
        (tarfile.TarInfo("top/a.rs"), b"fn a() {}\n" * 500), (tarfile.TarInfo("top/b.rs"), b"b" * 3000)
    )
    raw = whole.getvalue()
    for length in range(20, len(raw) - 8, 37):
        refused(io.BytesIO(raw[:length]), tmp_path)
    raw = zipped(("a.rs", b"fn a() {}\n" * 50), ("b.rs", b"b")).getvalue()
    for length in range(4, len(raw), 23):
        refused(io.BytesIO(raw[:length]), tmp_path)


def test_damage_in_the_middle(tmp_path: Path) -> None:
    raw = bytearray(tar((tarfile.TarInfo("a"), b"1"), (tarfile.TarInfo("b"), b"2"), gz=False).getvalue())
    second = raw.index(b"b\0\0\0")
    raw[second + 10] ^= 0xFF
    refused(io.BytesIO(bytes(raw)), tmp_path, "damaged")


def test_empty_archives(tmp_path: Path) -> None:
    folder = tarfile.TarInfo("top/")
    folder.type = tarfile.DIRTYPE
    refused(tar((folder, b"")), tmp_path, "no files")
    refused(zipped(), tmp_path)


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_an_ordinary_archive_becomes_one_commit_and_the_next_another(tmp_path: Path, kind: str) -> None:
    def make(content: bytes) -> io.BytesIO:
        files = {"top/src/ü.rs": content, 'top/q"uote.rs': b"q", "top/empty": b""}
        if kind == "zip":
            return zipped(("top/", b""), *files.items(), ("__MACOSX/top/._x", b"junk"))
        return tar(*((tarfile.TarInfo(name), body) for name, body in files.items()), gz=kind == "tar.gz")

    repository = import_archive(make(b"one"), f"/x/\x1b[2Jname.{kind}", tmp_path / "imported")
    tree = tree_of(repository, "main")
    assert [entry.path for entry in list_files(repository, tree)] == ["empty", 'q"uote.rs', "src/ü.rs"]
    assert commits(repository, "main")[0].subject == f"Import name.{kind}"
    again = import_archive(make(b"two"), "b", tmp_path / "unused", into=repository)
    assert again is repository
    assert len(commits(repository, "main")) == 2
    blobs = {entry.path: entry.blob for entry in list_files(repository, tree_of(repository, "main"))}
    assert read_blob(repository, blobs["src/ü.rs"]) == b"two"


def test_a_failed_second_import_leaves_the_first_as_it_was(tmp_path: Path) -> None:
    repository = import_archive(zipped(("a.rs", b"1")), "a", tmp_path / "imported")
    before = sorted(path for path in (tmp_path / "imported").rglob("*"))

    def cancel(event: Event) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(ArchiveRefused):
        import_archive(
            tar((tarfile.TarInfo("b"), b"1" * 90_000), (tarfile.TarInfo("../x"), b"")),
            "b",
            tmp_path,
            into=repository,
        )
    many = zipped(*((f"{number}.rs", b"x") for number in range(150)))
    with pytest.raises(Cancelled):
        import_archive(many, "c", tmp_path, report=cancel, into=repository)
    assert sorted(path for path in (tmp_path / "imported").rglob("*")) == before
    assert len(commits(repository, "main")) == 1
