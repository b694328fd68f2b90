"""What a project's code is measured by besides our rules: rules of its own, and thresholds."""

import hashlib
import json
from dataclasses import asdict, dataclass

from rust_ai_ide.review.custom.rules import CustomRule
from rust_ai_ide.review.thresholds import DEFAULTS, Thresholds


@dataclass(frozen=True, slots=True)
class Standard:
    """What findings in a file depend on besides its content and our code."""

    custom: tuple[CustomRule, ...] = ()
    thresholds: Thresholds = DEFAULTS

    @property
    def digest(self) -> str:
        """What tells standards apart, "" for the usual one."""
        if self == USUAL:
            return ""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


USUAL = Standard()
