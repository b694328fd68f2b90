"""Counts of the kept completions, on the page and as JSON, and emptying them."""

import pytest
from django.urls import reverse

from apps.models.kept_completions import cache
from apps.models.models import ModelEvent
from apps.models.runtimes import runtimes
from rust_ai_ide.runtime.completion.cache import CacheCounts, Surroundings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings):
    cache.clear()
    cache.counts = CacheCounts()
    settings.RUNTIME_URLS = []
    runtimes.cache_clear()
    yield
    runtimes.cache_clear()
    cache.clear()


def place(before):
    return Surroundings("m@1", "a.rs", before, "\n")


def test_what_was_asked_is_counted_apart_and_can_be_thrown_away(owner):
    cache.find(place("let x = "))
    cache.keep(place("let x = "), "compute();")
    cache.find(place("let x = "))
    cache.find(place("let x = co"))
    cache.find(place("let x = com"))
    counts = owner.get(reverse("api-kept-completions")).json()
    assert (counts["asked"], counts["exact"], counts["typed_through"], counts["missed"]) == (4, 1, 2, 1)
    assert (counts["exact_share"], counts["typed_through_share"]) == (0.25, 0.5)
    assert counts["entries"] == 1
    assert 0 < counts["bytes"] < counts["most_bytes"]
    page = owner.get(reverse("hardware")).content.decode()
    assert "While typing what was suggested" in page
    assert "50%" in page
    assert "1 completion is kept" in page
    owner.post(reverse("empty-kept-completions"))
    assert owner.get(reverse("api-kept-completions")).json()["entries"] == 0
    assert owner.get(reverse("api-kept-completions")).json()["asked"] == 4
    assert ModelEvent.objects.get().action == "empty kept completions"


def test_strangers_see_and_empty_nothing(client):
    cache.keep(place("let x = "), "compute();")
    assert client.get(reverse("api-kept-completions")).status_code in {302, 401, 403}
    assert client.post(reverse("empty-kept-completions")).status_code in {302, 403}
    assert len(cache) == 1
