"""Log lines that cannot be forged by what they quote."""

import logging

from rust_ai_ide.observability.printable import printable


class PrintableFormatter(logging.Formatter):
    """Shows control characters of a message as escapes; tracebacks keep their lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, its message made printable."""
        record.msg = printable(record.getMessage())
        record.args = None
        return super().format(record)
