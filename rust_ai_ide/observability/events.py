"""Events that long engine work yields. The run log stores them; pages and the command line show them."""

from collections.abc import Callable
from dataclasses import dataclass

from rust_ai_ide.errors import RustAiIdeError


@dataclass(frozen=True, slots=True)
class Progressed:
    """So much of the work is done. `total` is 0 while it is not known; `activity` is said to the user."""

    activity: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Warned:
    """Something was left out or went wrong without stopping the work; `message` is one clear sentence."""

    message: str


Event = Progressed | Warned
Report = Callable[[Event], None]
"""How engine functions report: called often, it may raise Cancelled to stop the work where it stands."""


class Cancelled(RustAiIdeError):
    """The user stopped this work."""


class Paused(Cancelled):
    """The work stopped by itself before it ran out of something; the message says of what. It can go on later."""


def ignore(event: Event) -> None:
    """Report to nobody."""
