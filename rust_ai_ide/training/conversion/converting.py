"""The work of a conversion, which runs in a child process: loads weights as 32-bit numbers, writes them quantised."""

import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rust_ai_ide.runtime.manifest import Manifest, record_files
from rust_ai_ide.runtime.quantisations import QUANTISATION
from rust_ai_ide.runtime.tokens import JsonTokeniser, SentencePieceTokeniser
from rust_ai_ide.training.conversion.adapters import TEXT, merge_adapter
from rust_ai_ide.training.conversion.errors import ConversionFailed
from rust_ai_ide.training.conversion.gguf_files import inspect_gguf, is_gguf, tokeniser_files
from rust_ai_ide.training.conversion.inspecting import inspect_folder, read_sizes
from rust_ai_ide.training.conversion.vocabulary import Vocabulary, read_vocabulary
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.network import parameters


@dataclass(frozen=True)
class Request:
    """What to convert, a folder or a GGUF file, and what the model folder is to say of it.

    `adapter` is the folder of a LoRA adapter to merge.
    """

    source: str
    into: str
    name: str
    version: str
    licence: str
    origin: str = ""
    quantisation: str = QUANTISATION
    adapter: str = ""


def convert(request: Request, scratch: str) -> None:
    """Make the model folder in the empty folder `scratch`, move it to its place. Raises ConversionFailed."""
    # Nothing is ever fetched: what the folder lacks is an error.
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"})
    source, into = Path(request.source), Path(request.into)
    made, read = Path(scratch, "made"), Path(scratch, "read")
    made.mkdir()
    if is_gguf(source):
        packed = inspect_gguf(source)
        network = _load(source.parent, gguf_file=source.name)
        # What CTranslate2 takes for a method of quantisation is only where the weights came from.
        network.config.quantization_config = None
        tokeniser_files(source, read)
        origin = f"imported from {source.name} ({packed}), re-quantised"
    else:
        inspect_folder(source)
        network = _load(source, use_safetensors=True)
        read = source
        origin = f"imported from {source.name}"
    origin = request.origin or origin
    if request.adapter:
        adapter = Path(request.adapter)
        network = merge_adapter(network, adapter, _numbers(TEXT, _vocabulary(network, read)))
        origin += f", merged with the adapter {adapter.name}"
    manifest = _write(network, read, made, request)
    replace(manifest, origin=origin).write(made)
    shutil.rmtree(into, ignore_errors=True)
    made.rename(into)


def _load(folder: Path, **how: Any) -> Any:
    torch, transformers = require("torch"), require("transformers")
    torch.set_num_threads(1)
    try:
        network, info = transformers.AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
            **how,
        )
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever its parts raise
        if "not enough memory" in str(error) or "alloc" in str(error):
            raise MemoryError from error
        raise ConversionFailed(
            f"The weights cannot be loaded: {' '.join(str(error).split())[:160]}."
        ) from error
    # Transformers fills weights that a file lacks with random numbers, and goes on.
    lacking = sorted(info["missing_keys"])
    if lacking:
        raise ConversionFailed(
            f"The files lack {len(lacking)} weights that config.json asks for, such as {lacking[0]}."
        )
    return network.eval()


def _write(network: Any, folder: Path, made: Path, request: Request) -> Manifest:
    from ctranslate2.converters.transformers import _MODEL_LOADERS

    config = network.config.to_dict()
    sizes = read_sizes(config)
    vocabulary = _vocabulary(network, folder)
    count = parameters(network)
    with require("torch").no_grad():
        spec = _MODEL_LOADERS[type(network.config).__name__](network, _stand_in(vocabulary))
    spec.validate()
    spec.optimize(quantization=request.quantisation)
    spec.save(str(made))
    shutil.copyfile(vocabulary.file, made / vocabulary.file.name)
    return Manifest(
        name=request.name,
        version=request.version,
        family=str(config["model_type"]),
        licence=request.licence,
        context_length=sizes["context"],
        quantisation=request.quantisation,
        base_model=Path(request.source).name,
        parameters=count,
        begin=vocabulary.begin,
        stop=vocabulary.end,
        infill=vocabulary.infill,
        chat_template=vocabulary.chat_template,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        files=record_files(made),
    )


def _vocabulary(network: Any, folder: Path) -> Vocabulary:
    known = int(network.get_input_embeddings().num_embeddings)
    return read_vocabulary(folder, network.config.to_dict(), known)


def _numbers(text: str, vocabulary: Vocabulary) -> list[int]:
    """Return the numbers of the tokens of a text."""
    numbers = {token: number for number, token in enumerate(vocabulary.tokens)}
    data = vocabulary.file.read_bytes()
    is_pieces = vocabulary.file.suffix == ".model"
    tokeniser = SentencePieceTokeniser(data) if is_pieces else JsonTokeniser(data)
    return [numbers[token] for token in (*vocabulary.begin, *tokeniser.encode(text)) if token in numbers]


def _stand_in(vocabulary: Vocabulary) -> SimpleNamespace:
    """Return what CTranslate2's loaders ask a tokeniser of Transformers for."""
    numbers = {token: number for number, token in enumerate(vocabulary.tokens)}
    return SimpleNamespace(
        get_vocab=lambda: numbers,
        bos_token=next(iter(vocabulary.begin), vocabulary.end[0] if vocabulary.end else ""),
        eos_token=next(iter(vocabulary.end), ""),
        unk_token=vocabulary.unknown,
    )
