"""`rust-ai-ide review`: the options. What they do is in `rust_ai_ide.review.command`, loaded when it runs."""

import argparse

_SEVERITIES = ("info", "warning", "error", "critical")
_FORMATS = (
    "text",
    "json",
    "markdown",
    "sarif",
    "github",
    "github-pr",
    "gitlab",
    "rdjson",
    "checkstyle",
)
_PROFILES = ("quiet", "balanced", "thorough")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    what = parser.add_argument_group("what to review", "Without any of these: the project in this folder.")
    what.add_argument(
        "--files", nargs="*", metavar="FILE", help="these files; of a change, only the part in these"
    )
    what.add_argument(
        "--project", metavar="DIR", help="the project in this folder; the options below take it, too"
    )
    what.add_argument("--staged", action="store_true", help="the lines staged for the next commit")
    what.add_argument("--quick", action="store_true", help="only the lines changed since the last commit")
    what.add_argument("--base", metavar="REV", help="the lines that --head changed since this revision")
    what.add_argument("--head", metavar="REV", help="the revision under review (default: HEAD)")
    what.add_argument("--include-tests", action="store_true", help="test code as well")
    what.add_argument("--max-files", type=_count, metavar="N", help="no more than this many files")

    how = parser.add_argument_group("how to judge")
    how.add_argument("--profile", choices=_PROFILES, help="how much to say (default: balanced)")
    how.add_argument("--severity", choices=_SEVERITIES, help="show findings from here on (default: warning)")
    how.add_argument(
        "--fail-on",
        choices=_SEVERITIES,
        default="warning",
        help="exit with 1 from here (default: %(default)s)",
    )
    how.add_argument(
        "--quality-threshold", type=_share, metavar="SCORE", help="exit with 1 below this quality, 0 to 1"
    )
    how.add_argument("--config", metavar="FILE", help="settings instead of the project's .rust-ai-ide.toml")
    how.add_argument("--baseline", metavar="FILE", help="say nothing of the findings listed here")
    how.add_argument(
        "--write-baseline", metavar="FILE", help="list all findings here as accepted, and end with 0"
    )
    how.add_argument("--rustfmt", action="store_true", help="tell what rustfmt would lay out otherwise, too")
    how.add_argument(
        "--with",
        dest="opinions",
        action="append",
        default=[],
        metavar="FILE",
        help="tell beside ours what cargo clippy, audit or deny wrote here as JSON",
    )
    how.add_argument("--no-cache", action="store_true", help="neither use nor keep stored results")

    where = parser.add_argument_group("output")
    where.add_argument(
        "--output", metavar="FILE", help="write here; .json, .md, .sarif and .xml choose the format"
    )
    where.add_argument("--output-format", choices=_FORMATS, help="the format (default: text)")
    where.add_argument(
        "--fix", action="store_true", help="mend in the files what can be mended, then report the rest"
    )
    parser.epilog = "Exit codes: 0 nothing found, 1 findings from --fail-on up, 2 the review failed."


def run(arguments: argparse.Namespace) -> int:
    """Review and return the exit code; raises RustAiIdeError where the review itself fails."""
    from rust_ai_ide.review.command import review

    return review(arguments)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return number
