"""Brings a model from a hub that speaks Hugging Face's protocol: one pinned commit, only files that are read here.

A download that broke off goes on where it stopped. Large files are checked against the SHA-256 that the hub names.
"""

import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.manifest import sha256_of
from rust_ai_ide.source.http import vetted_client
from rust_ai_ide.source.isolation import MEGABYTE

HUB = "https://huggingface.co"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_REVISION = re.compile(r"[0-9a-f]{40}")
_WANTED = re.compile(
    r"config\.json|generation_config\.json|tokenizer[\w.]*\.(json|model)|special_tokens_map\.json|vocab\.json|merges\.txt"
    r"|[\w.-]+\.safetensors|model\.safetensors\.index\.json|LICENSE[\w.]*|README\.md"
)
MOST_FILES = 200
SLACK = 256 * MEGABYTE


class DownloadFailed(RustAiIdeError):
    """The model was not brought here; what came of it is kept for the next try."""


def download_model(
    repository: str,
    revision: str,
    into: Path,
    report: Report = ignore,
    *,
    hub: str = HUB,
    trusted_hosts: Collection[str] = (),
) -> Path:
    """Bring the files of one commit into the folder `into` and return it. Raises DownloadFailed, AddressRefused.

    The commit is named by its 40 hexadecimal digits, so that what comes is always the same. Space is checked before
    anything large is fetched.
    """
    check_pin(repository, revision)
    # The library reads these when it is imported; a second transfer protocol would go around the vetting.
    os.environ.update({"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"})
    import httpx2
    import huggingface_hub as library
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError

    library.set_client_factory(lambda: vetted_client(trusted_hosts))
    try:
        report(Progressed("Asking the hub"))
        api = library.HfApi(endpoint=hub, token=False)
        info = api.model_info(repository, revision=revision, files_metadata=True)
        files = _wanted(info.siblings or [])
        _check_space(files, into)
        total = sum(file.size or 0 for file in files)
        done = 0
        for file in files:
            report(Progressed(f"Fetching {file.rfilename}", done, total))
            library.hf_hub_download(
                repository, file.rfilename, revision=revision, local_dir=into, endpoint=hub, token=False
            )
            _check(file, into)
            done += file.size or 0
        report(Progressed("Fetched", total, total))
    except RepositoryNotFoundError as error:
        raise DownloadFailed(f"The hub has no public model {repository} at {revision[:10]}.") from error
    except (HfHubHTTPError, HFValidationError) as error:
        raise DownloadFailed(f"The hub refused: {str(error).splitlines()[0][:200]}.") from error
    except (OSError, httpx2.HTTPError) as error:
        raise DownloadFailed(
            f"The download broke off ({type(error).__name__}); start it again to go on."
        ) from error
    return into


def check_pin(repository: str, revision: str) -> None:
    """Check that a name and a commit can be those of a model. Raises DownloadFailed."""
    if not _REPOSITORY.fullmatch(repository):
        raise DownloadFailed("Name the repository as on the hub: owner/name.")
    if not _REVISION.fullmatch(revision):
        raise DownloadFailed(
            "Name the commit by its 40 hexadecimal digits; the hub shows them under History."
        )


def _wanted(siblings: list[Any]) -> list[Any]:
    files = [file for file in siblings if _WANTED.fullmatch(file.rfilename)]
    if not any(file.rfilename.endswith(".safetensors") for file in files):
        raise DownloadFailed(
            "This model has no safetensors; other formats can hold code and are not fetched."
        )
    if len(files) > MOST_FILES:
        raise DownloadFailed(f"This model has more than {MOST_FILES} files.")
    return sorted(files, key=lambda file: file.size or 0)


def _check_space(files: list[Any], into: Path) -> None:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = sum(path.stat().st_size for path in into.rglob("*") if path.is_file())
    needed = sum(file.size or 0 for file in files) - here + SLACK
    free = shutil.disk_usage(into).free
    if needed > free:
        raise DownloadFailed(
            f"This needs {needed / MEGABYTE:,.0f} MB on the disk; {free / MEGABYTE:,.0f} MB are free."
        )


def _check(file: Any, into: Path) -> None:
    expected = file.lfs.sha256 if file.lfs else None
    path = into / file.rfilename
    if (file.size is not None and path.stat().st_size != file.size) or (
        expected and sha256_of(path) != expected
    ):
        path.unlink()
        raise DownloadFailed(f"{file.rfilename} is not what the hub says it is; it was thrown away.")
