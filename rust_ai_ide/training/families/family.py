"""What training must know of a family of networks."""

from typing import Any, Protocol

from rust_ai_ide.training.shape import NetworkConfig
from rust_ai_ide.training.stored import Array, StoredWeights

Matrices = tuple[tuple[int, int], ...]


class Family(Protocol):
    """One family. `name` is that of manifests and of Transformers' `model_type`, `title` the one for people.

    `lora_layers` are the matrices that an adapter changes: all inside the layers, never the embeddings, which the head
    may share.
    """

    name: str
    title: str
    lora_layers: tuple[str, ...]

    def build(self, shape: NetworkConfig) -> Any:
        """Return a network of Transformers with random weights. Raises TrainingNotInstalled."""

    def layers(self, network: Any) -> Any:
        """Return the modules of the layers of a network."""

    def matrices(self, shape: NetworkConfig) -> Matrices:
        """Return the sizes (rows, columns) of the matrices inside a layer."""

    def count_weights(self, shape: NetworkConfig) -> int:
        """Return how many weights a network of this shape has; tied ones count once."""

    def kept_inside(self, shape: NetworkConfig) -> int:
        """Return how many numbers a layer keeps of each token for the way back, as far as widths decide it."""

    def specification(self, network: Any) -> Any:
        """Return CTranslate2's specification of a network in 32 bits, which may be taken apart meanwhile."""

    def read_shape(self, weights: StoredWeights, context: int) -> NetworkConfig | None:
        """Return the shape of stored weights, None where they are not of this family as it is trained here."""

    def arrays(self, weights: StoredWeights, shape: NetworkConfig) -> dict[str, Array]:
        """Return stored weights under the names of Transformers. Raises InvalidConfig."""
