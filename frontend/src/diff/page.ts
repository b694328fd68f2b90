// The diff page: files load as they come near, and one handler on the page serves every line.
import { find } from "../dom";
import { initComments } from "./comments";
import { initExpanding } from "./expanding";
import { initFiles } from "./files";
import { initNavigation } from "./navigation";
import { markInTree } from "./tree";

export interface DiffPage {
  root: HTMLElement;
  // The address of a file's fragment: "" for its rows, or "context/", "viewed/", "threads/".
  url(file: HTMLElement, part?: string, query?: Record<string, string>): string;
  // Called with each file's section when it comes onto the page.
  onFile(file: HTMLElement): void;
}

export function initDiff(): void {
  const root = find(".diff-page");
  if (!root) return;
  const view = root.dataset.split ? "split" : "unified";
  const page: DiffPage = {
    root,
    onFile: markInTree(root),
    url(file, part = "", query = {}) {
      const parameters = new URLSearchParams({ view, ...query });
      if (root.dataset.query) parameters.set("space", "ignore");
      return `${root.dataset.review ?? ""}files/${file.dataset.file ?? ""}/${part}?${parameters}`;
    },
  };
  const files = initFiles(page);
  initExpanding(page);
  const comments = initComments(page);
  initNavigation(page, files, comments);
}
