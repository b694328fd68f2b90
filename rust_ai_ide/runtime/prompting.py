"""Prompts: how a model wants a text to go on, a hole to fill, or a conversation to answer, in its own tokens."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.runtime.tokens import Tokeniser

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; `role` is "system", "user" or "assistant"."""

    role: str
    content: str


def completion_prompt(manifest: Manifest, tokeniser: Tokeniser, text: str) -> list[str]:
    """Return the tokens of a text to go on."""
    return [*manifest.begin, *tokeniser.encode(text)]


def infill_prompt(
    manifest: Manifest, tokeniser: Tokeniser, before: str, after: str, *, room: int
) -> tuple[list[str], bool]:
    """Return the tokens that ask for what stands between two texts, and whether the texts had to be cut to `room`.

    What is far from the hole is cut: the beginning of `before` and the end of `after`, which gets a third of the
    room at most unless `before` leaves more. Raises InvalidConfig where the model cannot fill holes.
    """
    infill = manifest.infill
    if infill is None:
        raise InvalidConfig(f"{manifest.id} cannot fill in between two texts; send no suffix.", "suffix")
    fixed = len(manifest.begin) + 3
    prefix, suffix = tokeniser.encode(before), tokeniser.encode(after)
    free = max(0, room - fixed)
    kept_after = min(len(suffix), max(free // 3, free - len(prefix)))
    kept_before = min(len(prefix), free - kept_after)
    is_cut = kept_after < len(suffix) or kept_before < len(prefix)
    prefix, suffix = prefix[len(prefix) - kept_before :], suffix[:kept_after]
    if infill.order == "psm":
        parts = [infill.prefix, *prefix, infill.suffix, *suffix, infill.middle]
    else:
        parts = [infill.prefix, infill.suffix, *suffix, infill.middle, *prefix]
    return [*manifest.begin, *parts], is_cut


def chat_prompt(manifest: Manifest, tokeniser: Tokeniser, messages: Sequence[Message]) -> list[str]:
    """Return the tokens of a conversation that the model shall answer.

    Special tokens come from the template alone: the template is rendered around marks, and the texts of the messages
    are put in their places as plain text. Raises InvalidConfig where the model does not chat.
    """
    if not manifest.chat_template:
        raise InvalidConfig(
            f"{manifest.id} completes code and does not chat; choose an instruction model.", "model"
        )
    key = secrets.token_hex(8)
    marks = [f"{key}-{number}-" for number in range(len(messages))]
    turns = [{"role": m.role, "content": mark} for m, mark in zip(messages, marks, strict=True)]
    rendered = _render(manifest, turns)
    specials = sorted((special for special in tokeniser.specials if special), key=len, reverse=True)
    split = re.compile("|".join([rf"{key}-\d+-", *map(re.escape, specials)]))
    tokens: list[str] = []
    end = 0
    for found in split.finditer(rendered):
        tokens += tokeniser.encode(rendered[end : found.start()])
        if found[0].startswith(key):
            tokens += tokeniser.encode(messages[marks.index(found[0])].content)
        else:
            tokens.append(found[0])
        end = found.end()
    return tokens + tokeniser.encode(rendered[end:])


def _render(manifest: Manifest, turns: list[dict[str, str]]) -> str:
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    begin = manifest.begin[0] if manifest.begin else ""
    end = manifest.stop[0] if manifest.stop else ""
    try:
        template = environment.from_string(manifest.chat_template)
        return template.render(messages=turns, bos_token=begin, eos_token=end, add_generation_prompt=True)
    except (TemplateError, TypeError, ValueError) as error:
        raise InvalidConfig(f"The chat template of {manifest.id} fails: {error}.", "chat_template") from error
