"""`rust-ai-ide models`: list them, tell what this machine can hold, find the fastest settings, and change them."""

import argparse
from typing import Any

from rust_ai_ide.cli import versions
from rust_ai_ide.cli.tables import write, write_json, write_table, yes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their options."""
    kinds = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    for name, summary, work in (
        ("list", "list the models with size, window and licence", _list),
        ("hardware", "show what this machine has and which models fit into it", _hardware),
        ("tune", "measure threads and types on this machine, and keep the fastest", _tune),
    ):
        kind = kinds.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name == "tune":
            kind.add_argument(
                "model", nargs="?", metavar="MODEL", help="its id or name (default: the last of the list)"
            )
        kind.add_argument("--json", action="store_true", help="write JSON")
        kind.set_defaults(work=work)
    versions.add_kinds(kinds)


def run(arguments: argparse.Namespace) -> int:
    """Do one of them; raises RustAiIdeError where it fails."""
    arguments.work(arguments)
    return 0


def _list(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.runtime.library import known_models
    from rust_ai_ide.runtime.server.remembering import LoadedModels

    loaded = LoadedModels.in_data_directory().wanted()
    rows: list[dict[str, Any]] = [
        {
            "id": model,
            "bytes": sum(record.size for record in manifest.files.values()),
            "parameters": manifest.parameters,
            "window": manifest.context_length,
            "licence": manifest.licence,
            "loaded": model in loaded,
            "encrypted": manifest.encryption is not None,
            "folder": str(folder),
        }
        for model, (folder, manifest) in known_models().items()
    ]
    if arguments.json:
        write_json(rows)
    elif not rows:
        write("There is no model yet.")
    else:
        table = [
            (r["id"], f"{r['bytes'] / 1e6:,.0f} MB", f"{r['window']:,}", r["licence"], yes(r["loaded"]))
            for r in rows
        ]
        write_table([("Model", "Size", "Window", "Licence", "Loaded"), *table])


def _hardware(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.runtime.machine_report import hardware_report

    report = hardware_report()
    if arguments.json:
        write_json(report)
        return
    machine = report["machine"]
    gpus = ", ".join(f"{gpu['name']} ({gpu['memory'] / 1e9:,.0f} GB)" for gpu in machine["gpus"])
    write(
        f"Processor      {machine['processor']}, {', '.join(machine['features']) or 'no wide instructions'}"
    )
    write(f"Cores          {machine['physical_cores']} physical, {machine['logical_cores']} logical")
    write(
        f"Memory         {machine['memory'] / 1e9:,.1f} GB, {machine['memory_available'] / 1e9:,.1f} GB free"
    )
    write(f"Graphics       {gpus or 'none that CTranslate2 can use'}")
    write(f"Compute types  {', '.join(machine['compute_types'])}")
    if machine["note"]:
        write(machine["note"])
    write("")
    table = [
        (m["name"], f"{m['window']:,}", f"{m['needed'] / 1e9:,.1f} GB", m["verdict"])
        for m in report["models"]
    ]
    write_table([("At int8", "Window", "Needs", "In this machine"), *table])
    write("")
    write(report["recommendation"])


def _tune(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.errors import ModelNotFound
    from rust_ai_ide.runtime.hardware import this_machine
    from rust_ai_ide.runtime.library import known_models
    from rust_ai_ide.runtime.machine_report import tuning_report
    from rust_ai_ide.runtime.trials import tune

    model = arguments.model or next(reversed(known_models()), "")
    if not model:
        raise ModelNotFound("There is no model yet.")
    report = tuning_report(tune(model, this_machine(), progress()))
    if arguments.json:
        write_json(report)
        return
    write(f"{report['model']}, the fastest first; it is used from the next load on.")
    write_table([_TRIAL, *map(_trial, report["trials"])])
    if report["left_out"]:
        write(f"{report['left_out']} settings were not tried for lack of time.")


_TRIAL = ("Threads", "Type", "Packed", "Prompt", "First token", "Each further", "All 16", "Memory")


def _trial(trial: dict[str, Any]) -> tuple[str, ...]:
    last = trial["timings"][-1]
    return (
        str(trial["threads"]),
        trial["compute_type"],
        yes(trial["packed"]),
        str(last["prompt_tokens"]),
        f"{last['first_token']:.1f} ms",
        f"{last['each_token']:.2f} ms",
        f"{last['total']:.1f} ms",
        f"{trial['memory'] / 1e6:,.0f} MB",
    )
