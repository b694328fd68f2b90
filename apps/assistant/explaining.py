"""Why a suggestion, for the editor: where it was copied from, or what the active model goes by."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.urls import reverse

from apps.assistant.completing import AFTER_SENT, BEFORE_SENT, Wanted, read_wanted
from apps.assistant.project_texts import text_of
from apps.assistant.writing import not_loaded
from apps.models.runtimes import runtime_for
from apps.models.selectors import explaining_version
from apps.projects.places import addressed
from rust_ai_ide.runtime.client import Refused
from rust_ai_ide.runtime.completion.copying import THIS_FILE
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.explaining import origin_of

LONGEST_SUGGESTION = 2_000
origin_in_thread = sync_to_async(origin_of, thread_sensitive=False)


@dataclass(frozen=True)
class Asked:
    """A suggestion to explain, where it is shown, what it came from and who wrote it, as the completion said."""

    wanted: Wanted
    text: str
    source: str
    model: str = ""


def read_asked(values: dict[str, Any]) -> Asked:
    """Check a message of the editor. Raises InvalidConfig."""
    text, source, model = values.get("text"), values.get("source"), values.get("model")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_SUGGESTION:
        raise InvalidConfig("There is no suggestion to explain.", "text")
    source, model = (value if isinstance(value, str) else "" for value in (source, model))
    return Asked(read_wanted(values), text, source, model)


async def explain(asked: Asked, client: str) -> AsyncGenerator[dict[str, Any]]:
    """Yield `progress` events, then one of the others; places count characters from the cursor.

    What did not come fresh from the model is explained by where it stands: in the file (`copied`), in another file of
    the project (`elsewhere`), or with other words nearby (`adapted`). The rest is what the model wrote (`explained`).
    Raises RuntimeFailure where the model cannot be asked.
    """
    wanted = asked.wanted
    if asked.source != "model":
        origin = await origin_in_thread(wanted.before, wanted.after, asked.text)
        if origin is not None:
            yield {"kind": "copied", "start": origin.start, "end": origin.end, "matched": origin.match_length}
            return
    if asked.source == THIS_FILE:
        yield {"kind": "adapted"}
        return
    elsewhere = await _elsewhere(asked) if asked.source != "model" else None
    if elsewhere is not None:
        yield {"kind": "elsewhere", **elsewhere}
        return
    model = await model_to_ask(asked.model)
    runtime = await sync_to_async(runtime_for)(model)
    request = {
        "model": model,
        "path": wanted.path,
        "input_prefix": wanted.before[-BEFORE_SENT:],
        "input_suffix": wanted.after[:AFTER_SENT],
        "text": asked.text,
    }
    try:
        async for event in runtime.stream("/explain", request, client):
            if "result" in event:
                yield {"kind": "explained", **event["result"]}
            else:
                yield {"kind": "progress", **event}
    except Refused as error:
        raise not_loaded(error, model) from error


async def _elsewhere(asked: Asked) -> dict[str, Any] | None:
    wanted = asked.wanted
    project = await text_of(wanted.project) if wanted.project else None
    found = project.without(wanted.path).locate(wanted.before, asked.text) if project else None
    if found is None:
        return None
    url = reverse("file", args=[wanted.project, addressed(found.path)]) + f"#L{found.line}"
    return {"path": found.path, "line": found.line, "matched": found.match_length, "url": url}


async def model_to_ask(by: str) -> str:
    """Return the model that can say why a line was suggested: the one here that wrote it, else the active one.

    Raises InvalidConfig where an endpoint wrote it, and where there is no model.
    """
    version = await database_sync_to_async(explaining_version)(by)
    if version is not None:
        return version.identifier
    if by:
        raise InvalidConfig(
            f"{by} wrote this. Only what a model on this machine wrote can be explained.", "model"
        )
    raise InvalidConfig("There is no model yet; add one on the page Models.", "model")
