"""What is done to versions, as runs."""

import shutil
from contextlib import closing
from typing import Any

from django.conf import settings

from apps.common.performing import performs
from apps.models.converting import download_folder, folder_for
from apps.models.registry import sync_registry
from apps.models.runtimes import runtimes
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, Warned
from rust_ai_ide.runtime.client import RuntimeUnreachable
from rust_ai_ide.runtime.encrypting import decrypt_model, encrypt_model
from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.runtime.quantisations import QUANTISATION
from rust_ai_ide.runtime.quantising import quantise_model


@performs("load-model")
def load_model(arguments: dict[str, Any], report: Report) -> None:
    """Load a model into every runtime; one runtime is enough to succeed."""
    model = arguments["model"]
    clients = runtimes()
    failures: list[RustAiIdeError] = []
    for number, client in enumerate(clients):
        report(Progressed(f"Loading {model}", number, len(clients)))
        try:
            client.load(model, arguments.get("options", {}))
        except RustAiIdeError as error:
            failures.append(error)
            if len(clients) > 1:
                report(Warned(f"{client.url}: {error}"))
    if len(failures) == len(clients):
        raise failures[0] if failures else RuntimeUnreachable("No model runtime is set up; see RUNTIME_URLS.")


@performs("unload-model")
def unload_model(arguments: dict[str, Any], report: Report) -> None:
    """Unload a model from every runtime that has it."""
    for client in runtimes():
        report(Progressed(f"Waiting until {arguments['model']} is idle"))
        if any(row["id"] == arguments["model"] for row in client.status()["models"]):
            client.unload(arguments["model"])


@performs("tune-model")
def tune_model(arguments: dict[str, Any], report: Report) -> None:
    """Measure a model's settings on the machine of every runtime, one after the other."""
    clients = runtimes()
    if not clients:
        raise RuntimeUnreachable("No model runtime is set up; see RUNTIME_URLS.")
    for client in clients:
        # Closing the events, as a cancelled run does, stops the runtime, too.
        with closing(client.tune(arguments["model"])) as events:
            for event in events:
                if "activity" in event:
                    report(Progressed(event["activity"], event["done"], event["total"]))
                elif "warning" in event:
                    report(Warned(event["warning"]))


@performs("encrypt-model")
def encrypt_files(arguments: dict[str, Any], report: Report) -> None:
    """Encrypt a version's files; the second time is harmless."""
    encrypt_model(arguments["model"], report)


@performs("decrypt-model")
def decrypt_files(arguments: dict[str, Any], report: Report) -> None:
    """Decrypt a version's files; the second time is harmless."""
    decrypt_model(arguments["model"], report)


@performs("convert-model")
def convert_model(arguments: dict[str, Any], report: Report) -> None:
    """Convert a model of others, and add it to the registry."""
    # The libraries of training are only needed here.
    from rust_ai_ide.training.conversion.converting import Request
    from rust_ai_ide.training.conversion.importing import import_model

    name, version = arguments["name"], arguments["version"]
    request = Request(
        source=arguments["source"],
        into=str(folder_for(name, version)),
        name=name,
        version=version,
        licence=arguments["licence"],
        origin=arguments.get("origin", ""),
        quantisation=arguments.get("quantisation", QUANTISATION),
        adapter=arguments.get("adapter", ""),
    )
    import_model(request, report, compares=arguments.get("compares", False))
    sync_registry()


@performs("quantise-model")
def quantise(arguments: dict[str, Any], report: Report) -> None:
    """Make another version of a model with smaller weights, unless a worker that died had done it."""
    name = arguments["model"].rpartition("@")[0]
    if f"{name}@{arguments['version']}" not in known_models():
        quantise_model(arguments["model"], arguments["quantisation"], arguments["version"], report)
    sync_registry()


@performs("download-model")
def fetch_model(arguments: dict[str, Any], report: Report) -> None:
    """Download a model at one commit, convert it, and throw the download away."""
    from rust_ai_ide.training.conversion.downloading import download_model

    repository, revision = arguments["repository"], arguments["revision"]
    folder = download_folder(repository, revision)
    trusted = settings.TRUSTED_HOSTS
    download_model(repository, revision, folder, report, hub=settings.MODEL_HUB, trusted_hosts=trusted)
    convert_model({**arguments, "source": str(folder), "origin": f"{repository} at {revision}"}, report)
    shutil.rmtree(folder, ignore_errors=True)
