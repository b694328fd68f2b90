"""Chooses among what could stand at the cursor: what the model writes, what the project repeats, what is in scope.

Everything proposes at once and is ranked by how likely it is right; what is not likely enough is not shown, because a
wrong suggestion costs more than none. A long repetition is sure without asking the model.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from rust_ai_ide.runtime.completion.adapting import propose_by_adapting
from rust_ai_ide.runtime.completion.copying import IDENTIFIER, Proposal, propose_by_copying
from rust_ai_ide.runtime.completion.gates import drop_overlap_with_suffix, keeps_syntax, trim_to_line
from rust_ai_ide.runtime.completion.identifiers import propose_identifiers
from rust_ai_ide.runtime.completion.project_text import ProjectText
from rust_ai_ide.runtime.completion.ranking import MODEL, ModelLine, ranked

_CLOSING = {"(": ")", "[": "]", "{": "}"}
LEAST_PROBABLE = 0.3
"""How likely the best line must be right to be shown."""
SURE = 0.7
"""How likely a copied line must be right, as far as the text alone tells, to be shown without asking a model."""
LEAST_LIKELY = -0.3
"""The mean log-probability of a token below which a line of the model is not shown while it is written.

On 700 places in five crates the shipped model's line was right in 79 % of the cases above -0.1, in 35 % from there to
-0.3, in 14 % from there to -0.5, and hardly ever below.
"""
MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown, "" for nothing, and what else there is.

    `source` is "model", "this file", "other file" or "identifier"; `probability` is how likely a whole line is right, 0
    where none is shown.
    """

    text: str
    source: str
    alternatives: tuple[str, ...] = ()
    probability: float = 0.0


def propose(before: str, after: str, project: ProjectText | None = None) -> list[Proposal]:
    """Return what the open file and its project propose: lines by the length of their match, then identifiers."""
    found: dict[str, Proposal] = {}
    proposals = [
        *propose_by_copying(before, after, project),
        *propose_by_adapting(before, after),
        *propose_identifiers(before, after),
    ]
    for one in proposals:
        text = fitted(one.text, after)
        if text.strip():
            found.setdefault(text, replace(one, text=text))
    return list(found.values())


def sure(path: str, before: str, after: str, proposals: Sequence[Proposal]) -> Choice | None:
    """Return the line that needs no model, if there is one."""
    lines = ranked(proposals, None, before)
    if lines and lines[0][0] >= SURE and is_sound(path, lines[0][1].text, before, after):
        return _choice(path, before, after, lines, proposals)
    return None


def choose(
    path: str, before: str, after: str, written: str, likelihood: float, proposals: Sequence[Proposal]
) -> Choice:
    """Return what is shown once the model has written, "" and minus infinity where none could.

    It is the likeliest line where that is likely enough, else the model's own where the model finds it likely, since
    another model may be better than the one the ranking was fitted with, else an identifier that completes what is
    being typed.
    """
    line = fitted(written, after)
    model_line = ModelLine(line, likelihood) if line.strip() else None
    lines = ranked(proposals, model_line, before)
    is_trusted = model_line is not None and likelihood >= LEAST_LIKELY
    return _choice(path, before, after, lines, proposals, trusted=line if is_trusted else "")


def fitted(text: str, after: str) -> str:
    """Return the line of a text without what stands after the cursor anyway."""
    return drop_overlap_with_suffix(trim_to_line(text), after)


def is_sound(path: str, line: str, before: str, after: str) -> bool:
    """Tell whether a line keeps the syntax of its file, as far as that is known."""
    return not path.endswith(".rs") or keeps_syntax(before, line, after[replaced(line, after) :])


def replaced(line: str, after: str) -> int:
    """Return how many brackets after the cursor a line closes itself, so that taking it replaces them.

    An editor that closes brackets has put them there: `a: u8) {` before `)` replaces the `)`.
    """
    waiting: list[str] = []
    closed = ""
    for character in line:
        if character in _CLOSING:
            waiting.append(_CLOSING[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
        elif character in _CLOSING.values():
            closed += character
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(closed, after, strict=False)))


def _choice(
    path: str,
    before: str,
    after: str,
    lines: Sequence[tuple[float, Proposal]],
    proposals: Sequence[Proposal],
    trusted: str = "",
) -> Choice:
    """Return the first sound one that is likely enough or trusted, with the next sound ones as alternatives."""
    likely = [(chance, one) for chance, one in lines if chance >= LEAST_PROBABLE]
    unlikely = [(chance, one) for chance, one in lines if chance < LEAST_PROBABLE]
    kept = [(chance, one) for chance, one in unlikely if one.text == trusted]
    names = [(0.0, one) for one in proposals if one.source == IDENTIFIER]
    others = [(chance, one) for chance, one in unlikely if one.text != trusted]
    sound = _sound(path, before, after, [*likely, *kept, *names, *others])
    if not sound or sound[0] in others:
        return Choice("", MODEL)
    (chance, best), *rest = sound
    return Choice(best.text, best.source, tuple(one.text for _, one in rest), chance)


def _sound(
    path: str, before: str, after: str, lines: Iterable[tuple[float, Proposal]]
) -> list[tuple[float, Proposal]]:
    """Return the first few lines that keep the syntax: parsing all of them would take too long."""
    found: list[tuple[float, Proposal]] = []
    for chance, one in lines:
        if is_sound(path, one.text, before, after):
            found.append((chance, one))
        if len(found) > MOST_ALTERNATIVES:
            break
    return found
