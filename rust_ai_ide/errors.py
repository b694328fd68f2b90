"""The one base of every error that the product raises on purpose."""


class RustAiIdeError(Exception):
    """Something the user can understand and act on.

    The message is one sentence in plain words that says what happened and, where there is one, the remedy.
    Packages derive their own classes from this one; the command line and the pages show the message as it is.
    """
