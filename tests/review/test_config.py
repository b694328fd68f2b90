"""Settings: read strictly, with an answer for whoever mistypes."""

import pytest

from rust_ai_ide.review.config import ConfigInvalid, ReviewConfig, config_from_toml
from rust_ai_ide.review.findings import Category, Severity


def test_the_default_is_quiet() -> None:
    assert config_from_toml("") == ReviewConfig()
    assert ReviewConfig().severity_threshold is Severity.WARNING
    assert ReviewConfig().include_tests is False


def test_every_setting_is_read() -> None:
    config = config_from_toml("""
        [other]
        anything = 1
        [review]
        include_style = false
        include_tests = true
        max_comments_per_file = 0
        severity_threshold = "info"
        enabled_categories = ["style", "security"]
        disabled_rules = ["static_mut"]
    """)
    assert config.include_tests
    assert config.max_comments_per_file == 0
    assert config.severity_threshold is Severity.INFO
    assert config.disabled_rules == {"static_mut"}
    assert config.categories() == {Category.SECURITY}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[review", "not valid TOML"),
        ("review = 1", "[review]"),
        ("[review]\ninclude_tets = true", "Did you mean `include_tests`?"),
        ("[review]\nqqq = true", "There are: include_style"),
        ('[review]\ninclude_tests = "yes"', "include_tests is 'yes', but must be true or false"),
        ("[review]\nmax_comments_per_file = -1", "0 for no limit"),
        ("[review]\nmax_comments_per_file = true", "whole number"),
        ('[review]\nseverity_threshold = "high"', "info, warning, error, critical"),
        ('[review]\nenabled_categories = ["speed"]', "style, performance"),
        ('[review]\nenabled_categories = "style"', "a list"),
        ('[review]\ndisabled_rules = ["static_mutt"]', "Did you mean `static_mut`?"),
        ("[review]\ndisabled_rules = [1]", "a list of rule names"),
    ],
)
def test_what_is_wrong_is_named_with_the_remedy(text: str, said: str) -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        config_from_toml(text)
    assert said in str(refusal.value)
    assert ".rust-ai-ide.toml" in str(refusal.value)
