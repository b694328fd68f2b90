// When to ask for a suggestion, and the socket that brings it.
import { EditorState } from "@codemirror/state";
import { EditorView, ViewUpdate } from "@codemirror/view";
import { Outcome, shown, suggest } from "./suggestion";

export const SENT_BEFORE = 60_000;
export const SENT_AFTER = 20_000;
const SOONEST = 100;
const LATEST = 1000;

interface Answer {
  id: number;
  kind: "text" | "done" | "error";
  text?: string;
  // The text takes the place of what another began.
  fresh?: boolean;
  alternatives?: string[];
  replaces?: number;
  source?: string;
  // Who wrote it: a model's id, or an endpoint's name; none where it is of the file.
  model?: string;
  milliseconds?: number;
  message?: string;
}

export class Asking {
  enabled = true;
  private socket: WebSocket | null = null;
  private timer = 0;
  private request = 0;
  private waits = false;
  private streamed = "";
  private answered = "";
  private source = "";
  private model = "";
  private at = 0;
  // Grows while suggestions are dismissed, shrinks when they are taken.
  private pause = 150;
  private view: EditorView | null = null;

  constructor(
    private readonly address: string,
    private readonly path: string,
    private readonly project: number,
    private readonly say: (message: string) => void,
    private readonly tellWriter: (source: string, model: string) => void,
  ) {}

  attach(view: EditorView): void {
    this.view = view;
    this.connect();
  }

  changed(update: ViewUpdate): void {
    if (!update.docChanged && !update.selectionSet) return;
    const typing = update.transactions.some((t) => t.isUserEvent("input") || t.isUserEvent("delete"));
    this.giveUp();
    if (!this.enabled || !typing || shown(update.state)) return;
    this.timer = window.setTimeout(() => this.ask(), this.pause);
  }

  told(outcome: Outcome): void {
    if (outcome === "dismissed") this.pause = Math.min(LATEST, this.pause * 1.4);
    else this.pause = Math.max(SOONEST, this.pause * 0.7);
    if (outcome === "accepted") this.timer = window.setTimeout(() => this.ask(), SOONEST);
  }

  ask(): void {
    const view = this.view;
    if (!view || !canSuggest(view.state)) return;
    if (this.socket?.readyState !== WebSocket.OPEN) {
      this.say("Suggestions are away; reconnecting.");
      return;
    }
    this.at = view.state.selection.main.head;
    this.streamed = "";
    this.waits = true;
    this.request += 1;
    const text = view.state.sliceDoc(Math.max(0, this.at - SENT_BEFORE), this.at);
    const after = view.state.sliceDoc(this.at, this.at + SENT_AFTER);
    const { path, project, request: id } = this;
    this.socket.send(JSON.stringify({ kind: "complete", id, path, project, before: text, after }));
  }

  // What a suggestion that is shown came from; what was typed of it already is gone.
  sourceOf(text: string): string {
    return this.answered.endsWith(text) ? this.source : "alternative";
  }

  writerOf(text: string): string {
    return this.answered.endsWith(text) ? this.model : "";
  }

  // Whoever writes the last one stops at once.
  private giveUp(): void {
    window.clearTimeout(this.timer);
    if (this.waits && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ kind: "cancel" }));
    this.waits = false;
    this.request += 1;
  }

  private connect(): void {
    const address = new URL(this.address, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data as string) as Answer));
    socket.addEventListener("close", () => window.setTimeout(() => this.connect(), 2000));
  }

  private receive(answer: Answer): void {
    const view = this.view;
    if (!view || answer.id !== this.request || view.state.selection.main.head !== this.at) return;
    this.waits = answer.kind === "text";
    if (answer.kind === "text") {
      this.streamed = (answer.fresh ? "" : this.streamed) + (answer.text ?? "");
      view.dispatch({ effects: suggest.of({ at: this.at, text: this.streamed, others: [], replaces: 0 }) });
    } else if (answer.kind === "error") {
      view.dispatch({ effects: suggest.of(null) });
      this.say(answer.message ?? "");
    } else {
      const text = answer.text ?? "";
      const others = answer.alternatives ?? [];
      this.answered = text;
      this.source = answer.source ?? "";
      this.model = answer.model ?? "";
      view.dispatch({ effects: suggest.of(text ? { at: this.at, text, others, replaces: answer.replaces ?? 0 } : null) });
      const more = others.length ? `, ${others.length} more` : "";
      const took = `${Math.round(answer.milliseconds ?? 0)} ms`;
      this.say(text ? `${text.trim()} (${origin(this.source, this.model)}, ${took}${more})` : "");
      this.tellWriter(this.source, this.model);
    }
  }
}

// "model sure@1", "exact, kept from sure@1", "this file".
function origin(source: string, model: string): string {
  if (source === "exact" || source === "typed through") return `${source}, kept from ${model || "this file"}`;
  return model && (source === "model" || source === "endpoint") ? `${source} ${model}` : source;
}

// Inside a word, or with text selected, a suggestion would be in the way.
export function canSuggest(state: EditorState): boolean {
  const { main } = state.selection;
  if (!main.empty || state.selection.ranges.length > 1) return false;
  const rest = state.sliceDoc(main.head, state.doc.lineAt(main.head).to);
  return /^[\s)\]}>;,"'?]*$/.test(rest);
}
