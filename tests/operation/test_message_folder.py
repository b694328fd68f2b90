"""The folder of messages under load: nothing is read half, nothing is lost, nothing comes twice."""

import multiprocessing
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection

MESSAGES = 1500


def _connection(folder: str) -> Connection:
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": f"{folder}/control"}
    return Connection("filesystem://", transport="config.message_folder:Transport", transport_options=options)


def _send(folder: str, first: int) -> None:
    with _connection(folder) as connection:
        queue = connection.SimpleQueue("work")
        for number in range(first, first + MESSAGES):
            queue.put({"number": number, "filling": "x" * 5000})


def _take(folder: str, results: Any) -> None:
    taken = []
    with _connection(folder) as connection:
        queue = connection.SimpleQueue("work")
        while True:
            try:
                message = queue.get(timeout=2)
            except Empty:
                break
            taken.append(message.payload["number"])
            message.ack()
    results.put(taken)


def test_every_message_arrives_once_and_whole(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    processes = [spawn.Process(target=_take, args=(str(tmp_path), results)) for _ in range(2)]
    processes += [spawn.Process(target=_send, args=(str(tmp_path), first)) for first in (0, MESSAGES)]
    for process in processes:
        process.start()
    taken = [number for _ in range(2) for number in results.get(timeout=60)]
    for process in processes:
        process.join(10)
        assert process.exitcode == 0
    assert sorted(taken) == list(range(2 * MESSAGES))
    assert not list(tmp_path.glob("*.part"))
