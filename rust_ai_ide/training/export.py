"""From a trained network to a model folder: weights for CTranslate2 in 8 bits, tokeniser, card and manifest."""

import copy
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.manifest import InfillTokens, Manifest, record_files
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import family_of_network
from rust_ai_ide.training.network import parameters
from rust_ai_ide.training.samples import PATH_HEADER
from rust_ai_ide.training.tokeniser import BEGIN, END, MIDDLE, PREFIX, SUFFIX, UNKNOWN, CodeTokeniser

QUANTISATION = "int8"
TOKENISER = "tokenizer.model"
CARD = "README.md"


class ExportFailed(RustAiIdeError):
    """The network cannot be written as a model folder."""


@dataclass(frozen=True)
class Description:
    """What the manifest says of a model besides its files; `card` is the text of its `README.md`."""

    name: str
    version: str
    licence: str
    origin: str
    created: str
    card: str
    base_model: str = ""


def write_weights(
    network: Any, pieces: Sequence[str], folder: Path, quantisation: str = QUANTISATION
) -> None:
    """Write `model.bin`, `config.json` and the vocabulary of a network; token n is `pieces[n]`. Raises ExportFailed.

    CTranslate2's own loader makes the specification, so no tokeniser of Transformers is needed.
    """
    torch = require("torch")
    if network.config.vocab_size != len(pieces):
        raise ExportFailed(
            f"The network knows {network.config.vocab_size:,} tokens and the tokeniser {len(pieces):,}."
        )
    with torch.no_grad():
        # The loader takes the network apart as it goes.
        spec = family_of_network(network).specification(copy.deepcopy(network).cpu().float())
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = BEGIN, END, UNKNOWN
    spec.register_vocabulary(list(pieces))
    spec.validate()
    spec.optimize(quantization=quantisation)
    spec.save(str(folder))


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `folder` at the end, in place of an older one; after an error it is gone."""
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield scratch
        scratch.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_model(network: Any, tokeniser_file: Path, description: Description, folder: Path) -> Manifest:
    """Write a whole model folder and return its manifest; an older folder there is replaced. Raises ExportFailed."""
    tokeniser = CodeTokeniser(tokeniser_file)
    with replacing(folder) as scratch:
        write_weights(network, tokeniser.pieces(), scratch)
        shutil.copyfile(tokeniser_file, scratch / TOKENISER)
        (scratch / CARD).write_text(description.card, encoding="utf-8")
        manifest = Manifest(
            name=description.name,
            version=description.version,
            family=family_of_network(network).name,
            licence=description.licence,
            context_length=int(network.config.max_position_embeddings),
            quantisation=QUANTISATION,
            parameters=parameters(network),
            begin=(BEGIN,),
            stop=(END,),
            infill=InfillTokens(PREFIX, SUFFIX, MIDDLE, "spm"),
            path_header=PATH_HEADER,
            base_model=description.base_model,
            origin=description.origin,
            created=description.created,
        )
        manifest = replace(manifest, files=record_files(scratch))
        manifest.write(scratch)
    return manifest
