// Charts, drawn from tables of the page and again whenever those are renewed. A column of the table whose head has
// data-series ("thin" or "strong") is a line; rows are named by their first cell, or by its data-x.
import uPlot from "uplot";
import { all, find } from "./dom";

type Numbers = (number | null)[];

const HEIGHT = 260;

interface Read {
  labels: string[];
  strong: boolean[];
  data: [number[], ...Numbers[]];
}

function read(table: HTMLTableElement): Read {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const columns = heads.filter((head) => head.dataset.series);
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const steps = rows.map((row) => Number(row.cells[0]?.dataset.x ?? number(row.cells[0]?.textContent ?? "") ?? 0));
  const series = columns.map((head) => rows.map((row) => number(row.cells[head.cellIndex]?.textContent ?? "")));
  return {
    labels: columns.map((head) => head.textContent ?? ""),
    strong: columns.map((head) => head.dataset.series === "strong"),
    data: [steps, ...series],
  };
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

function options(frame: HTMLElement, found: Read): uPlot.Options {
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--edge"), width: 1 }, ticks: { show: false } };
  const shown = (_: uPlot, value: number | null): string => (value === null ? "–" : value.toFixed(4));
  const { xLabel = "", yLabel = "", from, to, time } = frame.dataset;
  const isTime = time !== undefined;
  const range: uPlot.Scale.Range | undefined = from !== undefined ? [Number(from), Number(to)] : undefined;
  const when = (_: uPlot, x: number | null): string =>
    x === null ? "–" : isTime ? new Date(x * 1000).toISOString().slice(0, 10) : String(x);
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    scales: { x: { time: isTime }, ...(range ? { y: { range } } : {}) },
    axes: [
      { ...axis, ...(xLabel ? { label: xLabel, labelSize: 20 } : {}), size: isTime ? 44 : 28 },
      { ...axis, label: yLabel, labelSize: 20, size: 52 },
    ],
    series: [
      { label: isTime ? "Date" : xLabel, value: when },
      ...found.labels.map((label, place) => ({
        label,
        stroke: colour(found.strong[place] ? "--accent" : "--muted"),
        width: found.strong[place] ? 2 : 1,
        spanGaps: true,
        value: shown,
        points: { show: found.strong[place] ?? false, size: 5 },
      })),
    ],
  };
}

function initChart(frame: HTMLElement): void {
  let chart: uPlot | null = null;
  const draw = (): void => {
    const table = find<HTMLTableElement>(`${frame.dataset.chart} table`);
    const found = table ? read(table) : null;
    frame.hidden = !found || found.data[0].length < 2;
    if (!found || frame.hidden) return;
    if (chart) chart.setData(found.data);
    else chart = new uPlot(options(frame, found), found.data, frame);
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

for (const frame of all("[data-chart]")) initChart(frame);

// A table that the reader opened stays open when it is renewed.
document.body.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ elt: Element; parameters: Record<string, string> }>).detail;
  if (detail.elt.id === "curve" && find<HTMLDetailsElement>("#curve details")?.open) detail.parameters.table = "1";
});
