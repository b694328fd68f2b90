"""Moves weights by gradients that are clipped record by record and hidden in noise."""

from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.privacy.accounting import make_accountant, spent
from rust_ai_ide.training.privacy.config import Mechanism, Spent
from rust_ai_ide.training.privacy.records import Chance


class PrivateOptimiser:
    """Opacus's optimiser around a plain one; its state holds the accountant's history and where chance comes from.

    Between `attach` and `detach` the network computes the gradient of every row of a batch for itself.
    """

    def __init__(self, network: Any, inner: Any, mechanism: Mechanism, chance: Chance) -> None:
        self._network = network
        self._mechanism = mechanism
        self._chance = chance
        self._accountant = make_accountant()
        self._observed: Any = None
        self._private = require("opacus.optimizers").DPOptimizer(
            inner,
            noise_multiplier=mechanism.noise,
            max_grad_norm=mechanism.clip,
            expected_batch_size=None,
            loss_reduction="sum",
            # The sum of four draws keeps what rounding does to one from giving the gradient away.
            secure_mode=True,
        )

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """The groups of weights of the plain optimiser."""
        return list(self._private.param_groups)

    def attach(self) -> None:
        """Let the network compute gradients row by row; the losses of the rows are to be summed."""
        self._observed = require("opacus").GradSampleModule(
            self._network, batch_first=True, loss_reduction="sum"
        )

    def detach(self) -> None:
        """Leave the network as it was."""
        self._observed.to_standard_module()

    def take(self) -> None:
        """Clip the gradients of the rows that went back through the network, and add them to the step's."""
        self._private.clip_and_accumulate()
        for weight in self._private.params:
            weight.grad_sample = None

    def step(self, number: int) -> None:
        """Add noise, move the weights once, and write down what that spent; with no record there is noise alone."""
        for weight in self._private.params:
            if weight.summed_grad is None:
                weight.summed_grad = require("torch").zeros_like(weight)
        device = self._private.params[0].device
        self._private.generator = self._chance.noise(number, device)
        self._private.add_noise()
        for weight in self._private.params:
            # By the number that is expected: the number that was drawn would tell of the records.
            weight.grad /= self._mechanism.expected
        self._private.original_optimizer.step()
        self._private.zero_grad(set_to_none=True)
        self._accountant.step(noise_multiplier=self._mechanism.noise, sample_rate=self._mechanism.share)

    def spent(self) -> Spent:
        """Return what the steps so far have spent."""
        return spent(self._accountant.history, self._mechanism)

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint holds."""
        return {
            "inner": self._private.state_dict(),
            "history": [list(steps) for steps in self._accountant.history],
            "secret": self._chance.secret.hex(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._private.load_state_dict(state["inner"])
        self._accountant.history = [(float(n), float(q), int(count)) for n, q, count in state["history"]]
        self._chance.secret = bytes.fromhex(state["secret"])
