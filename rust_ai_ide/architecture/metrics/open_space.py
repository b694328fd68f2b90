"""What is counted in a space while a walk is in it."""

from collections import Counter
from dataclasses import dataclass, field

from rust_ai_ide.architecture.metrics.spaces import Metrics, Space, SpaceKind


@dataclass(slots=True)
class OpenSpace:
    """A space with what was counted in it so far; its lines count from 1, rows from 0.

    `comment_rows` hold nothing but comments, `shared_rows` code as well. `last_joint` is the operator that the
    next `&&` or `||` is compared with.
    """

    name: str
    kind: SpaceKind
    start_line: int
    end_line: int
    sloc: int
    cyclomatic: int = 1
    cognitive: int = 0
    exits: int = 0
    functions: int = 0
    closures: int = 0
    statements: int = 0
    comment_rows: int = 0
    shared_rows: int = 0
    last_comment_row: int = -1
    last_joint: int | None = None
    code_rows: set[int] = field(default_factory=set)
    operators: Counter[int] = field(default_factory=Counter)
    operands: Counter[bytes] = field(default_factory=Counter)
    spaces: list[Space] = field(default_factory=list)

    def closed(self) -> Space:
        """Return the space with its measures."""
        metrics = Metrics(
            self.cyclomatic,
            self.cognitive,
            self.exits,
            self.functions,
            self.closures,
            self.sloc,
            len(self.code_rows),
            self.statements,
            self.comment_rows + self.shared_rows,
            self.sloc - len(self.code_rows) - self.comment_rows,
            len(self.operators),
            self.operators.total(),
            len(self.operands),
            self.operands.total(),
        )
        return Space(self.name, self.kind, self.start_line, self.end_line, metrics, tuple(self.spaces))

    def take_in(self, inner: "OpenSpace") -> None:
        """Add what was counted in a space that lies in this one."""
        self.cyclomatic += inner.cyclomatic
        self.cognitive += inner.cognitive
        self.exits += inner.exits
        self.functions += inner.functions
        self.closures += inner.closures
        self.statements += inner.statements
        self.comment_rows += inner.comment_rows
        self.shared_rows += inner.shared_rows
        self.code_rows |= inner.code_rows
        self.operators.update(inner.operators)
        self.operands.update(inner.operands)
        self.spaces.append(inner.closed())
