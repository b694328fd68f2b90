"""What a model and the completion engine are worth on files they have not seen; begin with `completion`."""
