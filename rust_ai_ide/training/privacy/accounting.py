"""How much noise a budget asks for, and how much of it was spent: by Renyi's divergence, which bounds it from above.

Mironov, "Renyi differential privacy" (2017); Mironov, Talwar and Zhang, "of the sampled Gaussian mechanism" (2019).
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.privacy.config import Mechanism, Privacy, Spent
from rust_ai_ide.training.privacy.errors import PrivacyRefused

_TOLERANCE = 0.01
History = Sequence[tuple[float, float, int]]
"""Noise multiplier, share and number of steps, as Opacus keeps them."""


def make_accountant() -> Any:
    """Return an accountant that has seen no step."""
    with _calm():
        return require("opacus.accountants").RDPAccountant()


def mechanism_for(privacy: Privacy, records: int, batch: int, steps: int, clip: float) -> Mechanism:
    """Return what each step does; steps take `batch` records on average. Raises PrivacyRefused."""
    share = batch / records
    delta = privacy.delta or default_delta(records)
    noise = privacy.noise or _noise_for(privacy.epsilon, delta, share, steps)
    return Mechanism(records, share, clip, noise, delta)


def default_delta(records: int) -> float:
    """Return a tenth of one in the number of records: at one in it, giving one record away would be allowed."""
    return 0.1 / records


def spent(history: History, mechanism: Mechanism) -> Spent:
    """Return what the steps of a history spent."""
    accountant = make_accountant()
    accountant.history = [tuple(steps) for steps in history]
    with _calm():
        epsilon = max(0.0, float(accountant.get_epsilon(delta=mechanism.delta)))
    return Spent(
        epsilon,
        mechanism.delta,
        mechanism.noise,
        mechanism.clip,
        mechanism.records,
        mechanism.share,
        sum(count for *_, count in history),
    )


def _noise_for(epsilon: float, delta: float, share: float, steps: int) -> float:
    try:
        with _calm():
            return float(
                require("opacus.accountants.utils").get_noise_multiplier(
                    target_epsilon=epsilon,
                    target_delta=delta,
                    sample_rate=share,
                    steps=steps,
                    accountant="rdp",
                    epsilon_tolerance=min(_TOLERANCE, epsilon / 100),
                )
            )
    except ValueError as error:
        raise PrivacyRefused(
            f"epsilon is {epsilon:g}: No noise that can be counted is enough; choose a larger one, or fewer steps."
        ) from error


@contextmanager
def _calm() -> Iterator[None]:
    """Keep from the user that the best order lies at an end of those tried: the bound holds all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
