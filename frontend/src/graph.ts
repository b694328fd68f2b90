// Drawn graphs: pan, zoom, and focus on a node with its neighbours.
import { all, find } from "./dom";

const LARGEST_SCALE = 1.6;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function initGraphs(): void {
  for (const frame of all(".graph-frame")) {
    const svg = find<SVGSVGElement>("svg", frame);
    if (svg) initGraph(frame, svg);
  }
}

function initGraph(frame: HTMLElement, svg: SVGSVGElement): void {
  const whole = wholeOf(frame, svg);
  let box: Box = { ...whole };
  const show = (next: Box): void => {
    box = next;
    svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  };
  show(box);
  const zoom = (factor: number, x = box.x + box.width / 2, y = box.y + box.height / 2): void => {
    const width = Math.min(Math.max(box.width * factor, whole.width / 40), whole.width * 3);
    const scale = width / box.width;
    show({ x: x - (x - box.x) * scale, y: y - (y - box.y) * scale, width, height: box.height * scale });
  };
  const unit = (): number => Math.max(box.width / frame.clientWidth, box.height / frame.clientHeight);
  const place = (event: MouseEvent): [number, number] => {
    const matrix = svg.getScreenCTM()?.inverse();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return [point.x, point.y];
  };

  frame.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...place(event));
    },
    { passive: false },
  );
  let grabbed: PointerEvent | null = null;
  let moved = false;
  frame.addEventListener("pointerdown", (event) => {
    if ((event.target as Element).closest("button")) return;
    grabbed = event;
    moved = false;
  });
  frame.addEventListener("pointermove", (event) => {
    if (!grabbed) return;
    const [dx, dy] = [event.clientX - grabbed.clientX, event.clientY - grabbed.clientY];
    if (!moved && Math.hypot(dx, dy) < 4) return;
    if (!moved) frame.setPointerCapture(event.pointerId);
    moved = true;
    frame.classList.add("dragging");
    show({ ...box, x: box.x - dx * unit(), y: box.y - dy * unit() });
    grabbed = event;
  });
  const release = (): void => {
    grabbed = null;
    frame.classList.remove("dragging");
  };
  frame.addEventListener("pointerup", release);
  frame.addEventListener("pointercancel", release);

  const focus = initFocus(frame, svg);
  frame.addEventListener("dblclick", (event) => goAround(frame, (event.target as Element).closest<SVGGElement>(".node")));
  frame.addEventListener("click", (event) => {
    if (moved) return;
    const target = event.target as Element;
    const way = target.closest<HTMLElement>("[data-zoom]")?.dataset.zoom;
    if (way === "in") zoom(1 / 1.3);
    else if (way === "out") zoom(1.3);
    else if (way === "fit") show({ ...whole });
    else focus(target.closest<SVGGElement>(".node"));
  });
  frame.addEventListener("keydown", (event) => {
    const node = (event.target as Element).closest<SVGGElement>(".node");
    if (event.key === "Enter") goAround(frame, node);
    else if (event.key === " ") {
      if (!node) return;
      event.preventDefault();
      focus(node);
    } else if (event.key === "Escape") focus(null);
    else if (event.key === "+") zoom(1 / 1.3);
    else if (event.key === "-") zoom(1.3);
    else if (event.key === "0") show({ ...whole });
  });
}

// The page of what lies around a node, or in one that stands for several, with everything else that was chosen.
function goAround(frame: HTMLElement, node: SVGGElement | null): void {
  if (!node) return;
  const address = new URL(frame.dataset.around ?? location.href, location.href);
  if (node.classList.contains("folder")) {
    address.searchParams.delete("focus");
    address.searchParams.set("inside", title(node));
  } else address.searchParams.set("focus", title(node));
  location.assign(address);
}

// All of the drawing; a small one is not blown up over its natural size.
function wholeOf(frame: HTMLElement, svg: SVGSVGElement): Box {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const [more, higher] = [Math.max(width, frame.clientWidth / LARGEST_SCALE), Math.max(height, frame.clientHeight / LARGEST_SCALE)];
  return { x: x - (more - width) / 2, y: y - (higher - height) / 2, width: more, height: higher };
}

// Stress a node, its edges, and what they lead to; the row of the table below says the same in words.
function initFocus(frame: HTMLElement, svg: SVGSVGElement): (node: SVGGElement | null) => void {
  // Once its nodes can be chosen it is no longer one image.
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "Graph");
  const name = find(".graph-name", frame);
  const nodes = all<SVGGElement>(".node", svg);
  for (const node of nodes) {
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", title(node));
  }
  const edges = all<SVGGElement>(".edge", svg).map((edge) => ({ edge, ends: [edge.dataset.source ?? "", edge.dataset.target ?? ""] }));
  const search = find<HTMLInputElement>("[data-finds-node]");
  let focused: SVGGElement | null = null;
  const focus = (node: SVGGElement | null): void => {
    focused = node === focused ? null : node;
    frame.classList.toggle("focused", focused !== null);
    const key = focused ? title(focused) : "";
    const near = new Set([key]);
    for (const { edge, ends } of edges) {
      const touches = focused !== null && ends.includes(key);
      edge.classList.toggle("near", touches);
      if (touches) ends.forEach((end) => near.add(end));
    }
    for (const other of nodes) {
      other.classList.toggle("near", near.has(title(other)));
      other.classList.toggle("focus", other === focused);
    }
    if (name) {
      const [out, into] = [edges.filter((e) => e.ends[0] === key).length, edges.filter((e) => e.ends[1] === key).length];
      name.textContent = focused ? `${label(focused)}: uses ${out}, used by ${into}` : "";
    }
  };
  search?.addEventListener("change", () => {
    const wanted = search.value.toLowerCase();
    const found = wanted ? nodes.find((node) => label(node).toLowerCase().includes(wanted)) : undefined;
    focused = null;
    focus(found ?? null);
  });
  return focus;
}

function title(node: SVGGElement): string {
  return node.dataset.node ?? "";
}

function label(node: SVGGElement): string {
  return [...node.querySelectorAll("text")].map((text) => text.textContent ?? "").join(" ") || title(node);
}
