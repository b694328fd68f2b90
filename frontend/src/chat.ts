// The chat: streams the answer that a conversation waits for, and stops it.
import { activate, find, fragment, nodes, toast } from "./dom";

interface Said {
  kind: "text" | "kept";
  html?: string;
}

export function initChat(): void {
  find(".turn:last-of-type")?.scrollIntoView({ block: "end" });
  const turns = find<HTMLElement>("#turns[data-answers]");
  if (turns) follow(turns);
}

function follow(turns: HTMLElement): void {
  const address = new URL(turns.dataset.answers ?? "", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  let kept = false;
  socket.addEventListener("message", (event) => {
    const said = JSON.parse(event.data as string) as Said;
    if (said.kind === "text") show(turns, said.html ?? "");
    else {
      kept = true;
      socket.close();
      void reload(turns);
    }
  });
  socket.addEventListener("close", () => {
    // Another page may be writing the answer, or the server is away: look again a little later.
    if (!kept) window.setTimeout(() => follow(turns), 2000);
  });
  find("[data-stops]", turns)?.addEventListener("click", () => socket.send(JSON.stringify({ kind: "stop" })));
}

function show(turns: HTMLElement, html: string): void {
  const answer = find("[data-answer]", turns);
  if (!answer) return;
  const atEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 80;
  answer.replaceChildren(nodes(html));
  if (atEnd) window.scrollTo({ top: document.body.scrollHeight });
}

async function reload(turns: HTMLElement): Promise<void> {
  try {
    turns.replaceChildren(nodes(await fragment(turns.dataset.page ?? "", {}, "messages")));
    activate(turns);
    // It may be another page that writes: then the answer is still open.
    if (find("[data-answer]", turns)) window.setTimeout(() => follow(turns), 2000);
  } catch (error) {
    toast(String(error));
  }
}
