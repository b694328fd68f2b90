"""What can go wrong with a model, by the names that callers of the HTTP interface see."""

from rust_ai_ide.errors import RustAiIdeError

MEGABYTE = 1024 * 1024


class RuntimeFailure(RustAiIdeError):
    """The runtime cannot do what was asked; `name` is the error's name on the wire."""

    name = "RuntimeFailure"
    status = 500


class ModelNotFound(RuntimeFailure):
    """No such model is known, or it is not loaded."""

    name = "ModelNotFound"
    status = 404


class ModelLoading(RuntimeFailure):
    """The model is on its way into memory; try again in a moment."""

    name = "ModelLoading"
    status = 503


class InvalidConfig(RuntimeFailure):
    """A model folder or a request says something that cannot be."""

    name = "InvalidConfig"
    status = 400

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OutOfMemory(RuntimeFailure):
    """Loading or answering would need `needed` bytes where `available` are free."""

    name = "OutOfMemory"
    status = 507

    def __init__(self, what: str, needed: int, available: int) -> None:
        wanted, free = needed / MEGABYTE, max(0, available) / MEGABYTE
        super().__init__(f"{what} needs {wanted:,.0f} MB of memory and {free:,.0f} MB are available.")
        self.needed = needed
        self.available = available


class InferenceError(RuntimeFailure):
    """The model broke while it answered."""

    name = "InferenceError"
    status = 500


class Overloaded(RuntimeFailure):
    """Too many requests wait already; try again in a moment."""

    name = "Overloaded"
    status = 503
