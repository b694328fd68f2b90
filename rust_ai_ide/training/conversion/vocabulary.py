"""Tokens by number, and the special ones, out of the tokeniser files of a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.manifest import TOKENISERS, InfillTokens
from rust_ai_ide.training.conversion.errors import ConversionFailed
from rust_ai_ide.training.conversion.inspecting import read_json

SETTINGS = "tokenizer_config.json"
# Prefix, suffix and middle as StarCoder, Qwen, CodeLlama and DeepSeek-Coder call them.
_INFILLS = (
    ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    ("▁<PRE>", "▁<SUF>", "▁<MID>"),
    ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
)


@dataclass(frozen=True)
class Vocabulary:
    """`tokens` in the order of their numbers; `file` is the tokeniser they come from."""

    file: Path
    tokens: tuple[str, ...]
    begin: tuple[str, ...]
    end: tuple[str, ...]
    unknown: str
    infill: InfillTokens | None
    chat_template: str


def read_vocabulary(folder: Path, config: Mapping[str, Any], size: int) -> Vocabulary:
    """Return the vocabulary filled up to the `size` tokens that the network knows. Raises ConversionFailed."""
    file = next((path for name in TOKENISERS if (path := folder / name).is_file()), None)
    if file is None:
        raise ConversionFailed(f"The folder has no tokeniser, neither {' nor '.join(TOKENISERS)}.")
    tokens, unknown = _sentence_pieces(file) if file.suffix == ".model" else _json_tokens(file)
    if len(tokens) > size:
        raise ConversionFailed(f"The tokeniser has {len(tokens):,} tokens and the network knows {size:,}.")
    tokens += [f"<extra_id_{number}>" for number in range(size - len(tokens))]
    if len(set(tokens)) < len(tokens):
        raise ConversionFailed(f"{file.name} has one token under several numbers.")
    settings = read_json(folder / SETTINGS) if (folder / SETTINGS).is_file() else {}
    template = settings.get("chat_template")
    infills = (names for names in _INFILLS if set(names) <= set(tokens))
    return Vocabulary(
        file=file,
        tokens=tuple(tokens),
        begin=_named(config.get("bos_token_id"), tokens) if _begins(settings, config) else (),
        end=_named(config.get("eos_token_id"), tokens),
        unknown=unknown,
        infill=next((InfillTokens(*names) for names in infills), None),
        chat_template=template if isinstance(template, str) else "",
    )


def _begins(settings: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    wanted = settings.get("add_bos_token")
    return wanted if isinstance(wanted, bool) else config.get("model_type") == "llama"


def _named(numbers: Any, tokens: list[str]) -> tuple[str, ...]:
    listed = numbers if isinstance(numbers, list) else [numbers]
    return tuple(tokens[one] for one in listed if type(one) is int and 0 <= one < len(tokens))


def _sentence_pieces(file: Path) -> tuple[list[str], str]:
    from sentencepiece import SentencePieceProcessor

    processor: Any = SentencePieceProcessor()
    try:
        processor.LoadFromSerializedProto(file.read_bytes())
    except (RuntimeError, TypeError, OSError) as error:
        raise ConversionFailed(f"{file.name} is no tokeniser of SentencePiece.") from error
    tokens = [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
    return tokens, tokens[processor.unk_id()] if processor.unk_id() >= 0 else ""


def _json_tokens(file: Path) -> tuple[list[str], str]:
    import tokenizers

    try:
        tokeniser = tokenizers.Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises plain Exception for whatever it does not like
        raise ConversionFailed(f"{file.name} cannot be read as a tokeniser.") from error
    numbers = tokeniser.get_vocab(with_added_tokens=True)
    tokens = [f"<extra_{number}>" for number in range(max(numbers.values(), default=-1) + 1)]
    for token, number in numbers.items():
        tokens[number] = token
    return tokens, str(getattr(tokeniser.model, "unk_token", None) or "")
