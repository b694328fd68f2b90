"""How much a review says: three sets of settings to choose from, which single settings go before."""

from enum import StrEnum
from typing import Any

from rust_ai_ide.review.findings import Severity


class Profile(StrEnum):
    """How much a review says."""

    QUIET = "quiet"
    BALANCED = "balanced"
    THOROUGH = "thorough"


PROFILES: dict[Profile, dict[str, Any]] = {
    Profile.QUIET: {"severity_threshold": Severity.ERROR, "confidence_threshold": 0.8},
    Profile.BALANCED: {"severity_threshold": Severity.WARNING, "confidence_threshold": 0.7},
    Profile.THOROUGH: {
        "severity_threshold": Severity.INFO,
        "confidence_threshold": 0.0,
        "include_tests": True,
        "max_comments_per_file": 0,
    },
}
"""What each profile sets. Nothing that is sure to be asked for, such as a disabled rule, is overridden."""
