"""Makes another version of a model, its weights in a narrower type, with a report of what that changed.

From 8 bits there is no way: the floats they were made of are gone.
"""

import importlib.util
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Cancelled, Progressed, Report, Warned, ignore
from rust_ai_ide.runtime.comparing import measure_figures
from rust_ai_ide.runtime.errors import InvalidConfig, OutOfMemory
from rust_ai_ide.runtime.figures import Figures
from rust_ai_ide.runtime.files import ModelFiles, open_model
from rust_ai_ide.runtime.library import (
    check_identifier,
    find_model,
    link_or_copy,
    own_folder,
    register_folder,
)
from rust_ai_ide.runtime.manifest import NAME, WEIGHTS, Manifest, record_files, sealed_name
from rust_ai_ide.runtime.memory import FLOAT, memory_available
from rust_ai_ide.runtime.quantisations import BITS, EVERYWHERE, check_quantisation
from rust_ai_ide.runtime.specifications import write_quantised
from rust_ai_ide.runtime.weights import read_shapes
from rust_ai_ide.source.isolation import IsolatedWorker

FLOATS = ("float32", "float16", "bfloat16")
SECONDS = 1800.0
ADDRESS_SPACE = 8 * 1024**3
"""What a child may map beyond the weights, for the libraries."""


def quantise_model(wanted: str, quantisation: str, version: str, report: Report = ignore) -> Manifest:
    """Add a version of a model with weights of the type `quantisation`, and return its manifest.

    Both are measured; where that fails the version is added without figures. Raises ModelNotFound, InvalidConfig,
    OutOfMemory, WorkFailed.
    """
    folder, manifest = find_model(wanted)
    check_quantisable(folder, manifest, quantisation)
    check_identifier(manifest.name, version)
    scratch = Path(tempfile.mkdtemp(prefix=f".{manifest.name}-", dir=own_folder()))
    try:
        wanted_manifest = replace(
            manifest,
            version=version,
            quantisation=quantisation,
            origin=f"quantised from {manifest.id}",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        made = quantise_folder(open_model(folder, manifest), scratch, wanted_manifest, report)
        return register_folder(scratch, made)
    except OSError as error:
        raise InvalidConfig(f"{manifest.name}@{version} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_quantisable(folder: Path, manifest: Manifest, quantisation: str) -> None:
    """Raise InvalidConfig where the weights of a folder cannot be written in that type."""
    check_quantisation(quantisation)
    if (folder / sealed_name(WEIGHTS)).exists():
        raise InvalidConfig(f"{manifest.id} is encrypted; decrypt it first.", "model")
    stored = read_shapes(folder).weight_type
    if stored not in FLOATS:
        raise InvalidConfig(
            f"The weights of {manifest.id} are stored as {stored}, and what that rounded away is gone: "
            "convert the original again, with the type you want.",
            "model",
        )
    if BITS[quantisation] >= BITS[stored]:
        raise InvalidConfig(
            f"The weights of {manifest.id} are stored as {stored}; {quantisation} would be no smaller.",
            "quantisation",
        )
    if quantisation == "bfloat16" and importlib.util.find_spec("torch") is None:
        raise InvalidConfig("bfloat16 needs PyTorch: make install-train.", "quantisation")


def narrower(folder: Path) -> tuple[str, ...]:
    """Return the smaller types that the weights of a folder can be written in, wherever they are then computed with.

    There are none where the weights are encrypted or have 8 bits.
    """
    stored = read_shapes(folder).weight_type
    if stored not in FLOATS or (folder / sealed_name(WEIGHTS)).exists():
        return ()
    return tuple(name for name in EVERYWHERE if BITS[name] < BITS[stored])


def quantise_folder(files: ModelFiles, into: Path, manifest: Manifest, report: Report) -> Manifest:
    """Write the files of `manifest` into the empty folder `into`, but not the manifest; return it with both's figures.

    Raises OutOfMemory and WorkFailed.
    """
    for name in files.manifest.files:
        if name not in {WEIGHTS, NAME}:
            link_or_copy((files.folder / name).resolve(), into / name)
    report(Progressed(f"Writing the weights as {manifest.quantisation}"))
    # The arrays, which numpy holds in 32 bits where it knows no narrower type, and what is made of them.
    needed = FLOAT * read_shapes(files.folder).parameters + files.manifest.files[WEIGHTS].size
    if needed > (available := memory_available(0)):
        raise OutOfMemory(f"Quantising {files.manifest.id}", needed, available)
    worker = IsolatedWorker(memory=needed + ADDRESS_SPACE)
    try:
        worker.call(write_quantised, str(files.folder), str(into), manifest.quantisation, timeout=SECONDS)
    finally:
        worker.close()
    made = replace(manifest, files=record_files(into), figures=())
    return replace(made, figures=_both(files, ModelFiles(into, made), report))


def _both(before: ModelFiles, after: ModelFiles, report: Report) -> tuple[Figures, ...]:
    found: list[Figures] = []
    try:
        for files in (before, after):
            report(Progressed(f"Measuring it as {files.manifest.quantisation}", len(found), 2))
            found.append(measure_figures(files))
    except Cancelled:
        raise
    except RustAiIdeError as error:
        report(Warned(f"It was not measured: {error}"))
        return ()
    report(Progressed("Measured both", 2, 2))
    return tuple(found)
