"""Text to tokens and back, by SentencePiece or by a Hugging Face `tokenizer.json`, one token at a time if need be.

Text of users never becomes a special token: only prompts built here, and the templates of a model, hold those.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.files import ModelFiles, open_model
from rust_ai_ide.runtime.manifest import TOKENISERS

PIECES, JSON = TOKENISERS
MOST_BYTES = 64 * 1024 * 1024
INCOMPLETE = "�"


class Tokeniser(Protocol):
    """Turns text into the tokens of one model."""

    specials: frozenset[str]

    def encode(self, text: str) -> list[str]:
        """Return the tokens of plain text."""

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of tokens; special tokens have none."""


class SentencePieceTokeniser:
    """A `tokenizer.model` of SentencePiece."""

    def __init__(self, data: bytes) -> None:
        from sentencepiece import SentencePieceProcessor

        self._processor: Any = SentencePieceProcessor()
        try:
            self._processor.LoadFromSerializedProto(data)
        except (RuntimeError, TypeError) as error:
            raise InvalidConfig(f"{PIECES} is no tokeniser of SentencePiece.", PIECES) from error
        count = range(self._processor.get_piece_size())
        self.specials = frozenset(
            self._processor.id_to_piece(i)
            for i in count
            if self._processor.is_control(i) or self._processor.is_unknown(i)
        )

    def encode(self, text: str) -> list[str]:
        """Return the tokens of plain text."""
        return list(self._processor.encode(text, out_type=str))

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of tokens; special tokens have none."""
        return str(self._processor.decode([token for token in tokens if token not in self.specials]))


class JsonTokeniser:
    """A `tokenizer.json` of Hugging Face, as StarCoder and GPT-2 have it."""

    def __init__(self, data: bytes) -> None:
        import tokenizers

        try:
            self._tokenizer = tokenizers.Tokenizer.from_buffer(data)
        except Exception as error:  # the library raises plain Exception for whatever it does not like
            raise InvalidConfig(f"{JSON} is no tokeniser: {str(error)[:120]}.", JSON) from error
        self._tokenizer.encode_special_tokens = True
        added = self._tokenizer.get_added_tokens_decoder().values()
        self.specials = frozenset(token.content for token in added if token.special)

    def encode(self, text: str) -> list[str]:
        """Return the tokens of plain text."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).tokens)

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of tokens; special tokens have none."""
        ids = (self._tokenizer.token_to_id(token) for token in tokens if token not in self.specials)
        return str(self._tokenizer.decode([number for number in ids if number is not None]))


def load_tokeniser(folder: Path) -> Tokeniser:
    """Return the tokeniser of a model folder. Raises InvalidConfig."""
    return tokeniser_of(open_model(folder))


def tokeniser_of(files: ModelFiles) -> Tokeniser:
    """Return the tokeniser of an opened model. Raises InvalidConfig."""
    if PIECES in files.manifest.files:
        return SentencePieceTokeniser(_bytes(files, PIECES))
    return JsonTokeniser(_bytes(files, JSON))


def _bytes(files: ModelFiles, name: str) -> bytes:
    record = files.manifest.files[name]
    if record.size > MOST_BYTES:
        raise InvalidConfig(f"{name} is larger than a tokeniser can be.", name)
    try:
        return bytes(files.read(name))
    except OSError as error:
        raise InvalidConfig(f"{name} cannot be read: {error.strerror}.", name) from error


class TextStream:
    """Text out of tokens as they come: a character whose bytes are not complete waits for its last token.

    `before` are the last tokens of the prompt, for tokenisers that write a space only between words.
    """

    def __init__(self, tokeniser: Tokeniser, before: Sequence[str]) -> None:
        self._tokeniser = tokeniser
        self._tokens = list(before)[-6:]
        self._from = 0
        self._read = len(self._tokens)

    def push(self, token: str) -> str:
        """Return the text that this token completes, which may be none."""
        self._tokens.append(token)
        return self._new(is_last=False)

    def end(self) -> str:
        """Return what is left, complete or not."""
        return self._new(is_last=True)

    def _new(self, *, is_last: bool) -> str:
        known = self._tokeniser.decode(self._tokens[self._from : self._read])
        text = self._tokeniser.decode(self._tokens[self._from :])
        if len(text) <= len(known) or (text.endswith(INCOMPLETE) and not is_last):
            return ""
        self._from, self._read = self._read, len(self._tokens)
        return text[len(known) :]


class StopTexts:
    """Holds back text that may be the beginning of a stop text, and cuts at the first that is complete."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = stops
        self._held = ""
        self.reached = False

    def push(self, text: str) -> str:
        """Return what of the text so far can be shown."""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self.reached = True
            shown, self._held = self._held[: min(places)], ""
            return shown
        kept = max((self._beginning(stop) for stop in self._stops), default=0)
        cut = len(self._held) - kept
        shown, self._held = self._held[:cut], self._held[cut:]
        return shown

    def end(self) -> str:
        """Return what was held back in vain."""
        shown, self._held = self._held, ""
        return shown

    def _beginning(self, stop: str) -> int:
        for length in range(min(len(stop) - 1, len(self._held)), 0, -1):
            if self._held.endswith(stop[:length]):
                return length
        return 0
