"""What may look on while a network is trained."""

from typing import Any, Protocol


class Monitor(Protocol):
    """Looks at the network after each step and may end the training; its state is part of the checkpoint."""

    is_over: bool

    def look(self, network: Any, step: int) -> dict[str, float]:
        """Return what is to be logged of this step."""

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on from here."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
