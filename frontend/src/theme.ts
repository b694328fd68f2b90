// Light, dark, or as the system has it. The server reads the cookie, so no page flashes.
import { all } from "./dom";

const THEMES = ["auto", "light", "dark"];

export function initTheme(): void {
  for (const button of all("[data-cycles-theme]")) {
    button.addEventListener("click", () => {
      const now = THEMES.indexOf(document.documentElement.dataset.theme ?? "auto");
      const next = THEMES[(now + 1) % THEMES.length] ?? "auto";
      document.documentElement.dataset.theme = next;
      document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=strict`;
      button.title = `Theme: ${next === "auto" ? "the system's" : next}`;
    });
  }
}
