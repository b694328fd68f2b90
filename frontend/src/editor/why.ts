// The panel that explains a suggestion: where it was copied from, or what the model goes by.
import { EditorView } from "@codemirror/view";
import { find } from "../dom";
import { Attention } from "./attention";
import { Asking, SENT_AFTER, SENT_BEFORE } from "./asking";
import { Conversation } from "./conversing";
import { shown } from "./suggestion";
import { Explained, Line, adapted, copied, copiedElsewhere, explained } from "./reasons";

interface Answer extends Partial<Explained> {
  kind: "progress" | "copied" | "elsewhere" | "adapted" | "explained" | "error";
  activity?: string;
  done?: number;
  total?: number;
  start?: number;
  end?: number;
  matched?: number;
  path?: string;
  line?: number;
  url?: string;
  message?: string;
}

export class Why {
  private readonly panel: HTMLElement | null;
  private readonly conversation: Conversation<Answer>;
  private readonly attention: Attention;
  private request: object = {};
  private at = 0;
  private source = "";
  private stale = false;

  constructor(
    private readonly page: HTMLElement,
    private readonly view: EditorView,
    private readonly asking: Asking,
    private readonly say: (message: string) => void,
  ) {
    this.panel = find("[data-why]", page);
    this.attention = new Attention(page);
    const lost = (): void => this.status("The server does not answer; try again.");
    this.conversation = new Conversation(page.dataset.socket ?? "", (answer) => this.receive(answer), lost);
    find("[data-why-open]", page)?.addEventListener("click", () => this.ask());
    find("[data-why-close]", page)?.addEventListener("click", () => this.close());
    this.panel?.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  ask(): void {
    const value = shown(this.view.state);
    if (!value || !this.panel) {
      this.say("There is no suggestion to explain.");
      return;
    }
    this.at = value.at;
    this.source = this.asking.sourceOf(value.text);
    this.stale = false;
    this.show("[data-why-text]", value.text.trim());
    this.fill([]);
    this.attention.offer(null);
    this.status("Asking the model …");
    this.panel.hidden = false;
    this.panel.focus();
    // The panel takes room from the editor, and with it perhaps the line that it explains.
    this.view.dispatch({ effects: EditorView.scrollIntoView(this.at, { y: "nearest", yMargin: 40 }) });
    const { state } = this.view;
    const before = state.sliceDoc(Math.max(0, this.at - SENT_BEFORE), this.at);
    const after = state.sliceDoc(this.at, this.at + SENT_AFTER);
    const path = this.page.dataset.path ?? "";
    const model = this.asking.writerOf(value.text);
    const project = Number(this.page.dataset.project ?? 0);
    this.request = { id: 1, path, project, before, after, text: value.text, source: this.source, model };
    this.conversation.ask({ kind: "explain", ...this.request });
  }

  // The places are those of the text that was explained.
  changed(): void {
    if (this.panel?.hidden !== false || this.stale) return;
    this.stale = true;
    this.conversation.close();
    this.attention.offer(null);
    this.status("The text has changed since.");
  }

  private receive(answer: Answer): void {
    if (this.stale) return;
    if (answer.kind === "progress") {
      this.status(`${answer.activity ?? ""}, ${answer.done ?? 0} of at most ${answer.total ?? 0}`);
    } else if (answer.kind === "error") {
      this.status(answer.message ?? "");
    } else if (answer.kind === "copied") {
      this.status("");
      this.fill(copied(this.line(answer.start ?? 0, answer.end ?? 0), answer.matched ?? 0, this.source));
    } else if (answer.kind === "elsewhere") {
      this.status("");
      this.fill(copiedElsewhere(answer.path ?? "", answer.line ?? 1, answer.url ?? "", answer.matched ?? 0));
    } else if (answer.kind === "adapted") {
      this.status("");
      this.fill(adapted());
    } else {
      const found = answer as Explained;
      this.status(`${found.calls} questions to the model in ${found.seconds.toFixed(1)} s`);
      this.fill(explained(found, (start, end) => this.line(start, end)));
      this.offerAttention();
    }
  }

  private offerAttention(): void {
    const { doc } = this.view.state;
    const slice = (start: number, end: number): string =>
      doc.sliceString(Math.max(0, this.at + start), Math.max(0, this.at + end));
    const line = (start: number, end: number): Line => this.line(start, end);
    this.attention.offer({ request: { kind: "attend", ...this.request }, line, slice });
  }

  private line(start: number, end: number): Line {
    const { doc } = this.view.state;
    const within = (place: number): number => Math.min(Math.max(0, this.at + place), doc.length);
    const at = within(start);
    const { number, text } = doc.lineAt(at);
    const last = doc.lineAt(within(end)).number;
    const name = last > number ? `Lines ${number}–${last}` : `Line ${number}`;
    const show = (): void => {
      if (at <= this.view.state.doc.length) this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
    };
    return { name, text: text.trim(), show };
  }

  private close(): void {
    if (this.panel) this.panel.hidden = true;
    this.conversation.close();
    this.attention.offer(null);
    this.view.focus();
  }

  private fill(parts: HTMLElement[]): void {
    find("[data-why-found]", this.page)?.replaceChildren(...parts);
  }

  private status(message: string): void {
    this.show("[data-why-status]", message);
  }

  private show(selector: string, text: string): void {
    const element = find(selector, this.page);
    if (element) element.textContent = text;
  }
}
