// The file that is being read is marked in the tree.
import { all } from "../dom";

export function markInTree(root: HTMLElement): (file: HTMLElement) => void {
  const links = new Map(all(".diff-files a", root).map((link) => [link.dataset.file, link]));
  let marked: HTMLElement | undefined;
  const observer = new IntersectionObserver(
    (entries) => {
      const entry = entries.find((candidate) => candidate.isIntersecting);
      const link = links.get((entry?.target as HTMLElement | undefined)?.dataset.file);
      if (!link) return;
      marked?.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      marked = link;
      const side = link.closest(".diff-side");
      if (!side) return;
      const place = link.getBoundingClientRect();
      const frame = side.getBoundingClientRect();
      if (place.top < frame.top || place.bottom > frame.bottom) link.scrollIntoView({ block: "center" });
    },
    { rootMargin: "-120px 0px -70% 0px" },
  );
  return (file) => observer.observe(file);
}
