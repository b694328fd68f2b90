"""What is done to datasets, as runs."""

from typing import Any

from apps.common.performing import performs
from rust_ai_ide.observability.events import Report
from rust_ai_ide.training.datasets.from_json import read_preparation


@performs("prepare-dataset")
def prepare(arguments: dict[str, Any], report: Report) -> None:
    """Prepare a dataset; the second time replaces what the first wrote."""
    # The libraries of training are only needed here.
    from rust_ai_ide.training.datasets.preparing import prepare_dataset

    prepare_dataset(read_preparation(arguments["settings"]), report)
