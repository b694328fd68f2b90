"""Long work says how far it is, but not too often."""

from rust_ai_ide.cli.progress import progress
from rust_ai_ide.observability.events import Progressed, Warned


def test_a_stage_is_told_when_it_begins_and_ends(capsys):
    tell = progress()
    for done in range(101):
        tell(Progressed("Training: loss 3.1", done, 100))
    tell(Progressed("Writing the model folder"))
    assert capsys.readouterr().err.splitlines() == [
        "rust-ai-ide: Training: loss 3.1 (0 of 100)",
        "rust-ai-ide: Training: loss 3.1 (100 of 100)",
        "rust-ai-ide: Writing the model folder",
    ]


def test_every_warning_is_told_on_one_safe_line(capsys):
    tell = progress()
    tell(Warned("left\x1b[31m out"))
    tell(Warned("left out"))
    assert len(capsys.readouterr().err.splitlines()) == 2
