"""A disk that takes no more: a small quota on files makes the real writes fail."""

import asyncio
import contextlib
import errno
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.common.body_limit import LimitBody
from apps.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)


@contextlib.contextmanager
def quota(size: int) -> Iterator[None]:
    """Let no file of this process grow over `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_upload_that_does_not_fit_says_so_and_leaves_nothing(owner):
    before = sorted(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())
    archive = SimpleUploadedFile("large.zip", b"x" * 3_000_000)
    with quota(1_000_000):
        answer = owner.post(reverse("upload-project"), {"archive": archive})
    assert answer.status_code == 507
    assert "could not be kept" in answer.content.decode()
    assert not Project.objects.exists()
    assert sorted(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == before


def test_a_body_that_cannot_be_kept_is_answered():
    async def full(scope, receive, send):
        raise OSError(errno.ENOSPC, "No space left on device")

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(LimitBody(full)({"type": "http", "path": "/", "headers": []}, None, send))
    assert sent[0]["status"] == 507
    assert b"disk is full" in sent[1]["body"]
