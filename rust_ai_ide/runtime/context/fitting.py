"""Fits candidates into a budget of tokens: the most relevant first, what is too large shortened or passed over.

This is a knapsack filled greedily. The usual order for one, by value per token, would need values that fall as steeply
as usefulness does. Fused scores are flat: by score per token many small, doubtful pieces push out the one that is
needed, which then was in the context about half as often.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rust_ai_ide.runtime.context.pieces import (
    Context,
    CountTokens,
    Dropped,
    Piece,
    Why,
    container_line,
    path_line,
    rendered,
)

LEAST_SHARE = 0.05
"""A piece with less than this share of the best piece's score is not worth its tokens."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that could be sent. `piece` is its usual form; `shorter` the same without documentation.

    `within` are the numbers of candidates that hold this one in them; `span` is where it lies in its file, in bytes.
    """

    piece: Piece
    shorter: str
    span: tuple[int, int]
    within: tuple[int, ...] = ()


def fit(
    candidates: Sequence[Candidate], budget: int, count_tokens: CountTokens, candidates_tokens: int
) -> Context:
    """Choose what is sent. Every candidate ends up in `sent` or `dropped`, once."""
    knapsack = _Knapsack(candidates, budget, count_tokens)
    knapsack.fill()
    return knapsack.context(candidates_tokens)


class _Knapsack:
    def __init__(self, candidates: Sequence[Candidate], budget: int, count_tokens: CountTokens) -> None:
        self._candidates, self._budget, self._count = candidates, budget, count_tokens
        self._sent: dict[int, Piece] = {}
        self._why: dict[int, Why] = {}
        self._used = 0
        self._opened: set[tuple[str, str]] = set()  # paths and containers whose lines are paid for
        self._heads: dict[str, int] = {}
        best = max((one.piece.score for one in candidates), default=0.0)
        self._least = best * LEAST_SHARE
        self._order = sorted(range(len(candidates)), key=lambda number: -candidates[number].piece.score)

    def fill(self) -> None:
        for number in self._order:
            one = self._candidates[number]
            if one.piece.score < self._least:
                self._why[number] = Why.LESS_RELEVANT
            elif any(holder in self._sent for holder in one.within):
                self._why[number] = Why.CONTAINED
            elif not self._take(number, one.piece) and not (
                one.shorter and self._take(number, self._short(one))
            ):
                self._why[number] = Why.OVER_BUDGET
        self._drop_contained()
        self._keep_to_budget()

    def context(self, candidates_tokens: int) -> Context:
        sent = self._in_order()
        text = rendered(sent)
        every = sum(one.piece.score for one in self._candidates)
        kept = sum(piece.score for piece in sent)
        # What another piece shows is not lost.
        kept += sum(
            self._candidates[number].piece.score for number, why in self._why.items() if why is Why.CONTAINED
        )
        dropped = tuple(
            Dropped(self._candidates[number].piece, self._why[number])
            for number in self._order
            if number in self._why
        )
        tokens = self._count(text) if text else 0
        share = min(kept / every, 1.0) if every else 1.0
        return Context(tuple(sent), dropped, text, tokens, candidates_tokens, share)

    def _short(self, one: Candidate) -> Piece:
        return replace(one.piece, text=one.shorter, tokens=self._count(one.shorter))

    def _take(self, number: int, piece: Piece) -> bool:
        cost = piece.tokens + self._overhead(piece)
        if self._used + cost > self._budget:
            return False
        self._sent[number] = piece
        self._used += cost
        self._opened |= {(piece.path, ""), (piece.path, piece.container)}
        return True

    def _overhead(self, piece: Piece) -> int:
        """Return what the lines around a piece cost that no piece before it has paid for."""
        lines = []
        if (piece.path, "") not in self._opened:
            lines.append(path_line(piece.path))
        if (piece.path, piece.container) not in self._opened:
            lines += [container_line(piece.container), "}"] if piece.container else []
        return sum(self._tokens_of(line) for line in lines)

    def _tokens_of(self, line: str) -> int:
        if line not in self._heads:
            self._heads[line] = self._count(f"{line}\n")
        return self._heads[line]

    def _drop_contained(self) -> None:
        for number in [number for number in self._sent if self._is_contained(number)]:
            self._why[number] = Why.CONTAINED
            del self._sent[number]

    def _is_contained(self, number: int) -> bool:
        return any(holder in self._sent for holder in self._candidates[number].within)

    def _keep_to_budget(self) -> None:
        """Drop the least relevant pieces until all together, counted as one text, fit."""
        while self._sent:
            excess = self._count(rendered(self._in_order())) - self._budget
            if excess <= 0:
                return
            for number in [number for number in reversed(self._order) if number in self._sent]:
                excess -= max(self._sent.pop(number).tokens, 1)
                self._why[number] = Why.OVER_BUDGET
                if excess <= 0:
                    break

    def _in_order(self) -> list[Piece]:
        """Return what is sent with the stable pieces first, so that prompts begin alike from key to key."""
        numbers = sorted(self._sent, key=lambda number: self._place(number))
        return [self._sent[number] for number in numbers]

    def _place(self, number: int) -> tuple[bool, str, int]:
        piece = self._sent[number]
        return not piece.is_stable, piece.path, self._candidates[number].span[0]
