// Saving the file, and what to do where it changed on disk.
import { isolateHistory } from "@codemirror/commands";
import { EditorView } from "@codemirror/view";
import { csrfToken, find } from "../dom";

interface Current {
  text: string;
  digest: string;
}

export class Saving {
  private digest: string;
  private saved: string;
  private theirs: Current | null = null;

  constructor(
    private readonly page: HTMLElement,
    private readonly view: EditorView,
  ) {
    this.digest = page.dataset.digest ?? "";
    this.saved = view.state.doc.toString();
    find("[data-save]", page)?.addEventListener("click", () => void this.save());
    find("[data-take-theirs]", page)?.addEventListener("click", () => this.takeTheirs());
    find("[data-keep-mine]", page)?.addEventListener("click", () => this.keepMine());
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty()) event.preventDefault();
    });
  }

  changed(): void {
    const dirty = this.isDirty();
    const button = find<HTMLButtonElement>("[data-save]", this.page);
    if (button) button.disabled = !dirty;
    this.say(dirty ? "Not saved" : "Saved");
  }

  async save(): Promise<void> {
    const text = this.view.state.doc.toString();
    const body = new URLSearchParams({ text, expected: this.digest });
    this.say("Saving …");
    try {
      const response = await fetch(this.page.dataset.url ?? "", {
        method: "POST",
        body,
        headers: { "X-CSRFToken": csrfToken() },
      });
      const answer = (await response.json()) as { digest?: string; message?: string; current?: Current };
      if (response.ok) {
        this.digest = answer.digest ?? "";
        this.saved = text;
        this.conflict(null);
        this.changed();
      } else if (answer.current) {
        this.conflict(answer.current, answer.message);
        this.say("Not saved");
      } else {
        this.say(answer.message ?? "Not saved");
      }
    } catch {
      this.say("The server does not answer; nothing was saved. Try again.");
    }
  }

  private takeTheirs(): void {
    if (!this.theirs) return;
    // One step of the editor's own undo brings mine back.
    const { text, digest } = this.theirs;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      annotations: isolateHistory.of("full"),
    });
    this.digest = digest;
    this.saved = text;
    this.conflict(null);
    this.changed();
    this.view.focus();
  }

  private keepMine(): void {
    if (!this.theirs) return;
    this.digest = this.theirs.digest;
    this.conflict(null);
    void this.save();
  }

  private conflict(current: Current | null, message = ""): void {
    this.theirs = current;
    const notice = find("[data-conflict]", this.page);
    const sentence = find("[data-conflict-message]", this.page);
    if (notice) notice.hidden = current === null;
    if (sentence) sentence.textContent = message;
  }

  private isDirty(): boolean {
    return this.view.state.doc.toString() !== this.saved;
  }

  private say(message: string): void {
    const status = find("[data-saved]", this.page);
    if (status && status.textContent !== message) status.textContent = message;
  }
}
