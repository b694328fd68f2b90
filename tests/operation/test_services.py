"""The same workbench on PostgreSQL and Redis, by settings alone."""

import os
import uuid

import pytest

from tests.operation.client import Client
from tests.serving import serving

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        not (os.environ.get("TEST_DATABASE_URL") and os.environ.get("TEST_REDIS_URL")),
        reason="there is no PostgreSQL or no Redis; `make test` installs them where it may",
    ),
]


@pytest.fixture
def database() -> str:
    """An empty PostgreSQL database of our own."""
    import psycopg

    url = os.environ["TEST_DATABASE_URL"]
    name = f"workbench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield url.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_review_on_postgresql_and_redis(tmp_path, repository, database):
    with serving(tmp_path / "home", DATABASE_URL=database, REDIS_URL=os.environ["TEST_REDIS_URL"]) as server:
        client = Client(server)
        project = client.open_project(repository.path)
        review = client.post(f"{project}reviews/start/", {"kind": "range", "base": "start", "head": "main"})
        done = client.review_state(review, "done")
        assert sum(done["findings"].values()) > 0
        client.post(f"{review}files/0/threads/", {"side": "new", "line": "11", "body": "On PostgreSQL."})
        assert "On PostgreSQL." in client.get(review)
        assert not (tmp_path / "home" / "workbench.sqlite3").exists()
        assert not (tmp_path / "home" / "queue").exists()
