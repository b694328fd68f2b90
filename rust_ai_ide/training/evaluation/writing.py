"""A model folder as the evaluation asks it: as the editor does, in this process."""

from math import log
from pathlib import Path
from statistics import fmean

from rust_ai_ide.runtime.completion.gates import trim_to_line
from rust_ai_ide.runtime.completion.ranking import ModelLine
from rust_ai_ide.runtime.files import open_model
from rust_ai_ide.runtime.generating import LoadedModel, LoadOptions, Piece
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.runtime.memory import memory_need
from rust_ai_ide.runtime.parameters import InferenceParams
from rust_ai_ide.runtime.prompting import completion_prompt, infill_prompt
from rust_ai_ide.runtime.weights import read_shapes
from rust_ai_ide.training.corpus import SourceFile

BEFORE = 1200
AFTER = 400
"""Characters around the cursor that the model sees, as in the editor."""
WINDOW = 512
"""Tokens that are read at once when bits are counted."""
_PARAMETERS = InferenceParams(max_tokens=32, temperature=0.0, stop=("\n",))


class Writer:
    """Writes the rest of a line by a model, always its likeliest token."""

    def __init__(self, folder: Path, manifest: Manifest, threads: int = 1) -> None:
        """Load the model. Raises InvalidConfig."""
        files = open_model(folder, manifest)
        files.verify()
        need = memory_need(
            read_shapes(folder),
            prompt_length=manifest.context_length,
            context_length=manifest.context_length,
            compute_type="default",
        )
        self.model = LoadedModel(files, LoadOptions(threads=threads), need)

    def close(self) -> None:
        """Free the model."""
        self.model.unload()

    def write(self, path: str, before: str, after: str) -> ModelLine:
        """Return the line that the model writes between two texts; after the first alone where it cannot fill in."""
        model, pieces = self.model, list[Piece]()
        header = model.manifest.path_header.format(path=path)
        room = model.window - _PARAMETERS.max_tokens
        if model.manifest.infill is None:
            prompt = completion_prompt(model.manifest, model.tokeniser, header + before[-BEFORE:])[-room:]
        else:
            prompt, _ = infill_prompt(
                model.manifest, model.tokeniser, header + before[-BEFORE:], after[:AFTER], room=room
            )
        answer = model.answer(prompt, _PARAMETERS, pieces.append, lambda: False)
        likelihoods = answer.log_probabilities
        text = trim_to_line("".join(piece.text for piece in pieces))
        return ModelLine(text, fmean(likelihoods) if likelihoods else float("-inf"))

    def bits_per_byte(self, file: SourceFile) -> float:
        """Return how many bits a byte of a file takes, read in windows below the file's path."""
        model = self.model
        header = model.manifest.path_header.format(path=file.path)
        head = [*model.manifest.begin, *model.tokeniser.encode(header)]
        tokens = model.tokeniser.encode(file.text)
        step = max(1, min(WINDOW, model.window) - len(head))
        nats = 0.0
        for start in range(0, len(tokens), step):
            scores = model.score([*head, *tokens[start : start + step]])
            nats -= sum(scores[max(0, len(head) - 1) :])
        return nats / log(2) / max(1, len(file.text.encode()))
