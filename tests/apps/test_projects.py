"""Opening, browsing, searching and forgetting projects, through the pages."""

import io
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.common.models import Run
from apps.projects import places
from apps.projects.models import Project
from tests.source.repositories import TestRepository

pytestmark = pytest.mark.django_db(transaction=True)


def opened(owner, repository, work) -> Project:
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    return Project.objects.get()


def archive(files: dict[str, str]) -> SimpleUploadedFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return SimpleUploadedFile("small.zip", packed.getvalue())


def test_a_folder_opens_and_is_analysed(owner, repository, work):
    project = opened(owner, repository, work)
    page = owner.get(reverse("project", args=[project.pk])).content.decode()
    assert "Cargo.toml" in page
    assert "Open files" in page
    assert project.analysis["files"] == 1
    assert sum(project.analysis["findings"].values()) > 0


def test_a_subfolder_opens_its_repository_and_only_once(owner, repository, work):
    first = opened(owner, repository, work)
    answer = owner.post(reverse("open-project"), {"path": str(repository.path / "src")})
    assert answer.url == reverse("project", args=[first.pk])
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "Give the path"),
        ("relative/path", "not a full path"),
        ("/nonexistent/folder", "/nonexistent/folder"),
    ],
)
def test_a_path_that_cannot_be_opened_says_why_and_keeps_what_was_typed(owner, path, said):
    answer = owner.post(reverse("open-project"), {"path": path})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert f'value="{path}"' in answer.content.decode()
    assert Project.objects.count() == 0


def test_a_plain_folder_is_no_repository(owner, tmp_path):
    answer = owner.post(reverse("open-project"), {"path": str(tmp_path)})
    assert answer.status_code == 400
    assert "git" in answer.content.decode()


def test_a_repository_without_commits_shows_its_files(owner, tmp_path, work):
    empty = TestRepository(tmp_path / "empty")
    project = opened(owner, empty, work)
    assert "no files yet" in owner.get(reverse("project", args=[project.pk])).content.decode()
    empty.write("src/lib.rs", "pub fn one() {}\n")
    time.sleep(places.FRESH_SECONDS)
    assert "src" in owner.get(reverse("project", args=[project.pk])).content.decode()


def test_a_bare_repository_opens_without_a_work_tree(owner, repository, work, tmp_path):
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    owner.post(reverse("open-project"), {"path": str(tmp_path / "bare.git")})
    work()
    project = Project.objects.get()
    assert "Cargo.toml" in owner.get(reverse("project", args=[project.pk])).content.decode()
    answer = owner.post(reverse("start-review", args=[project.pk]), {"kind": "work_tree"})
    assert answer.status_code == 400
    assert "no work tree" in answer.content.decode()


def test_an_upload_becomes_a_project(owner, work):
    owner.post(reverse("upload-project"), {"archive": archive({"small/src/lib.rs": "pub fn one() {}\n"})})
    project = Project.objects.get()
    assert "Waiting" in owner.get(reverse("project", args=[project.pk])).content.decode()
    work()
    project.refresh_from_db()
    assert project.is_ready
    assert owner.get(reverse("file", args=[project.pk, "src/lib.rs"])).status_code == 200


def test_a_hostile_upload_fails_with_a_reason_and_can_be_forgotten(owner, work):
    owner.post(reverse("upload-project"), {"archive": archive({"../evil.rs": "x"})})
    work()
    run = Run.objects.get()
    assert run.state == "failed"
    assert run.error
    project = Project.objects.get()
    assert run.error.split("“")[0] in owner.get(reverse("project", args=[project.pk])).content.decode()
    owner.post(reverse("forget-project", args=[project.pk]))
    assert "evil" not in owner.get(reverse("projects")).content.decode()


def test_forgetting_can_be_undone_and_never_touches_the_folder(owner, repository, work):
    project = opened(owner, repository, work)
    owner.post(reverse("forget-project", args=[project.pk]))
    assert owner.get(reverse("project", args=[project.pk])).status_code == 404
    assert (repository.path / "src/lib.rs").exists()
    page = owner.get(reverse("projects")).content.decode()
    assert "Undo" in page
    owner.post(reverse("restore-project", args=[project.pk]))
    assert owner.get(reverse("project", args=[project.pk])).status_code == 200


def test_renaming(owner, repository, work):
    project = opened(owner, repository, work)
    owner.post(reverse("rename-project", args=[project.pk]), {"name": "Another name"})
    assert "Another name" in owner.get(reverse("projects")).content.decode()
    assert owner.post(reverse("rename-project", args=[project.pk]), {"name": " "}).status_code == 400


def test_a_file_page_has_colour_outline_findings_and_line_links(owner, repository, work):
    project = opened(owner, repository, work)
    page = owner.get(reverse("file", args=[project.pk, "src/lib.rs"])).content.decode()
    assert '<span class="k">fn</span>' in page
    assert 'id="L11"' in page
    assert "dbg_macro" in page
    assert 'title="fn open"' in page


def test_a_file_at_a_branch_shows_what_the_branch_has(owner, repository, work):
    project = opened(owner, repository, work)
    page = owner.get(reverse("file", args=[project.pk, "src/lib.rs"]) + "?at=start").content.decode()
    assert "File::open" not in page
    assert "add" in page


def test_files_that_cannot_be_shown_say_so(owner, repository, work):
    repository.write("data.bin", b"\0\1\2")
    repository.write("binary.rs", b"\0\1\2")
    repository.write("latin.rs", "// caf\xe9\nfn main() {}\n".encode("latin-1"))
    (repository.path / "loop").symlink_to("loop")
    repository.write("huge.rs", b"// a line\n" * 5_500_000)
    project = opened(owner, repository, work)

    def page(path: str) -> str:
        return owner.get(reverse("file", args=[project.pk, path])).content.decode()

    assert "binary file" in page("data.bin")
    assert "binary file" in page("binary.rs")
    assert "UTF-8" in page("latin.rs")
    assert "symbolic link" in page("loop")
    assert "more than the 20 MB" in page("huge.rs")


def test_search_finds_names_and_text(owner, repository, work):
    project = opened(owner, repository, work)
    page = owner.get(reverse("search", args=[project.pk]) + "?q=lib").content.decode()
    assert "src/lib.rs" in page
    page = owner.get(reverse("search", args=[project.pk]) + "?q=File::open").content.decode()
    assert "<mark>File::open</mark>" in page
    page = owner.get(reverse("search", args=[project.pk]) + "?q=nowhere-to-be-found").content.decode()
    assert "Nothing holds" in page


def test_branches_and_commits_are_listed(owner, repository, work):
    project = opened(owner, repository, work)
    assert "start" in owner.get(reverse("branches", args=[project.pk])).content.decode()
    page = owner.get(reverse("commits", args=[project.pk])).content.decode()
    assert "Open files" in page
    assert "Begin" in page
    assert "Open files" not in owner.get(reverse("commits", args=[project.pk]) + "?at=start").content.decode()


def test_an_unknown_branch_is_a_sentence(owner, repository, work):
    project = opened(owner, repository, work)
    answer = owner.get(reverse("project", args=[project.pk]) + "?at=nonsense")
    assert answer.status_code == 404
    assert "nonsense" in answer.content.decode()


def test_the_palette_finds_pages_projects_and_files(owner, repository, work):
    project = opened(owner, repository, work)
    found = owner.get(reverse("palette"), {"q": "librs", "project": project.pk}).json()["places"]
    assert [place["name"] for place in found] == ["src/lib.rs"]
    assert owner.get(reverse("palette"), {"q": "runs"}).json()["places"][0]["name"] == "Runs"


def test_a_folder_of_the_tree_is_brought_when_it_is_opened(owner, repository, work):
    project = opened(owner, repository, work)
    address = reverse("file", args=[project.pk, "src"])
    part = owner.get(address, headers={"X-Fragment": "tree"}).content.decode()
    assert part.startswith("<ul>")
    assert f'href="{reverse("file", args=[project.pk, "src/lib.rs"])}"' in part
    assert "<html" in owner.get(address).content.decode()
