"""What a rule of a project's own is."""

from dataclasses import dataclass

from rust_ai_ide.review.findings import Category, Severity


@dataclass(frozen=True, slots=True)
class CustomRule:
    """A rule of a project's own. It has one of `regex`, `pattern` and `rule`.

    `regex` is in RE2's syntax and sees the whole text of a file. `pattern` is code with metavariables. `rule` is an
    object of ast-grep's rules, alone or with `constraints` and `utils` beside it, as JSON with sorted keys. `fix` is
    what to put in the place of a match, in which `$NAME` and `$$$NAME`, or `\\1` of a regex, stand for what matched;
    it is applied by `--fix` where `auto_fixable` is set.
    """

    name: str
    category: Category
    severity: Severity
    message: str
    suggestion: str = ""
    confidence: float = 0.9
    regex: str = ""
    pattern: str = ""
    rule: str = ""
    fix: str = ""
    auto_fixable: bool = False
