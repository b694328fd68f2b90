"""The device that a network is trained on: the processor, or a graphics card by CUDA.

All that is made on its way, windows, losses and moments, goes where the network is; what is written to the disk can be
read on a machine without that device.
"""

from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.training.extra import require

DEVICES = ("auto", "cpu", "cuda")
"""What can be asked for; "auto" is "cuda" where PyTorch can compute on it."""


class DeviceUnusable(RustAiIdeError):
    """PyTorch cannot compute on the device that was asked for."""


def device_for(wanted: str) -> str:
    """Return "cpu" or "cuda" for one of DEVICES. Raises DeviceUnusable and TrainingNotInstalled."""
    has_cuda = require("torch").cuda.is_available()
    if wanted not in DEVICES:
        raise DeviceUnusable(f"There is no device {wanted[:40]!r}; choose {', '.join(DEVICES)}.")
    if wanted == "cuda" and not has_cuda:
        raise DeviceUnusable("PyTorch finds no graphics card to compute on by CUDA; choose cpu or auto.")
    return "cuda" if has_cuda and wanted != "cpu" else "cpu"


def device_of(network: Any) -> Any:
    """Return where the weights of a network are."""
    return next(network.parameters()).device


def wait_for(device: Any) -> None:
    """Wait until a device has done all that it was given; the processor has done so when a call returns."""
    if device.type == "cuda":
        require("torch").cuda.synchronize(device)


def free_on_card() -> int | None:
    """Return the free bytes of the graphics card that "auto" takes, None where PyTorch has none."""
    torch = require("torch")
    return int(torch.cuda.mem_get_info()[0]) if torch.cuda.is_available() else None
