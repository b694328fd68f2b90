// Loading, folding, filtering and marking the files of a diff.
import { activate, all, find, fragment, make, nodes, toast } from "../dom";
import type { DiffPage } from "./page";
import { initSections, type Sections } from "./sections";

const AT_ONCE = 4;
const ROW_HEIGHT = 20;

export interface Files extends Sections {
  load(file: HTMLElement): Promise<void>;
  fold(file: HTMLElement, folded: boolean): void;
  toggleViewed(file: HTMLElement): void;
}

export function initFiles(page: DiffPage): Files {
  const waiting: HTMLElement[] = [];
  const loading = new Map<HTMLElement, Promise<void>>();

  const load = (file: HTMLElement): Promise<void> => {
    const body = find(".diff-body", file);
    if (!body || !("load" in body.dataset)) return Promise.resolve();
    const known = loading.get(file);
    if (known) return known;
    const work = fetchInto(file, body).finally(() => {
      loading.delete(file);
      next();
    });
    loading.set(file, work);
    return work;
  };

  const fetchInto = async (file: HTMLElement, body: HTMLElement): Promise<void> => {
    try {
      const html = await fragment(page.url(file));
      body.replaceChildren(nodes(html));
      delete body.dataset.load;
      body.style.minHeight = "";
      activate(body);
      watchMore(body);
    } catch (error) {
      const retry = make("button", "Try again", { type: "button", "data-loads": "" });
      const line = make("p", `${(error as Error).message} `);
      line.append(retry);
      body.replaceChildren(line);
    }
  };

  const next = (): void => {
    while (loading.size < AT_ONCE && waiting.length) {
      const file = waiting.pop();
      if (file && near.has(file)) void load(file);
    }
  };

  // Only what is near is loaded; a file scrolled past before its turn came loses its place.
  const near = new Set<HTMLElement>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const file = entry.target as HTMLElement;
        if (!entry.isIntersecting) {
          near.delete(file);
        } else if (!file.classList.contains("folded") && find(".diff-body", file)?.dataset.load === "") {
          near.add(file);
          waiting.push(file);
        }
      }
      next();
    },
    { rootMargin: "800px 0px" },
  );

  const moreRows = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) void loadMore(entry.target as HTMLElement);
    },
    { rootMargin: "1200px 0px" },
  );
  const watchMore = (root: ParentNode): void => {
    for (const rows of all("[data-more]", root)) moreRows.observe(rows);
  };
  const loadMore = async (rows: HTMLElement): Promise<void> => {
    moreRows.unobserve(rows);
    const file = rows.closest<HTMLElement>(".diff-file");
    const table = rows.parentElement;
    if (!file || !table || "busy" in rows.dataset) return;
    rows.dataset.busy = "";
    try {
      const html = await fragment(page.url(file, "", { from: rows.dataset.more ?? "0" }));
      // Rows need a table around them to be parsed as rows.
      const parsed = find("table", nodes(`<table>${html}</table>`));
      rows.replaceWith(...(parsed ? [...parsed.children] : []));
      activate(table);
      watchMore(table);
    } catch (error) {
      delete rows.dataset.busy;
      toast((error as Error).message);
    }
  };

  const begin = (file: HTMLElement): void => {
    const body = find(".diff-body", file);
    if (body?.dataset.load === "") {
      body.style.minHeight = `${Number(file.dataset.rows ?? 10) * ROW_HEIGHT}px`;
      observer.observe(file);
    }
    page.onFile(file);
    watchMore(file);
  };
  const sections = initSections(page, begin);

  // What lies between may still change its height, so look twice.
  const show = async (section: HTMLElement): Promise<void> => {
    section.scrollIntoView({ block: "start" });
    await load(section);
    section.scrollIntoView({ block: "start" });
  };

  const fold = (file: HTMLElement, folded: boolean): void => {
    file.classList.toggle("folded", folded);
    find("[data-folds]", file)?.setAttribute("aria-expanded", String(!folded));
    if (!folded && find(".diff-body", file)?.dataset.load === "") void load(file);
  };

  const markViewed = async (file: HTMLElement, viewed: boolean): Promise<void> => {
    const body = new URLSearchParams({ viewed: viewed ? "1" : "0" });
    try {
      await fragment(page.url(file, "viewed/"), { method: "POST", body });
    } catch (error) {
      const box = find<HTMLInputElement>("[data-views]", file);
      if (box) box.checked = !viewed;
      toast((error as Error).message);
      return;
    }
    fold(file, viewed);
    find(`.diff-files [data-file="${file.dataset.file ?? ""}"]`, page.root)?.classList.toggle("viewed", viewed);
    const count = find("[data-viewed-count]", page.root);
    if (count) count.textContent = String(all("[data-views]:checked", page.root).length);
  };

  page.root.addEventListener("click", (event) => {
    const target = event.target as Element;
    const link = target.closest<HTMLElement>(".diff-files a");
    if (link) {
      event.preventDefault();
      void sections.reach(link).then((section) => section && show(section));
    }
    const gap = target.closest<HTMLElement>("[data-gap]");
    if (gap) void sections.fill(gap);
    const file = target.closest<HTMLElement>(".diff-file");
    if (!file) return;
    if (target.closest("[data-folds]")) fold(file, !file.classList.contains("folded"));
    else if (target.closest("[data-loads]")) void load(file);
    else if (target.closest("[data-more-rows]")) {
      const rows = target.closest<HTMLElement>("[data-more]");
      if (rows) void loadMore(rows);
    }
  });
  page.root.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    const file = box.closest<HTMLElement>(".diff-file");
    if (file && box.matches("[data-views]")) void markViewed(file, box.checked);
  });
  find("[data-filters-files]", page.root)?.addEventListener("input", (event) => {
    const wanted = (event.target as HTMLInputElement).value.toLowerCase();
    for (const link of all(".diff-files a", page.root)) {
      const item = link.parentElement;
      const path = link.getAttribute("aria-label") ?? "";
      if (item) item.hidden = !path.slice(0, path.lastIndexOf(" added")).toLowerCase().includes(wanted);
    }
    for (const folder of all(".diff-files .folder", page.root)) folder.hidden = wanted !== "";
  });

  return {
    ...sections,
    load,
    fold,
    toggleViewed(file) {
      const box = find<HTMLInputElement>("[data-views]", file);
      if (!box) return;
      box.checked = !box.checked;
      void markViewed(file, box.checked);
    },
  };
}
