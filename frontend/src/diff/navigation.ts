// Reading a diff by keyboard: changes, files, and what was said about them.
import { all, find } from "../dom";
import { shortcut } from "../keys";
import type { Comments } from "./comments";
import type { Files } from "./files";
import type { DiffPage } from "./page";

const TOP = 120;

export function initNavigation(page: DiffPage, files: Files, comments: Comments): void {
  let cursor: HTMLTableRowElement | null = null;

  const setCursor = (row: HTMLTableRowElement): void => {
    cursor?.classList.remove("cursor");
    cursor = row;
    row.classList.add("cursor");
    scrollTo(row);
  };

  const fileOf = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>(".diff-file") ?? null;
  const allFiles = (): HTMLElement[] => all(".diff-file", page.root);
  const currentFile = (): HTMLElement | null => {
    if (cursor?.isConnected) return fileOf(cursor);
    return allFiles().find((file) => file.getBoundingClientRect().bottom > TOP) ?? null;
  };

  // The first rows of each run of changed lines in one file.
  const changesOf = (file: HTMLElement): HTMLTableRowElement[] => {
    const rows = all<HTMLTableRowElement>(".diff tr", file);
    const isChanged = (row: Element | undefined): boolean => !!row?.querySelector(".add, .del");
    return rows.filter((row, at) => isChanged(row) && !isChanged(rows[at - 1]));
  };

  const moveByChange = async (step: 1 | -1): Promise<void> => {
    let file = currentFile();
    let after: HTMLTableRowElement | null = cursor?.isConnected && fileOf(cursor) === file ? cursor : null;
    while (file) {
      if (!file.classList.contains("folded")) {
        await files.load(file);
        const changes = changesOf(file);
        const next = nextOf(changes, after, step);
        if (next) {
          setCursor(next);
          return;
        }
      }
      file = await files.neighbour(file, step);
      after = null;
    }
  };

  const moveByFile = async (step: 1 | -1): Promise<void> => {
    const here = currentFile();
    const next = here ? await files.neighbour(here, step) : null;
    if (!next) return;
    cursor?.classList.remove("cursor");
    cursor = null;
    next.scrollIntoView({ block: "start" });
    find("[data-folds]", next)?.focus({ preventScroll: true });
    void files.load(next).then(() => {
      const first = changesOf(next)[0];
      if (first && !cursor) {
        cursor = first;
        first.classList.add("cursor");
      }
    });
  };

  // The tree knows in which files something was said, also in those that are not on the page yet.
  const moveByNote = async (step: 1 | -1): Promise<void> => {
    const links = all(".diff-files a", page.root);
    const here = currentFile();
    let at = links.findIndex((link) => link.dataset.file === here?.dataset.file);
    let after: HTMLTableRowElement | null = cursor?.isConnected && fileOf(cursor) === here ? cursor : null;
    for (; links[at]; at += step, after = null) {
      const link = links[at] as HTMLElement;
      const present = document.getElementById(`file-${link.dataset.file ?? ""}`);
      if (!link.dataset.notes && !(present && find(".note-row", present))) continue;
      const file = present ?? (await files.reach(link));
      if (!file) return;
      if (file.classList.contains("folded")) files.fold(file, false);
      await files.load(file);
      const next = nextOf(all<HTMLTableRowElement>(".note-row", file), after, step);
      if (next) {
        setCursor(next);
        return;
      }
    }
  };

  shortcut("j", "Next change", () => void moveByChange(1));
  shortcut("k", "Previous change", () => void moveByChange(-1));
  shortcut("]", "Next file", () => void moveByFile(1));
  shortcut("[", "Previous file", () => void moveByFile(-1));
  shortcut("n", "Next finding or comment", () => void moveByNote(1));
  shortcut("p", "Previous finding or comment", () => void moveByNote(-1));
  shortcut("c", "Comment on the change under the cursor", () => {
    if (cursor?.isConnected) comments.open(cursor);
  });
  shortcut("v", "Mark the file as viewed, or not, and go on", () => {
    const file = currentFile();
    if (!file) return;
    const done = !file.classList.contains("folded");
    files.toggleViewed(file);
    if (done) void moveByFile(1);
  });
}

// The row after (or before) another one; without one, the first (or last).
function nextOf<T extends Element>(rows: T[], from: Element | null, step: 1 | -1): T | undefined {
  const ordered = step > 0 ? rows : [...rows].reverse();
  if (!from) return ordered[0];
  return ordered.find((row) => (step > 0 ? comesAfter(row, from) : comesAfter(from, row)));
}

function comesAfter(row: Element, other: Element): boolean {
  return (other.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

function scrollTo(row: Element): void {
  const box = row.getBoundingClientRect();
  if (box.top < TOP || box.bottom > window.innerHeight - TOP) {
    window.scrollBy({ top: box.top - window.innerHeight / 3 });
  }
}
