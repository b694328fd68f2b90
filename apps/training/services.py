"""What a user may do with datasets."""

from pathlib import Path

from django.conf import settings
from django.urls import reverse

from apps.common.models import Run
from apps.common.services import start_run
from apps.projects.selectors import all_projects
from apps.training.selectors import NAME, SUBJECT, folder_of, run_of
from rust_ai_ide.training.datasets.errors import DatasetUnusable, InvalidDatasetSettings
from rust_ai_ide.training.datasets.from_json import read_preparation
from rust_ai_ide.training.datasets.settings import Augmentation, to_json
from rust_ai_ide.training.datasets.writing import delete_dataset

_NUMBERS = (("minFileSize", int), ("maxFileSize", int), ("qualityThreshold", float), ("maxSamples", int))
AUGMENTATIONS = tuple(to_json(Augmentation()))


def start_preparing(values: dict[str, str]) -> Run:
    """Prepare a dataset of a project or a folder, as a run. Raises InvalidDatasetSettings that names the field."""
    name = values.get("name", "").strip()
    if not NAME.fullmatch(name):
        raise InvalidDatasetSettings(
            "Name it by letters, digits, dots, dashes and underscores, 80 at most.", "name"
        )
    if folder_of(name).exists():
        raise InvalidDatasetSettings(
            f"There is a dataset {name} already; choose another name, or delete that one first.", "name"
        )
    given = {
        "name": name,
        "sourcePaths": [_source(values)],
        "outputPath": str(folder_of(name)),
        "filters": {**_numbers(values), "includeTests": bool(values.get("includeTests"))},
        "augmentation": {each: bool(values.get(each)) for each in AUGMENTATIONS},
        "ownCode": bool(values.get("ownCode")),
    }
    read_preparation(given)
    return start_run(
        kind="prepare-dataset",
        subject=f"{SUBJECT}{name}",
        title=f"Prepare the dataset {name}",
        page=reverse("dataset", args=[name]),
        arguments={"settings": given},
    )


def delete(name: str) -> None:
    """Delete a dataset. Raises DatasetUnusable while it is prepared, and for a folder that holds something else."""
    run = run_of(name)
    if run is not None and not run.is_finished:
        raise DatasetUnusable(f"{name} is being prepared; cancel that first.")
    delete_dataset(folder_of(name))


def _source(values: dict[str, str]) -> str:
    folder = values.get("folder", "").strip()
    if not folder:
        chosen = values.get("project", "")
        project = next((each for each in all_projects() if str(each.pk) == chosen and each.is_ready), None)
        if project is None:
            raise InvalidDatasetSettings("Choose a project, or give the whole path of a folder.", "project")
        return str(project.repository_path)
    if not settings.OPEN_BY_PATH:
        raise InvalidDatasetSettings("This workbench does not open folders of the machine.", "folder")
    path = Path(folder).expanduser()
    if not path.is_absolute() or not path.is_dir():
        raise InvalidDatasetSettings(f"There is no folder {folder}; give its whole path.", "folder")
    return str(path)


def _numbers(values: dict[str, str]) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for name, kind in _NUMBERS:
        text = values.get(name, "").strip()
        try:
            if text:
                found[name] = kind(text)
        except ValueError as error:
            raise InvalidDatasetSettings(f"{text} is no number.", name) from error
    return found
