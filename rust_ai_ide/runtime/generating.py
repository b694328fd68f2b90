"""One loaded model: prompts in, text out, a token at a time, by CTranslate2."""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rust_ai_ide.runtime.errors import InferenceError, InvalidConfig
from rust_ai_ide.runtime.files import ModelFiles
from rust_ai_ide.runtime.memory import MemoryNeed
from rust_ai_ide.runtime.parameters import InferenceParams
from rust_ai_ide.runtime.tokens import StopTexts, TextStream, tokeniser_of

MOST_SCORED = 1024
"""Tokens scored at once: scoring allocates length times vocabulary logits."""


@dataclass(frozen=True)
class LoadOptions:
    """How to load a model. `prompt_length` bounds prompts in tokens, 0 for the model's whole window.

    0 `threads` and the type "default" mean what was found to be fastest here, else one thread and the type stored.
    """

    device: str = "cpu"
    compute_type: str = "default"
    threads: int = 0
    prompt_length: int = 0


@dataclass(frozen=True)
class Piece:
    """New text of an answer, and the natural logarithm of its token's probability."""

    text: str
    log_probability: float


@dataclass
class Answer:
    """What an answer came to. Times are in seconds; `finish` is "stop", "length" or "cancelled"."""

    finish: str = "length"
    prompt_tokens: int = 0
    tokens: int = 0
    first_token: float = 0.0
    seconds: float = 0.0
    log_probabilities: list[float] = field(default_factory=list)


def load_generator(files: ModelFiles, options: LoadOptions) -> Any:
    """Return CTranslate2's generator of an opened model; encrypted files never touch the disk. Raises InvalidConfig."""
    import ctranslate2

    try:
        return ctranslate2.Generator(
            str(files.folder),
            device=options.device,
            compute_type=options.compute_type,
            inter_threads=1,
            intra_threads=options.threads or 1,
            files=files.in_memory(),
        )
    except (RuntimeError, ValueError) as error:
        raise InvalidConfig(f"{files.manifest.id} cannot be loaded: {_sentence(error)}") from error


class LoadedModel:
    """A model in memory. Its methods block, and are called from one thread at a time."""

    def __init__(self, files: ModelFiles, options: LoadOptions, need: MemoryNeed) -> None:
        self.manifest = files.manifest
        self.options = options
        self.need = need
        self.tokeniser = tokeniser_of(files)
        self._generator = load_generator(files, options)
        self.compute_type = str(self._generator.compute_type)

    @property
    def window(self) -> int:
        """The most tokens of prompt and answer together."""
        return self.manifest.context_length

    @property
    def longest_prompt(self) -> int:
        """The most tokens of a prompt, such that at least one token of answer fits."""
        return min(self.options.prompt_length or self.window, self.window - 1)

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return len(self.tokeniser.encode(text))

    def answer(
        self,
        prompt: Sequence[str],
        parameters: InferenceParams,
        show: Callable[[Piece], None],
        is_cancelled: Callable[[], bool],
    ) -> Answer:
        """Generate after `prompt`, hand each new text to `show`, and stop within a token once cancelled.

        Raises InvalidConfig for a prompt that does not fit, InferenceError where the model breaks.
        """
        self._check(prompt)
        answer = Answer(prompt_tokens=len(prompt))
        stream = TextStream(self.tokeniser, prompt)
        stops = StopTexts(parameters.stop)
        ends = frozenset(self.manifest.stop)
        began = time.perf_counter()

        def step(result: Any) -> bool:
            if is_cancelled():
                answer.finish = "cancelled"
                return True
            if not answer.tokens:
                answer.first_token = time.perf_counter() - began
            answer.tokens += 1
            if result.token in ends:
                answer.finish = "stop"
                return True
            log_probability = float(result.log_prob or 0.0)
            answer.log_probabilities.append(log_probability)
            text = stops.push(stream.push(result.token))
            if text:
                show(Piece(text, log_probability))
            if stops.reached:
                answer.finish = "stop"
            return stops.reached

        most = min(parameters.max_tokens, self.window - len(prompt))
        self._run(prompt, parameters, most, step)
        if answer.finish == "length" and answer.tokens < most:
            # The end token of the library's own config is not shown to the callback.
            answer.finish = "stop"
        if not stops.reached and answer.finish != "cancelled":
            rest = stops.push(stream.end()) + stops.end()
            if rest:
                show(Piece(rest, answer.log_probabilities[-1] if answer.log_probabilities else 0.0))
        answer.seconds = time.perf_counter() - began
        return answer

    def _run(
        self, prompt: Sequence[str], parameters: InferenceParams, most: int, step: Callable[[Any], bool]
    ) -> None:
        greedy = parameters.temperature == 0
        failures: list[BaseException] = []

        def guarded(result: Any) -> bool:
            # An exception must not cross the library's own thread.
            try:
                return step(result)
            except BaseException as error:
                failures.append(error)
                return True

        try:
            self._generator.generate_batch(
                [list(prompt)],
                max_length=most,
                include_prompt_in_result=False,
                return_scores=True,
                # The library leaves its loop at the end tokens by itself; the callback sees them first.
                end_token=list(self.manifest.stop) or None,
                return_end_token=True,
                sampling_topk=1 if greedy else parameters.top_k,
                sampling_topp=1.0 if greedy else max(parameters.top_p, 1e-6),
                sampling_temperature=1.0 if greedy else parameters.temperature,
                repetition_penalty=parameters.repetition_penalty,
                callback=guarded,
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise InferenceError(f"{self.manifest.id} broke while it answered: {_sentence(error)}") from error
        if failures:
            raise failures[0]

    def score(self, tokens: Sequence[str]) -> list[float]:
        """Return the log-probability of each token but the first, given those before it."""
        if len(tokens) > min(MOST_SCORED, self.window):
            raise InvalidConfig(
                f"At most {min(MOST_SCORED, self.window):,} tokens can be scored at once.", "text"
            )
        if len(tokens) < 2:
            return []
        try:
            (result,) = self._generator.score_batch([list(tokens)], max_input_length=0)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise InferenceError(f"{self.manifest.id} broke while it scored: {_sentence(error)}") from error
        return [float(value) for value in result.log_probs]

    def _check(self, prompt: Sequence[str]) -> None:
        if not prompt:
            raise InvalidConfig("The prompt is empty.", "prompt")
        if len(prompt) > self.longest_prompt:
            raise InvalidConfig(
                f"The prompt has {len(prompt):,} tokens; {self.manifest.id} takes {self.longest_prompt:,} at most.",
                "prompt",
            )

    def unload(self) -> None:
        """Free the memory. Nothing may be running."""
        with contextlib.suppress(AttributeError):
            self._generator.unload_model()
            del self._generator


def _sentence(error: BaseException) -> str:
    text = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return text if text.endswith(".") else f"{text}."
