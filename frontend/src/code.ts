// The file page: findings open at their line, folders of the tree load when opened.
import { all, find, fragment, nodes } from "./dom";

export function initCode(): void {
  document.addEventListener("click", (event) => {
    const marker = (event.target as Element).closest(".marker");
    if (marker) toggle(marker, marker.getAttribute("aria-expanded") !== "true");
    else linkTo((event.target as Element).closest<HTMLElement>(".ln[data-n]"));
  });
  for (const button of all("[data-toggles-findings]")) {
    button.addEventListener("click", () => {
      const show = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(show));
      for (const marker of all(".marker")) toggle(marker, show);
      if (show) find(".marker")?.scrollIntoView({ block: "center" });
    });
  }
  document.addEventListener("toggle", (event) => void load(event.target as HTMLElement), true);
  openAtHash();
  window.addEventListener("hashchange", openAtHash);
  find(".tree [aria-current]")?.scrollIntoView({ block: "center" });
  const target = location.hash.startsWith("#L") ? document.getElementById(location.hash.slice(1)) : null;
  target?.scrollIntoView({ block: "center" });
}

// A click on a line's number makes the address name that line.
function linkTo(number: HTMLElement | null): void {
  if (!number) return;
  const y = window.scrollY;
  location.hash = `L${number.dataset.n ?? ""}`;
  window.scrollTo({ top: y });
}

function toggle(marker: Element, show: boolean): void {
  const note = marker.closest("tr")?.nextElementSibling as HTMLElement | null;
  if (!note?.classList.contains("note-row")) return;
  note.hidden = !show;
  marker.setAttribute("aria-expanded", String(show));
}

function openAtHash(): void {
  const marker = location.hash.startsWith("#L") ? find(`[id="${CSS.escape(location.hash.slice(1))}"] .marker`) : null;
  if (marker) toggle(marker, true);
}

async function load(details: HTMLElement): Promise<void> {
  const url = details.dataset.folder;
  if (!url || !(details as HTMLDetailsElement).open || "loaded" in details.dataset) return;
  details.dataset.loaded = "";
  details.append(nodes(await fragment(url, {}, "tree")));
}
