// The palette (Ctrl-K): type a few letters of a page, project or file, and go there.
import { find, make } from "./dom";
import { openDialog } from "./keys";

interface Place {
  name: string;
  url: string;
  kind: string;
}

export function initPalette(): void {
  const dialog = find<HTMLDialogElement>("#palette");
  const input = find<HTMLInputElement>("#palette input");
  const list = find("#palette-list");
  if (!dialog || !input || !list) return;
  let chosen = 0;
  let asked = 0;

  const choose = (index: number): void => {
    const options = [...list.children] as HTMLElement[];
    chosen = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    options[chosen]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen]?.id ?? "");
  };

  const ask = async (): Promise<void> => {
    const turn = ++asked;
    const query = new URLSearchParams({ q: input.value, project: document.body.dataset.project ?? "" });
    const response = await fetch(`${input.dataset.source ?? ""}?${query}`);
    if (turn !== asked || !response.ok) return;
    const { places } = (await response.json()) as { places: Place[] };
    list.replaceChildren(
      ...places.map((place, at) => {
        const option = make("li", "", { role: "option", id: `place-${at}`, "data-url": place.url });
        option.append(make("span", place.name), make("small", place.kind));
        return option;
      }),
    );
    if (!places.length) list.append(make("li", "Nothing by that name", { role: "option", "aria-disabled": "true" }));
    choose(0);
  };

  const go = (option: Element | undefined): void => {
    const url = (option as HTMLElement | undefined)?.dataset.url;
    if (url) location.assign(url);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openDialog("palette");
    }
  });
  new MutationObserver(() => {
    if (!dialog.open) return;
    input.value = "";
    input.focus();
    void ask();
  }).observe(dialog, { attributes: true, attributeFilter: ["open"] });
  input.addEventListener("input", () => void ask());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(list.children[chosen]);
    }
  });
  list.addEventListener("click", (event) => go((event.target as Element).closest("li") ?? undefined));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
