// The page of a training: its loss curve, drawn from the page's own table and again whenever that is renewed.
import uPlot from "uplot";
import { all, find } from "../dom";

type Numbers = (number | null)[];

const HEIGHT = 260;

function read(): [number[], Numbers, Numbers] {
  const steps: number[] = [];
  const losses: Numbers = [];
  const keptBack: Numbers = [];
  for (const row of all<HTMLTableRowElement>("#curve tbody tr")) {
    const cells = [...row.cells].map((cell) => number(cell.textContent ?? ""));
    steps.push(cells[0] ?? 0);
    losses.push(cells[1] ?? null);
    keptBack.push(cells[2] ?? null);
  }
  return [steps, losses, keptBack];
}

function number(text: string): number | null {
  const plain = text.trim().replaceAll(",", "");
  return plain === "" ? null : Number(plain);
}

// A canvas knows nothing of custom properties or light-dark(); an element's computed colour is resolved.
function colour(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function options(frame: HTMLElement): uPlot.Options {
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--edge"), width: 1 }, ticks: { show: false } };
  const shown = (_: uPlot, value: number | null): string => (value === null ? "–" : value.toFixed(4));
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false } },
    axes: [
      { ...axis, label: "Step", labelSize: 20, size: 28 },
      { ...axis, label: "Nats a token", labelSize: 20, size: 52 },
    ],
    series: [
      { label: "Step", value: (_, step: number | null) => (step === null ? "–" : String(step)) },
      { label: "Loss", stroke: colour("--muted"), width: 1, value: shown, points: { show: false } },
      {
        label: "On what was kept back",
        stroke: colour("--accent"),
        width: 2,
        spanGaps: true,
        value: shown,
        points: { show: true, size: 5 },
      },
    ],
  };
}

function initCurve(frame: HTMLElement): void {
  let chart: uPlot | null = null;
  const draw = (): void => {
    const data = read();
    frame.hidden = data[0].length < 2;
    if (frame.hidden) return;
    if (chart) chart.setData(data);
    else chart = new uPlot(options(frame), data, frame);
  };
  const anew = (): void => {
    chart?.destroy();
    chart = null;
    draw();
  };
  draw();
  document.body.addEventListener("htmx:afterSwap", draw);
  new ResizeObserver(() => {
    if (chart && frame.clientWidth) chart.setSize({ width: frame.clientWidth, height: HEIGHT });
  }).observe(frame);
  new MutationObserver(anew).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", anew);
}

for (const frame of all("[data-curve]")) initCurve(frame);

// A table that the reader opened stays open when it is renewed.
document.body.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ elt: Element; parameters: Record<string, string> }>).detail;
  if (detail.elt.id === "curve" && find<HTMLDetailsElement>("#curve details")?.open) detail.parameters.table = "1";
});
