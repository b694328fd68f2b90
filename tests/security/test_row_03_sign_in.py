"""Row 3: a one-time link gives a session once; other sites cannot post; looking changes nothing."""

import os
import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import get_resolver, reverse

from rust_ai_ide import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_works_once(client):
    link = reverse("use-sign-in-link", args=[sign_in.issue_token()])
    assert client.get(link).status_code == 200
    assert not Session.objects.exists()
    answer = client.post(link)
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    cookie = answer.cookies["rust-ai-ide-session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    client.logout()
    assert client.post(link).status_code == 403


def test_old_and_made_up_links_are_refused(client):
    token = sign_in.issue_token()
    (file,) = [f for f in sign_in._folder().iterdir() if f.name == sign_in._file(token).name]
    long_ago = time.time() - sign_in.LIFETIME - 5
    os.utime(file, (long_ago, long_ago))
    for wrong in (token, "x" * 32, "..%2f" * 6, "short"):
        assert client.post(f"/sign-in/{wrong}/").status_code in (403, 404)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_cannot_post(owner, site):
    answer = owner.post("/sign-out/", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert owner.get("/").status_code == 200


def test_a_form_without_its_token_is_refused(django_user_model):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(django_user_model.objects.create(username="owner"))
    assert strict.post(reverse("open-project"), {"path": "/tmp"}).status_code == 403


def test_strangers_see_nothing(client):
    for path in ("/", "/runs/", "/rules/", "/projects/1/", "/palette/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/")
    assert client.get("/api/projects/").status_code == 401


def test_addresses_that_change_something_do_not_answer_to_looking(owner):
    changing = {"open", "upload", "clone", "rename", "forget", "restore", "analyse", "start", "again", "delete",
                "cancel", "sign-out", "viewed", "reply", "resolve", "edit", "remove"}  # fmt: skip
    looked = 0
    for pattern in get_resolver().url_patterns:
        for url in pattern.url_patterns:
            words = str(url.pattern).strip("/").split("/")
            if words[-1] not in changing:
                continue
            path = "/" + "/".join("1" if word.startswith("<") else word for word in words) + "/"
            assert owner.get(path).status_code == 405, path
            looked += 1
    assert looked >= 14
