// Showing unchanged lines between hunks.
import { activate, find, fragment, make, nodes, toast } from "../dom";
import type { DiffPage } from "./page";

const STEP = 20;

export function initExpanding(page: DiffPage): void {
  page.root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-expand]");
    const gap = button?.closest<HTMLElement>("tr.gap");
    if (button && gap) void expand(page, gap, button.dataset.expand ?? "all");
  });
}

// "down" continues after the hunk above the gap, "up" leads to the hunk below it.
async function expand(page: DiffPage, gap: HTMLElement, way: string): Promise<void> {
  const file = gap.closest<HTMLElement>(".diff-file");
  if (!file || "busy" in gap.dataset) return;
  const [old, now, count] = [Number(gap.dataset.old), Number(gap.dataset.new), Number(gap.dataset.count)];
  const taken = way === "all" ? count : Math.min(STEP, count);
  const skipped = way === "up" ? count - taken : 0;
  gap.dataset.busy = "";
  try {
    const query = { old: String(old + skipped), new: String(now + skipped), count: String(taken) };
    const html = await fragment(page.url(file, "context/", query));
    const rows = find("tbody", nodes(`<table><tbody>${html}</tbody></table>`));
    const added = rows ? [...rows.children] : [];
    if (way === "up") gap.after(...added);
    else gap.before(...added);
    for (const row of added) activate(row);
    if (taken === count) {
      if (find(".heading", gap)?.textContent) find(".gap-tools", gap)?.replaceChildren(find(".heading", gap) ?? "");
      else gap.remove();
      gap.dataset.count = "0";
    } else {
      shrink(gap, way === "up" ? 0 : taken, count - taken);
    }
  } catch (error) {
    toast((error as Error).message);
  } finally {
    delete gap.dataset.busy;
  }
}

function shrink(gap: HTMLElement, forward: number, left: number): void {
  gap.dataset.old = String(Number(gap.dataset.old) + forward);
  gap.dataset.new = String(Number(gap.dataset.new) + forward);
  gap.dataset.count = String(left);
  const tools = find(".gap-tools", gap);
  const allButton = find('[data-expand="all"]', gap);
  if (allButton) allButton.textContent = `${left} line${left === 1 ? "" : "s"}`;
  if (left <= STEP) tools?.querySelectorAll('[data-expand="up"], [data-expand="down"]').forEach((button) => button.remove());
  if (!tools?.children.length) tools?.append(make("span"));
}
