// Comments on a line: the form opens below it, the thread the server answers with takes its place.
import { activate, find, fragment, nodes, toast } from "../dom";
import type { DiffPage } from "./page";

export interface Comments {
  open(row: HTMLTableRowElement): void;
}

interface Anchor {
  side: string;
  line: string;
}

export function initComments(page: DiffPage): Comments {
  page.root.addEventListener("click", (event) => {
    const target = event.target as Element;
    const number = target.closest<HTMLTableCellElement>(".diff .num[data-n]");
    if (number) openForm(number.closest("tr") as HTMLTableRowElement, anchorOf(number));
    if (target.closest("[data-dismisses]")) close(target);
    const shown = target.closest("[data-opens-thread]")?.closest<HTMLElement>(".thread");
    if (shown) shown.toggleAttribute("data-open");
  });
  page.root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-new-thread]")) return;
    event.preventDefault();
    void send(page, form);
  });
  page.root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (event.target as Element).closest("[data-new-thread]")) close(event.target as Element);
  });
  return {
    open(row) {
      const numbers = [...row.querySelectorAll<HTMLTableCellElement>(".num[data-n]")];
      const last = numbers[numbers.length - 1];
      if (last) openForm(row, anchorOf(last));
    },
  };
}

// In both layouts the old version's number stands in the first cell.
function anchorOf(cell: HTMLTableCellElement): Anchor {
  const side = cell.cellIndex === 0 ? "old" : "new";
  return { side, line: cell.dataset.n ?? "" };
}

function openForm(row: HTMLTableRowElement, anchor: Anchor): void {
  const template = find<HTMLTemplateElement>("#comment-form");
  if (!template) return;
  const below = row.nextElementSibling;
  const known = below?.classList.contains("note-row") ? find<HTMLTextAreaElement>("[data-new-thread] textarea", below) : null;
  if (known) {
    known.focus();
    return;
  }
  const form = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  form.dataset.side = anchor.side;
  form.dataset.line = anchor.line;
  const note = document.createElement("tr");
  note.className = "note-row";
  const cell = note.insertCell();
  cell.colSpan = row.cells.length;
  cell.append(form);
  row.after(note);
  find("textarea", form)?.focus();
}

function close(inside: Element): void {
  const form = inside.closest<HTMLElement>("[data-new-thread]");
  form?.closest("tr")?.remove();
}

async function send(page: DiffPage, form: HTMLFormElement): Promise<void> {
  const file = form.closest<HTMLElement>(".diff-file");
  const button = find<HTMLButtonElement>("button.primary", form);
  if (!file || !button) return;
  const body = new URLSearchParams({
    side: form.dataset.side ?? "",
    line: form.dataset.line ?? "",
    body: find<HTMLTextAreaElement>("textarea", form)?.value ?? "",
  });
  button.disabled = true;
  try {
    const html = nodes(await fragment(page.url(file, "threads/"), { method: "POST", body }));
    const thread = find(".thread", html);
    if (!thread) return;
    form.replaceWith(thread);
    activate(thread);
  } catch (error) {
    // The words stay in the form; nothing written is lost.
    button.disabled = false;
    toast((error as Error).message);
  }
}
