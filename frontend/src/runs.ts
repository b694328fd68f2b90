// Runs: live progress where one is shown. The page's own HTML is the truth; the socket only moves it on.
import { activate, all, find, fragment, nodes, toast } from "./dom";
import { tail } from "./socket";

export function initRuns(): void {
  for (const run of all(".run[data-run]")) follow(run);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.target as HTMLElement;
    for (const run of all(".run[data-run]", target.parentElement ?? document)) follow(run);
  });
}

const followed = new WeakSet<HTMLElement>();

function follow(run: HTMLElement): void {
  const state = run.dataset.state;
  if (followed.has(run) || (state !== "queued" && state !== "running")) return;
  followed.add(run);
  let seen = Number(run.dataset.after ?? 0);
  const socket = tail(
    () => `/ws/runs/${run.dataset.run}/?after=${seen}`,
    (message) => {
      if (!run.isConnected) {
        socket.close();
        return;
      }
      seen = Number(message.number ?? seen);
      if (message.kind === "finished") {
        socket.close();
        void finish(run);
      } else if (message.kind === "progress") {
        show(run, String(message.message), Number(message.done), Number(message.total));
      }
    },
  );
}

function show(run: HTMLElement, message: string, done: number, total: number): void {
  const activity = find(".run-activity", run);
  const count = find(".run-count", run);
  const bar = find<HTMLProgressElement>("progress", run);
  if (activity) activity.textContent = message;
  if (count) count.textContent = total ? `${done} of ${total}` : "";
  if (bar && total) {
    bar.max = total;
    bar.value = done;
  } else {
    bar?.removeAttribute("value");
  }
}

async function finish(run: HTMLElement): Promise<void> {
  const html = nodes(await fragment(run.dataset.status ?? ""));
  const fresh = find(".run", html);
  if (!fresh) return;
  const wanted = fresh.dataset.state === "done" ? run.closest<HTMLElement>("[data-when-done]")?.dataset.whenDone : undefined;
  run.replaceWith(fresh);
  activate(fresh);
  if (wanted === "reload") reloadGently();
  else if (wanted) await renew(wanted);
}

// Show what is new at once to a reader who only waited; one who reads or writes already decides when.
let isReading = false;
for (const sign of ["keydown", "pointerdown", "wheel"]) {
  document.addEventListener(sign, () => (isReading = true), { once: true, passive: true });
}

function reloadGently(): void {
  if (!isReading) location.reload();
  else toast("The work is done.", { label: "Show the result", run: () => location.reload() });
}

// Take one part of the page anew from the server, and leave the rest as the reader has it.
async function renew(id: string): Promise<void> {
  const old = document.getElementById(id);
  const response = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  if (!old || !fresh) return;
  old.replaceWith(fresh);
  activate(fresh);
}
