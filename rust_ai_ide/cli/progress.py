"""Shows events on standard error: those of long work a line every ten seconds for each stage, or warnings alone."""

import sys
import time

from rust_ai_ide.observability.events import Event, Progressed, Report, Warned
from rust_ai_ide.observability.printable import printable

_SECONDS = 10.0


def progress() -> Report:
    """Return a function that shows events."""
    shown: dict[str, float] = {}

    def tell(event: Event) -> None:
        if not isinstance(event, Progressed):
            sys.stderr.write(f"rust-ai-ide: {printable(event.message)}\n")
            return
        stage, now = event.activity.partition(":")[0], time.monotonic()
        if now - shown.get(stage, -_SECONDS) < _SECONDS and event.done != event.total:
            return
        shown[stage] = now
        share = f" ({event.done} of {event.total})" if event.total else ""
        sys.stderr.write(f"rust-ai-ide: {printable(event.activity)}{share}\n")

    return tell


def tell_warnings(event: Event) -> None:
    """Show warnings alone: for work of seconds, whose stages nobody waits for."""
    if isinstance(event, Warned):
        sys.stderr.write(f"rust-ai-ide: {printable(event.message)}\n")
