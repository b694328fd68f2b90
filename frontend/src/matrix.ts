// Matrices: one cell is in the order of Tab, and the arrow keys go from cell to cell.
import { all, find } from "./dom";

type Step = [row: number, column: number];

const STEPS: Record<string, Step> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function initMatrices(): void {
  for (const table of all<HTMLTableElement>("table.matrix")) initMatrix(table);
}

function initMatrix(table: HTMLTableElement): void {
  const cells = all<HTMLAnchorElement>("td a", table);
  for (const cell of cells) cell.tabIndex = -1;
  let current = find<HTMLAnchorElement>("td a[aria-current]", table) ?? cells[0];
  if (current) current.tabIndex = 0;
  table.addEventListener("focusin", (event) => {
    const cell = (event.target as Element).closest<HTMLAnchorElement>("td a");
    if (!cell) return;
    if (current) current.tabIndex = -1;
    cell.tabIndex = 0;
    current = cell;
  });
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = (event.target as Element).closest<HTMLTableCellElement>("td");
    if (!step || !cell) return;
    event.preventDefault();
    next(table, cell, step)?.focus();
  });
}

// The next cell with a number in a direction.
function next(table: HTMLTableElement, from: HTMLTableCellElement, [down, right]: Step): HTMLAnchorElement | null {
  let row = (from.parentElement as HTMLTableRowElement).rowIndex + down;
  let column = from.cellIndex + right;
  for (; ; row += down, column += right) {
    const cell = table.rows[row]?.cells[column];
    if (!cell || cell.tagName !== "TD") return null;
    const link = find<HTMLAnchorElement>("a", cell);
    if (link) return link;
  }
}
