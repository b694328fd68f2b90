"""Converts a model in a child process, so that a broken or enormous file harms nothing but its own conversion."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.files import open_model
from rust_ai_ide.runtime.manifest import Manifest, read_manifest
from rust_ai_ide.runtime.quantisations import check_quantisation
from rust_ai_ide.runtime.quantising import quantise_folder
from rust_ai_ide.source.isolation import MEGABYTE, IsolatedWorker, WorkFailed, WorkTimedOut
from rust_ai_ide.training.conversion.adapters import inspect_adapter
from rust_ai_ide.training.conversion.converting import Request, convert
from rust_ai_ide.training.conversion.errors import ConversionFailed
from rust_ai_ide.training.conversion.gguf_files import is_gguf
from rust_ai_ide.training.conversion.inspecting import inspect_folder, read_sizes
from rust_ai_ide.training.extra import require

MEMORY = 16 * 1024 * MEGABYTE
SECONDS = 1800.0
FLOAT = "float32"


def import_model(
    request: Request,
    report: Report = ignore,
    *,
    compares: bool = False,
    memory: int = MEMORY,
    seconds: float = SECONDS,
) -> Manifest:
    """Write the model folder `request.into` and return its manifest.

    With `compares` the model is written in 32 bits first and both are measured. `memory` bounds the child's address
    space in bytes, `seconds` its time; the weights take four bytes a parameter while they are converted. Raises
    ConversionFailed, TrainingNotInstalled, InvalidConfig and OutOfMemory.
    """
    check_quantisation(request.quantisation)
    for library in ("torch", "transformers", *(["peft"] if request.adapter else [])):
        require(library)
    source, into = Path(request.source).resolve(), Path(request.into).resolve()
    adapter = Path(request.adapter).resolve() if request.adapter else None
    if not source.exists():
        raise ConversionFailed(f"{source.name} does not exist.")
    if source.is_file() and not is_gguf(source):
        raise ConversionFailed(
            f"{source.name} is no GGUF file; give the folder of a Hugging Face model otherwise."
        )
    if source.is_dir():
        # Cheap and safe to read here, and it spares the child's start where the answer is no.
        inspected = inspect_folder(source)
        if adapter:
            inspect_adapter(adapter, read_sizes(inspected.config))
    elif adapter:
        raise ConversionFailed("An adapter is merged into the safetensors of its base; give that folder.")
    into.parent.mkdir(parents=True, exist_ok=True)
    report(Progressed("Converting the model"))
    # The child may be killed at any moment, so what it leaves is cleared away from here.
    scratch = tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent)
    worker = IsolatedWorker(memory=memory)
    try:
        whole = replace(request, source=str(source), into=str(into), adapter=str(adapter or ""))
        if compares and request.quantisation != FLOAT:
            plain = Path(scratch, "plain")
            worker.call(
                convert, replace(whole, into=str(plain), quantisation=FLOAT), scratch, timeout=seconds
            )
            worker.close()
            _quantise(plain, into, request.quantisation, report)
        else:
            worker.call(convert, whole, scratch, timeout=seconds)
    except WorkTimedOut as error:
        raise ConversionFailed(
            f"The conversion took longer than {seconds:,.0f} seconds, so it was stopped."
        ) from error
    except WorkFailed as error:
        raise ConversionFailed(
            f"{source.name} cannot be converted within {memory / MEGABYTE:,.0f} MB of memory: {error}"
        ) from error
    finally:
        worker.close()
        shutil.rmtree(scratch, ignore_errors=True)
    return read_manifest(into)


def _quantise(plain: Path, into: Path, quantisation: str, report: Report) -> None:
    """Make the wanted folder of one in 32 bits, with figures of both."""
    made = plain.with_name("narrow")
    made.mkdir()
    files = open_model(plain)
    quantise_folder(files, made, replace(files.manifest, quantisation=quantisation), report).write(made)
    shutil.rmtree(into, ignore_errors=True)
    made.rename(into)
