"""What a training changed, clipped, made noisy and encrypted: kept on this machine, and added to its base on demand.

This is not differential privacy and gives no epsilon: the noise is added once at the end, to a sum over all files that
nothing bounds file by file. It blurs, and the encryption keeps what lies on the disk from others.
"""

import io
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.runtime.manifest import WEIGHTS, Manifest, read_manifest
from rust_ai_ide.runtime.sealing import NotOpened, seal, unseal, write_durably
from rust_ai_ide.runtime.weight_key import key_id, read_key, read_or_make_key
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.finetuning.base import read_base
from rust_ai_ide.training.finetuning.exporting import add_card, write_version
from rust_ai_ide.training.finetuning.locking import only_one
from rust_ai_ide.training.privacy.errors import PrivacyRefused, UpdateUnusable
from rust_ai_ide.training.twin import twin

NAME = "update.sealed"
LABEL = "update.json"
NOTE = (
    "Clipped and made noisy once, after the training: this is not differential privacy and gives no epsilon."
)
_MODEL = "model"
_METADATA = "update"


@dataclass(frozen=True)
class Update:
    """What is said of an update: the base that it is added to, and how it was made.

    `weights` numbers are changed. Their length was `norm`; it was clipped to `clip`, and noise was added that is
    `noise * clip` long on average. `key` names the key that opens it.
    """

    base: str
    base_sha256: str
    weights: int
    norm: float
    clip: float
    noise: float
    key: str
    note: str = NOTE


def save_update(folder: Path, clip: float, noise: float) -> Update:
    """Write what the fine-tuning in a folder changed into it, encrypted, with a label that can be read.

    Raises PrivacyRefused, UpdateUnusable, ModelNotFound, KeyUnusable, InvalidConfig or TrainingNotInstalled.
    """
    _check(clip, noise)
    if not (folder / _MODEL).is_dir():
        raise UpdateUnusable(f"{folder} holds no finished fine-tuning; train into it first.")
    place, base = find_model(read_manifest(folder / _MODEL).base_model)
    changes = _changes(place, folder / _MODEL)
    norm = math.sqrt(sum(float(change.square().sum()) for change in changes.values()))
    weights = sum(change.numel() for change in changes.values())
    _blur(changes, min(1.0, clip / norm) if norm else 1.0, noise * clip / math.sqrt(max(1, weights)))
    key = read_or_make_key()
    update = Update(base.id, base.files[WEIGHTS].sha256, weights, norm, clip, noise, key_id(key))
    content = require("safetensors.torch").save(changes, {_METADATA: json.dumps(asdict(update))})
    with only_one(folder):
        _write(folder, content, key)
        (folder / LABEL).write_text(json.dumps(asdict(update), indent=1) + "\n", encoding="utf-8")
    return update


def read_update(folder: Path) -> tuple[Update, dict[str, Any]]:
    """Return the update in a folder, and what it adds by the name of the weight. Raises UpdateUnusable, KeyUnusable."""
    path = folder / NAME
    if not path.is_file():
        raise UpdateUnusable(f"{folder} holds no update; write one with --clip and --noise.")
    try:
        with path.open("rb") as sealed:
            content = b"".join(unseal(sealed, NAME, read_key()))
        size = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8 : 8 + size])["__metadata__"]
        return Update(**json.loads(metadata[_METADATA])), require("safetensors.torch").load(content)
    except NotOpened as error:
        raise UpdateUnusable(
            f"{path} does not open: it is damaged, or was written with another key; write it again."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UpdateUnusable(
            f"{path} is no update of this version of the product; write it again."
        ) from error


def apply_update(folder: Path, into: Path) -> Manifest:
    """Write base and update together as a model folder, in 8 bits, and return its manifest.

    Raises UpdateUnusable, KeyUnusable, ModelNotFound, ExportFailed or TrainingNotInstalled.
    """
    update, changes = read_update(folder)
    place, manifest = find_model(update.base)
    if manifest.files[WEIGHTS].sha256 != update.base_sha256:
        raise UpdateUnusable(f"{update.base} has other weights than the update was made for.")
    if into.exists():
        raise UpdateUnusable(f"{into} exists already; choose another folder.")
    base = read_base(place)
    network = added(twin(place), changes)
    into.parent.mkdir(parents=True, exist_ok=True)
    write_version(network, base, "files that a stored update stands for", into)
    return add_card(
        into,
        f"# {manifest.name}\n\n{update.base} with a stored update of {update.weights:,} weights, clipped to a length "
        f"of {update.clip:g}, with noise of {update.noise:g} times that.\n\n{update.note}\n",
    )


def added(network: Any, changes: Mapping[str, Any]) -> Any:
    """Return the network with the changes added in place. Raises UpdateUnusable where they do not fit."""
    weights = dict(network.named_parameters())
    with require("torch").no_grad():
        for name, change in changes.items():
            if name not in weights or weights[name].shape != change.shape:
                raise UpdateUnusable(
                    f"The update does not fit its base: there is no {name[:80]} of that size."
                )
            weights[name] += change
    return network


def _check(clip: float, noise: float) -> None:
    if not (math.isfinite(clip) and clip > 0):
        raise PrivacyRefused(f"clip is {clip:g}: Choose a length above 0.")
    if not (math.isfinite(noise) and noise > 0):
        raise PrivacyRefused(f"noise is {noise:g}: Choose a share of the clip above 0.")


def _changes(base: Path, result: Path) -> dict[str, Any]:
    """Return what was added to each weight that is not the same; weights that are shared count once."""
    before = dict(twin(base).named_parameters())
    after = twin(result).named_parameters()
    found = {name: (weight - before[name]).detach().contiguous() for name, weight in after}
    return {name: change for name, change in found.items() if bool(change.any())}


def _blur(changes: dict[str, Any], scale: float, deviation: float) -> None:
    torch = require("torch")
    generator = torch.Generator()
    generator.seed()
    for name, change in changes.items():
        noise = torch.normal(0.0, deviation, change.shape, generator=generator)
        changes[name] = change * scale + noise


def _write(folder: Path, content: bytes, key: bytes) -> None:
    waiting = folder / f"{NAME}.new"
    try:
        with waiting.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            write_durably(seal(io.BytesIO(content), NAME, key), file)
        waiting.replace(folder / NAME)
    except OSError as error:
        waiting.unlink(missing_ok=True)
        raise UpdateUnusable(f"{folder / NAME} cannot be written: {error.strerror}.") from error
