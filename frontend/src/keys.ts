// Keyboard shortcuts: modules declare theirs here, `?` lists them.
import { all, find, isTyping, make } from "./dom";

interface Shortcut {
  key: string;
  label: string;
  run: () => void;
}

const shortcuts: Shortcut[] = [];

export function shortcut(key: string, label: string, run: () => void): void {
  shortcuts.push({ key, label, run });
}

export function openDialog(id: string): void {
  const dialog = find<HTMLDialogElement>(`#${id}`);
  if (dialog && !dialog.open) dialog.showModal();
}

export function initKeys(): void {
  shortcut("?", "Show the keyboard shortcuts", () => {
    fillList();
    openDialog("keys");
  });
  for (const button of all("[data-opens]")) {
    button.addEventListener("click", () => {
      if (button.dataset.opens === "keys") fillList();
      openDialog(button.dataset.opens ?? "");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const wanted = shortcuts.find((known) => known.key === event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.run();
  });
}

function fillList(): void {
  const list = find("#keys .key-list");
  if (!list) return;
  const entries = [{ key: "Ctrl K", label: "Go to a page, project or file" }, ...shortcuts];
  list.replaceChildren(
    ...entries.flatMap(({ key, label }) => {
      const term = make("dt");
      term.append(make("kbd", key));
      return [term, make("dd", label)];
    }),
  );
}
