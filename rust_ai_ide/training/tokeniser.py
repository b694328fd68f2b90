"""Trains the tokeniser of a code model: byte-pair merges of SentencePiece that give every text back as it was.

Kudo and Richardson, "SentencePiece" (2018). A line feed and the indentation after it are one token; what has no token
of its own is written in bytes.
"""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError

UNKNOWN, BEGIN, END, PAD = "<unk>", "<s>", "</s>", "<pad>"
PREFIX, SUFFIX, MIDDLE, PATH = "<|prefix|>", "<|suffix|>", "<|middle|>", "<|path|>"
CONTROL = (PREFIX, SUFFIX, MIDDLE, PATH)
SPACE = "▁"
_DEEPEST = 10
_TAB = 4
INDENTS = (
    *("\n" + SPACE * _TAB * depth for depth in range(_DEEPEST + 1)),
    *("\n" + "\t" * depth for depth in range(1, 6)),
    *(SPACE * width for width in (2, 4, 8, 16)),
    "\t",
)
_FEWEST_PIECES = 256 + len(INDENTS) + len(CONTROL) + 4 + 128
_SAMPLE_CHARACTERS = 30_000_000


class TokeniserUnusable(RustAiIdeError):
    """The tokeniser cannot be trained on these texts, or does not give a text back."""


def train_tokeniser(texts: Iterable[str], file: Path, size: int = 8192) -> None:
    """Train on the texts and write `tokenizer.model`. Raises TokeniserUnusable.

    The texts are shown in lines, because merges across lines are not wanted and SentencePiece holds whole sentences.
    Merges of letters with punctuation are not wanted either: who completes stops between the two.
    """
    from sentencepiece import SentencePieceTrainer

    if size < _FEWEST_PIECES:
        raise TokeniserUnusable(f"A vocabulary needs at least {_FEWEST_PIECES} tokens, not {size}.")
    model = io.BytesIO()
    try:
        SentencePieceTrainer.train(
            sentence_iterator=_lines(texts),
            model_writer=model,
            model_type="bpe",
            vocab_size=size,
            hard_vocab_limit=False,
            byte_fallback=True,
            character_coverage=0.9998,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            add_dummy_prefix=False,
            allow_whitespace_only_pieces=True,
            split_by_unicode_script=True,
            split_digits=True,
            max_sentencepiece_length=16,
            max_sentence_length=100_000,
            control_symbols=list(CONTROL),
            user_defined_symbols=list(INDENTS),
            unk_id=0,
            bos_id=1,
            eos_id=2,
            pad_id=3,
            unk_piece=UNKNOWN,
            bos_piece=BEGIN,
            eos_piece=END,
            pad_piece=PAD,
            num_threads=2,
            minloglevel=2,
        )
    except (RuntimeError, OSError) as error:
        raise TokeniserUnusable(
            f"No tokeniser can be trained on these texts: {str(error)[-200:]}."
        ) from error
    file.write_bytes(model.getvalue())


class CodeTokeniser:
    """Text to numbers and back; `size` counts all tokens, special ones included."""

    def __init__(self, file: Path) -> None:
        """Read a `tokenizer.model`. Raises TokeniserUnusable."""
        from sentencepiece import SentencePieceProcessor

        self._processor: Any = SentencePieceProcessor()
        try:
            self._processor.LoadFromSerializedProto(file.read_bytes())
        except (OSError, RuntimeError, TypeError) as error:
            raise TokeniserUnusable(f"{file.name} is no tokeniser of SentencePiece.") from error
        self.size = int(self._processor.get_piece_size())
        number = self._processor.piece_to_id
        self.begin, self.end, self.pad = number(BEGIN), number(END), number(PAD)
        self.prefix, self.suffix, self.middle = number(PREFIX), number(SUFFIX), number(MIDDLE)
        self.cuts = (self.prefix, self.suffix, self.middle)

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without any special token."""
        return list(self._processor.encode(text, out_type=int))

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; special ones have none."""
        return str(self._processor.decode(list(tokens)))

    def pieces(self) -> list[str]:
        """Return the names of all tokens in the order of their numbers."""
        return [str(self._processor.id_to_piece(number)) for number in range(self.size)]

    def check_round_trip(self, texts: Iterable[str]) -> int:
        """Return the number of tokens of the texts. Raises TokeniserUnusable where one does not come back as it was."""
        count = 0
        for text in texts:
            tokens = self.encode(text)
            if self.decode(tokens) != text:
                raise TokeniserUnusable(f"The tokeniser changes a text that begins with {text[:40]!r}.")
            count += len(tokens)
        return count


def _lines(texts: Iterable[str]) -> Iterable[str]:
    shown = 0
    for text in texts:
        shown += len(text)
        if shown > _SAMPLE_CHARACTERS:
            return
        yield from (bare for line in text.split("\n") if (bare := line.lstrip(" \t")))
