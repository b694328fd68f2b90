// Tabs that show one panel of several, with the arrow keys of the ARIA pattern.
import { all, find } from "./dom";

export function initTabs(): void {
  for (const list of all("[data-tabs]")) {
    const tabs = all<HTMLButtonElement>("[role=tab]", list);
    const show = (tab: HTMLButtonElement): void => {
      for (const other of tabs) {
        const on = other === tab;
        other.setAttribute("aria-selected", String(on));
        other.tabIndex = on ? 0 : -1;
        const panel = find(`#${other.getAttribute("aria-controls") ?? ""}`);
        if (panel) panel.hidden = !on;
      }
    };
    const current = tabs.find((tab) => tab.getAttribute("aria-selected") === "true") ?? tabs[0];
    if (current) show(current);
    list.addEventListener("click", (event) => {
      const tab = (event.target as Element).closest<HTMLButtonElement>("[role=tab]");
      if (tab) show(tab);
    });
    list.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
      const next = tabs[(at + step + tabs.length) % tabs.length];
      if (step && at >= 0 && next) {
        show(next);
        next.focus();
      }
    });
  }
}
