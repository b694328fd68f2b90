// The sections of a long change come onto the page as they are needed; a gap stands for those that are missing.
import { all, fragment, make, nodes, toast } from "../dom";
import type { DiffPage } from "./page";

const AT_ONCE = 40;

export interface Sections {
  // Return the file after (or before) another one.
  neighbour(file: HTMLElement, step: 1 | -1): Promise<HTMLElement | null>;
  // Bring the section of a file that the tree links to.
  reach(link: HTMLElement): Promise<HTMLElement | null>;
  // Bring the first sections of a gap.
  fill(gap: HTMLElement): Promise<void>;
}

export function initSections(page: DiffPage, begin: (file: HTMLElement) => void): Sections {
  const busy = new Map<HTMLElement, Promise<void>>();

  // A gap is filled from the end that the reader comes from.
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        const gap = entry.target as HTMLElement;
        void (entry.boundingClientRect.top < 0 ? fillFromEnd(gap) : fillFromStart(gap));
      }
    },
    { rootMargin: "2000px 0px" },
  );

  const bounds = (gap: HTMLElement): [number, number] => [Number(gap.dataset.from), Number(gap.dataset.to)];
  const fillFromStart = (gap: HTMLElement): Promise<void> => bring(gap, bounds(gap)[0], bounds(gap)[0] + AT_ONCE);
  const fillFromEnd = (gap: HTMLElement): Promise<void> => bring(gap, bounds(gap)[1] - AT_ONCE, bounds(gap)[1]);

  const bring = (gap: HTMLElement, from: number, to: number): Promise<void> => {
    const known = busy.get(gap);
    if (known) return known;
    const work = replacePart(gap, from, to).finally(() => busy.delete(gap));
    busy.set(gap, work);
    return work;
  };

  const replacePart = async (gap: HTMLElement, from: number, to: number): Promise<void> => {
    const [first, last] = bounds(gap);
    const [start, end] = [Math.max(first, from), Math.min(last, to)];
    try {
      const query = new URLSearchParams({ from: String(start), to: String(end) });
      const fresh = [...nodes(await fragment(`${page.root.dataset.review ?? ""}files/?${query}`)).children];
      const parts: Element[] = [...fresh];
      if (first < start) parts.unshift(newGap(gap, first, start));
      if (end < last) parts.push(newGap(gap, end, last));
      near.unobserve(gap);
      gap.replaceWith(...parts);
      for (const file of fresh) begin(file as HTMLElement);
      for (const part of parts) if (part.matches("[data-gap]")) near.observe(part);
    } catch (error) {
      toast((error as Error).message);
    }
  };

  const newGap = (gap: HTMLElement, from: number, to: number): HTMLElement => {
    const made = gap.cloneNode() as HTMLElement;
    made.dataset.from = String(from);
    made.dataset.to = String(to);
    made.append(make("button", `Show more files (${to - from})`, { type: "button" }));
    return made;
  };

  for (const file of all(".diff-file", page.root)) begin(file);
  for (const gap of all("[data-gap]", page.root)) near.observe(gap);

  return {
    async neighbour(file, step) {
      const beside = (): HTMLElement | null =>
        (step > 0 ? file.nextElementSibling : file.previousElementSibling) as HTMLElement | null;
      const gap = beside();
      if (gap?.matches("[data-gap]")) await (step > 0 ? fillFromStart(gap) : fillFromEnd(gap));
      const found = beside();
      return found?.matches(".diff-file") ? found : null;
    },
    async reach(link) {
      const at = Number(link.dataset.at);
      const section = (): HTMLElement | null => document.getElementById(`file-${link.dataset.file ?? ""}`);
      for (let tries = 0; !section() && tries < 3; tries++) {
        const gap = all("[data-gap]", page.root).find((one) => bounds(one)[0] <= at && at < bounds(one)[1]);
        if (!gap) break;
        await bring(gap, at - 5, at + AT_ONCE);
      }
      return section();
    },
    fill: fillFromStart,
  };
}
