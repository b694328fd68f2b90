"""How the settings of the next trial are chosen, and when a trial is given up.

Bayesian: tree-structured Parzen estimators, Bergstra et al., "Algorithms for hyper-parameter optimization" (2011).
Genetic: NSGA-II, Deb et al. (2002), here with one objective. Pruning: the median of the other trials at that step.
"""

from typing import Any

import numpy as np

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.searching.space import Space, grid_of

SAMPLERS = ("bayesian", "grid", "genetic")
GENERATION = 8
"""How many trials a generation of the genetic search has."""
_BY_CHANCE = 5
_BEFORE_PRUNING = 4


def make_sampler(name: str, space: Space, seed: int, number: int) -> Any:
    """Return what chooses the settings of trial `number`.

    Its chance comes from seed and number, so that a search that goes on chooses as one that was not interrupted.
    """
    samplers = require("optuna").samplers
    chance = int(np.random.SeedSequence((seed, number)).generate_state(1)[0])
    if name == "grid":
        # The order of the grid must not change from trial to trial.
        grid = samplers.GridSampler(
            {name: list(points) for name, points in grid_of(space).items()}, seed=seed
        )
        # It would end a loop of Optuna's own when the grid is used up; ours ends by itself.
        grid.after_trial = _nothing
        return grid
    if name == "genetic":
        return samplers.NSGAIISampler(population_size=GENERATION, seed=chance)
    return samplers.TPESampler(n_startup_trials=_BY_CHANCE, seed=chance)


def make_pruner(check_every: int) -> Any:
    """Return what gives up a trial that is worse than the median of those before; its first check is passed over."""
    return require("optuna").pruners.MedianPruner(
        n_startup_trials=_BEFORE_PRUNING, n_warmup_steps=check_every + 1, interval_steps=check_every
    )


def _nothing(*_: Any) -> None:
    """Do nothing."""
