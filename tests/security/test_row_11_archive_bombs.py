import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from rust_ai_ide.source.archives import ArchiveLimits, ArchiveRefused, import_archive

MEGABYTE = 1024 * 1024


def refused(stream: io.BytesIO, folder: Path, match: str, limits: ArchiveLimits | None = None) -> None:
    with pytest.raises(ArchiveRefused, match=match):
        import_archive(stream, "bomb", folder / "imported", limits)
    assert list(folder.iterdir()) == []


def zip_of(*files: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()


def test_zip_and_gzip_of_nothing_but_zeros(tmp_path: Path) -> None:
    zeros = bytes(40 * MEGABYTE)
    refused(io.BytesIO(zip_of(("a", zeros))), tmp_path, "times its size")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("a")
        info.size = len(zeros)
        archive.addfile(info, io.BytesIO(zeros))
    refused(stream, tmp_path, "times its size")


def test_more_bytes_than_may_be(tmp_path: Path) -> None:
    limits = ArchiveLimits(unpacked=MEGABYTE)
    refused(io.BytesIO(zip_of(("a", b"x" * 2 * MEGABYTE))), tmp_path, "unpacks to more", limits)
    refused(io.BytesIO(zip_of(("a", b"x"))), tmp_path, "larger", ArchiveLimits(packed=10))


def test_a_size_that_lies(tmp_path: Path) -> None:
    raw = bytearray(zip_of(("a", b"x" * 1000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(signature) + offset
        raw[at : at + 4] = struct.pack("<L", 10)
    refused(io.BytesIO(bytes(raw)), tmp_path, "damaged")


def test_too_many_entries(tmp_path: Path) -> None:
    limits = ArchiveLimits(files=100)
    many = zip_of(*((f"{number}", b"") for number in range(101)))
    refused(io.BytesIO(many), tmp_path, "more than 100 files", limits)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for number in range(101):
            info = tarfile.TarInfo(f"{number}/")
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    refused(stream, tmp_path, "more than 100 files", limits)


def test_a_million_entries_are_refused_before_they_are_read(tmp_path: Path) -> None:
    entry = b"PK\x01\x02" + bytes(42)
    directory = entry * 200_000
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(directory), 30, 0)
    refused(io.BytesIO(b"PK\x03\x04" + bytes(26) + directory + end), tmp_path, "more than 50,000")


def test_overlapping_files(tmp_path: Path) -> None:
    raw = bytearray(zip_of(("a", b"x" * 100), ("b", b"y" * 100)))
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 1)
    raw[second + 42 : second + 46] = struct.pack("<L", 0)
    refused(io.BytesIO(bytes(raw)), tmp_path, "overlap")


def test_a_header_bomb_in_tar(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers = {"comment": "x" * (3 * MEGABYTE)}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    refused(stream, tmp_path, "header")


def test_a_sparse_file_that_claims_terabytes(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(10**13)}
    content = b"0\n" + bytes(510)
    info.size = len(content)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(content))
    refused(stream, tmp_path, "link or device|damaged")


def test_gzip_in_gzip_is_no_archive(tmp_path: Path) -> None:
    refused(io.BytesIO(gzip.compress(gzip.compress(bytes(MEGABYTE)))), tmp_path, "damaged")
