"""The whole way of a reader: sign in, open a repository, review a range, comment, reload, and find everything there."""

import re
import time

from playwright.sync_api import expect


def open_project(page, server, path) -> None:
    page.goto(server.url)
    page.get_by_role("tab", name="Folder").click()
    page.get_by_label("Folder on this machine").fill(str(path))
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    page.wait_for_load_state("load")


def start_review(page, base: str, head: str) -> None:
    page.get_by_role("link", name="Review a change").click()
    page.get_by_label("From (the base)").fill(base)
    page.get_by_label("To (what is reviewed)").fill(head)
    page.get_by_role("button", name="Review", exact=True).first.click()
    page.wait_for_url(re.compile(r"/reviews/\d+/$"))
    expect(page.locator(".run")).to_have_count(0, timeout=30_000)
    page.wait_for_load_state("load")


def test_review_a_range_and_comment(page, server, repository, complaints):
    open_project(page, server, repository.path)
    start_review(page, "start", "main")
    expect(page.locator(".finding", has_text="dbg_macro")).to_be_visible(timeout=30_000)

    page.keyboard.press("j")
    expect(page.locator("tr.cursor")).to_be_visible()
    page.keyboard.press("c")
    page.locator("[data-new-thread] textarea").fill("Is this **needed**?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".thread strong", has_text="needed")).to_be_visible()

    page.reload()
    expect(page.locator(".thread strong", has_text="needed")).to_be_visible()
    expect(page.locator(".finding", has_text="dbg_macro")).to_be_visible()

    page.get_by_label("Reply").fill("It is not.")
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("It is not.")).to_be_visible()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved, 2 comments")).to_be_visible()

    page.get_by_label("Viewed").check()
    expect(page.locator("[data-viewed-count]")).to_have_text("1")
    page.reload()
    expect(page.locator(".diff-file.folded")).to_have_count(1)
    assert complaints == []


def test_the_keyboard_moves_through_changes_findings_and_files(page, server, repository, complaints):
    lines = [f"// line {n}\n" for n in range(200)]
    repository.commit("Long", {"src/a.rs": "".join(lines), "src/b.rs": "".join(lines)})
    lines[20] = "// first\n"
    lines[150] = "fn second() { dbg!(1); }\n"
    repository.commit("Change", {"src/a.rs": "".join(lines), "src/b.rs": "".join(lines)})
    open_project(page, server, repository.path)
    start_review(page, "HEAD~1", "HEAD")
    expect(page.locator(".finding").first).to_be_visible(timeout=30_000)

    def cursor() -> str:
        return page.locator("tr.cursor").inner_text()

    def file() -> str:
        return page.locator(".diff-file:has(tr.cursor) h2").inner_text()

    seen = []
    for _ in range(4):
        page.keyboard.press("j")
        page.wait_for_timeout(150)
        seen.append((file(), cursor().strip().split("\n")[-1]))
    assert [name for name, _ in seen] == ["src/a.rs", "src/a.rs", "src/b.rs", "src/b.rs"]
    page.keyboard.press("k")
    page.wait_for_timeout(150)
    assert file() == "src/b.rs"
    page.keyboard.press("p")
    page.wait_for_timeout(150)
    assert "dbg_macro" in cursor()
    page.keyboard.press("v")
    expect(page.locator("[data-viewed-count]")).to_have_text("1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    expect(page.get_by_text("Next finding or comment")).to_be_visible()
    page.keyboard.press("Escape")

    page.locator('.gap [data-expand="down"]').last.scroll_into_view_if_needed()
    before = page.locator(".diff tr").count()
    page.locator('.gap [data-expand="down"]').last.click()
    expect(page.locator(".diff tr")).to_have_count(before + 20)
    assert complaints == []


def test_the_palette_goes_to_a_file(page, server, repository, complaints):
    open_project(page, server, repository.path)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Go to").fill("librs")
    expect(page.get_by_role("option", name="src/lib.rs")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/file/src/lib\.rs$"))
    expect(page.get_by_role("heading", name="src/lib.rs")).to_be_visible()
    assert complaints == []


def test_an_open_file_page_notices_that_the_file_changed(page, server, repository, complaints):
    open_project(page, server, repository.path)
    page.goto(page.url + "file/src/lib.rs")
    time.sleep(1)
    repository.write("src/lib.rs", "pub fn changed_on_disk() {}\n")
    expect(page.get_by_text("changed on disk")).to_be_visible()
    page.get_by_role("button", name="Reload").click()
    expect(page.locator(".code", has_text="changed_on_disk")).to_be_visible()
    assert complaints == []


def test_the_theme_is_kept(page, server):
    page.goto(server.url)
    page.get_by_role("button", name="Change the theme").click()
    page.get_by_role("button", name="Change the theme").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_architecture_is_drawn_and_focuses(page, server, repository, complaints):
    repository.commit(
        "Modules",
        {
            "src/lib.rs": "mod one;\nmod two;\n",
            "src/one.rs": "use crate::two::Two;\npub struct One(pub Two);\n",
            "src/two.rs": "use crate::one::One;\npub struct Two(pub Box<One>);\n",
        },
    )
    open_project(page, server, repository.path)
    page.get_by_role("link", name="Architecture").click()
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".graph-frame > svg")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("use each other")).to_be_visible()
    page.locator('.node[data-node$="one"]').first.click()
    expect(page.locator(".graph-frame.focused")).to_be_visible()
    expect(page.locator(".graph-name")).to_contain_text("uses 1, used by 1")
    page.get_by_label("Find a node").fill("two")
    page.keyboard.press("Enter")
    expect(page.locator('.node.focus[data-node$="two"]')).to_be_visible()
    page.locator('.node[data-node$="one"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("focus=small%3A%3Aone"))
    page.get_by_label("Steps").select_option("3")
    page.wait_for_url(re.compile("depth=3"))
    expect(page.locator(".graph-frame > svg")).to_be_visible()
    assert complaints == []


def test_an_upload_is_cancelled_half_way_and_leaves_nothing(page, server, tmp_path):
    large = tmp_path / "large.zip"
    large.write_bytes(b"PK\x03\x04" + b"\0" * 60_000_000)
    page.goto(server.url)
    before = page.locator("table.list tbody tr").count()
    page.get_by_role("tab", name="Upload").click()
    page.get_by_label(re.compile("Archive")).set_input_files(large)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    throttled = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2_000_000}
    session.send("Network.emulateNetworkConditions", throttled)
    page.locator("#way-upload button.primary").click()
    page.locator(".upload-cancel").click()
    expect(page.get_by_text("The upload was cancelled")).to_be_visible()
    page.reload()
    assert page.locator("table.list tbody tr").count() == before
