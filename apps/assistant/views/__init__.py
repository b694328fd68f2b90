"""Pages of the assistant: the editor."""
