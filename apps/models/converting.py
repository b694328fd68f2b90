"""Turning models of others into model folders of ours, and ours into smaller ones."""

from pathlib import Path
from typing import Any

from django.conf import settings

from apps.common.models import Run
from apps.common.services import start_run
from apps.models.models import ModelVersion
from apps.models.services import record
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.library import check_identifier, known_models, own_folder
from rust_ai_ide.runtime.quantisations import EVERYWHERE, QUANTISATION
from rust_ai_ide.runtime.quantising import check_quantisable
from rust_ai_ide.training.conversion.downloading import DownloadFailed, check_pin


def start_converting(values: dict[str, str], user: Any) -> Run:
    """Convert a Hugging Face folder or a GGUF file, as a run. Raises InvalidConfig that names the field."""
    if not settings.OPEN_BY_PATH:
        raise InvalidConfig("This workbench does not open files of the machine.", "source")
    source = Path(values.get("source", "").strip()).expanduser()
    if not source.is_absolute() or not source.exists():
        raise InvalidConfig("Give the whole path of a folder with safetensors, or of a GGUF file.", "source")
    given: dict[str, str] = {"source": str(source)}
    if adapter := values.get("adapter", "").strip():
        folder = Path(adapter).expanduser()
        if not folder.is_absolute() or not folder.is_dir():
            raise InvalidConfig("Give the whole path of the adapter's folder.", "adapter")
        given["adapter"] = str(folder)
    return _start("convert", "Convert", values, user, given)


def start_downloading(values: dict[str, str], user: Any) -> Run:
    """Download a model at one commit and convert it, as a run. Raises InvalidConfig that names the field."""
    if not settings.ALLOW_DOWNLOADS:
        raise InvalidConfig("Downloads are off. RUST_AI_IDE_ALLOW_DOWNLOADS=1 allows them.", "repository")
    repository, revision = values.get("repository", "").strip(), values.get("revision", "").strip()
    try:
        check_pin(repository, revision)
    except DownloadFailed as error:
        raise InvalidConfig(str(error), "repository") from error
    return _start("download", "Download", values, user, {"repository": repository, "revision": revision})


def _start(verb: str, title: str, values: dict[str, str], user: Any, source: dict[str, str]) -> Run:
    name, version = values.get("name", "").strip(), values.get("version", "").strip() or "1"
    check_identifier(name, version)
    licence = values.get("licence", "").strip()
    if not licence:
        raise InvalidConfig("Say under which licence the model is; its card tells.", "licence")
    quantisation = values.get("quantisation", "").strip() or QUANTISATION
    if quantisation not in EVERYWHERE:
        raise InvalidConfig(f"Choose one of {', '.join(EVERYWHERE)}.", "quantisation")
    chosen = {"quantisation": quantisation, "compares": bool(values.get("compares"))}
    identifier = f"{name}@{version}"
    record(user, verb, identifier, ", ".join(source.values()))
    return start_run(
        kind=f"{verb}-model",
        subject=f"model:{identifier}",
        title=f"{title} {identifier}",
        page="/models/",
        arguments={"name": name, "version": version, "licence": licence[:200], **chosen, **source},
    )


def start_quantising(version: ModelVersion, values: dict[str, str], user: Any) -> Run:
    """Make another version with smaller weights, as a run. Raises InvalidConfig that names the field."""
    known = known_models().get(version.identifier)
    if known is None:
        raise InvalidConfig(f"The folder of {version.identifier} is gone.", "model")
    quantisation, other = values.get("quantisation", ""), values.get("version", "").strip()
    check_quantisable(*known, quantisation)
    check_identifier(version.name, other)
    record(user, "quantise", version.identifier, f"as {quantisation}, version {other}")
    return start_run(
        kind="quantise-model",
        subject=f"model:{version.identifier}",
        title=f"Quantise {version.identifier} as {quantisation}",
        page="/models/",
        arguments={"model": version.identifier, "quantisation": quantisation, "version": other},
    )


def folder_for(name: str, version: str) -> Path:
    """Return where a converted model goes."""
    return own_folder() / f"{name}@{version}"


def download_folder(repository: str, revision: str) -> Path:
    """Return where a download lies until it is converted; an interrupted one goes on there."""
    return Path(settings.HOME) / "downloads" / f"{repository.replace('/', '--')}@{revision[:12]}"
