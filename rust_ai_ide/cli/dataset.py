"""`rust-ai-ide dataset`: make datasets to train on, and show what is in them."""

import argparse
from pathlib import Path
from typing import Any

AUGMENTATIONS = ("variableRenaming", "commentRemoval", "functionExtraction", "patternVariations")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their options."""
    kinds = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    for name, summary, declare, work in (
        (
            "prepare",
            "make a dataset of the Rust files in folders, repositories or patterns",
            _of_prepare,
            _prepare,
        ),
        ("curate", "make a dataset of written samples", _of_curate, _curate),
        ("show", "show what a dataset holds, and what was left out", _of_show, _show),
    ):
        kind = kinds.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        declare(kind)
        kind.set_defaults(work=work)


def run(arguments: argparse.Namespace) -> int:
    """Do one of them; raises RustAiIdeError where it fails."""
    arguments.work(arguments)
    return 0


def _of_prepare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="a folder, bare repository, file or pattern"
    )
    parser.add_argument(
        "--min-file-size", type=int, metavar="N", help="the least bytes of a file (default: 200)"
    )
    parser.add_argument("--max-file-size", type=int, metavar="N", help="the most (default: 200000)")
    parser.add_argument(
        "--extension", action="append", metavar="EXT", help="take files that end so (default: rs)"
    )
    parser.add_argument("--include-tests", action="store_true", default=None, help="take tests, too")
    parser.add_argument(
        "--max-samples", type=int, metavar="N", help="take so many files at most (default: all)"
    )
    parser.add_argument(
        "--own-code", action="store_true", default=None, help="it is yours: judge no licences"
    )
    _of_both(parser)


def _of_curate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("samples", nargs="?", metavar="FILE", help="a JSON list of samples")
    parser.add_argument(
        "--licence", metavar="TEXT", help="the licence of the samples (default: your own code)"
    )
    _of_both(parser)


def _of_both(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--into", metavar="DIR", help="where the dataset goes; an older one there is replaced"
    )
    parser.add_argument(
        "--settings", metavar="FILE", help="take settings from this JSON; options go before it"
    )
    parser.add_argument("--task-type", metavar="TYPE", help="what it is for (default: CodeCompletion)")
    parser.add_argument(
        "--quality-threshold", type=float, metavar="X", help="leave out what scores less, 0 to 1"
    )
    parser.add_argument(
        "--augment", action="append", choices=AUGMENTATIONS, help="add changed copies; repeatable"
    )
    parser.add_argument(
        "--tokeniser", metavar="MODEL", help="count its tokens, or none (default: the shipped model)"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="what chance begins with (default: 0)")


def _of_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the dataset")
    parser.add_argument("--json", action="store_true", help="write JSON")


def _prepare(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.training.datasets.from_json import read_preparation
    from rust_ai_ide.training.datasets.preparing import prepare_dataset

    given = _settings(arguments, sourcePaths=arguments.sources or None, ownCode=arguments.own_code)
    filters = {
        "minFileSize": arguments.min_file_size,
        "maxFileSize": arguments.max_file_size,
        "allowedExtensions": arguments.extension,
        "includeTests": arguments.include_tests,
        "maxSamples": arguments.max_samples,
        "qualityThreshold": arguments.quality_threshold,
    }
    chosen = {name: value for name, value in filters.items() if value is not None}
    if chosen:
        given["filters"] = {**given.get("filters", {}), **chosen}
    settings = read_preparation(given)
    _tell(prepare_dataset(settings, progress()), settings.output_path)


def _curate(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.training.datasets.curating import create_curated_dataset
    from rust_ai_ide.training.datasets.from_json import read_curation

    samples = _json(Path(arguments.samples)) if arguments.samples else None
    threshold = arguments.quality_threshold
    given = _settings(arguments, samples=samples, licence=arguments.licence, qualityThreshold=threshold)
    settings = read_curation(given)
    _tell(create_curated_dataset(settings, progress()), settings.output_path)


def _show(arguments: argparse.Namespace) -> None:
    from dataclasses import asdict

    from rust_ai_ide.cli.tables import write_json
    from rust_ai_ide.training.datasets.card import read_card

    card = read_card(Path(arguments.folder))
    if arguments.json:
        write_json(asdict(card))
        return
    _tell(card, Path(arguments.folder))


def _settings(arguments: argparse.Namespace, **options: Any) -> dict[str, Any]:
    """Return the settings of the file with the given options in front of them, by the names of JSON."""
    from rust_ai_ide.training.datasets.errors import InvalidDatasetSettings

    given = _json(Path(arguments.settings)) if arguments.settings else {}
    if not isinstance(given, dict) or not isinstance(given.get("filters", {}), dict):
        raise InvalidDatasetSettings(f"{arguments.settings} must hold an object of settings.", "settings")
    options |= {"outputPath": arguments.into, "taskType": arguments.task_type, "seed": arguments.seed}
    options["tokeniser"] = arguments.tokeniser
    if arguments.augment:
        options["augmentation"] = dict.fromkeys(arguments.augment, True)
    given |= {name: value for name, value in options.items() if value is not None}
    for name, remedy in (
        ("sourcePaths", "a SOURCE"),
        ("samples", "a FILE of samples"),
        ("outputPath", "--into DIR"),
    ):
        if name in options and name not in given:
            raise InvalidDatasetSettings(f"Give {remedy}, or {name} in the settings.", name)
    return given


def _json(file: Path) -> Any:
    import json

    from rust_ai_ide.training.datasets.errors import InvalidDatasetSettings

    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidDatasetSettings(f"{file} cannot be read: {error.strerror}.", "settings") from error
    except (ValueError, RecursionError) as error:
        raise InvalidDatasetSettings(f"{file} is not JSON: {error}.", "settings") from error


def _tell(card: Any, folder: Path) -> None:
    from rust_ai_ide.cli.tables import write, write_table

    write(f"{card.name}, {card.kind} {card.created[:10]}, for {card.task_type}, in {folder}")
    write(
        f"{card.training:,} texts to train on ({card.training_bytes / 1e6:,.1f} MB), {card.validation:,} to "
        f"validate on ({card.validation_bytes / 1e6:,.1f} MB), split by {card.split_by}"
    )
    if card.counted:
        write(card.counted)
    if card.own_code:
        write("Licences were not judged: the code was said to be your own.")
    for head, counts in (
        ("Licence", card.licences),
        ("Made by", card.augmentations),
        ("Left out because", card.dropped),
    ):
        if counts:
            write("")
            write_table([(head, "Count"), *((name, f"{count:,}") for name, count in counts.items())])
