"""What can be wrong with a dataset."""

from rust_ai_ide.errors import RustAiIdeError


class DatasetUnusable(RustAiIdeError):
    """A dataset cannot be made of this, or what lies in a folder is no dataset."""


class InvalidDatasetSettings(DatasetUnusable):
    """A setting cannot be; `field` names it as the settings do."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field
