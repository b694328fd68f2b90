// Suggested text after the cursor, as an extension of CodeMirror: shown in grey, taken whole or by the word.
import { EditorState, Extension, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, WidgetType, keymap } from "@codemirror/view";

export interface Suggestion {
  at: number;
  text: string;
  others: string[];
  // Brackets after the cursor that taking all of it replaces.
  replaces: number;
}

export type Outcome = "accepted" | "dismissed" | "word";

export const suggest = StateEffect.define<Suggestion | null>();

class Ghost extends WidgetType {
  constructor(readonly text: string) {
    super();
  }

  override eq(other: Ghost): boolean {
    return other.text === this.text;
  }

  toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "suggestion";
    span.textContent = this.text;
    // A live region beside the editor says it; here it would be read as part of the code.
    span.setAttribute("aria-hidden", "true");
    return span;
  }
}

export const suggestion = StateField.define<Suggestion | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(suggest)) return effect.value;
    if (!value) return null;
    if (transaction.docChanged) return afterTyping(value, transaction);
    return transaction.selection ? null : value;
  },
  provide: (field) => EditorView.decorations.from(field, decorations),
});

function decorations(value: Suggestion | null): DecorationSet {
  if (!value?.text) return Decoration.none;
  return Decoration.set([Decoration.widget({ widget: new Ghost(value.text), side: 1 }).range(value.at)]);
}

// Typing the beginning of what is suggested leaves the rest; anything else takes it away.
function afterTyping(value: Suggestion, transaction: Transaction): Suggestion | null {
  const typed: string[] = [];
  transaction.changes.iterChanges((from, to, _newFrom, _newTo, inserted) => {
    typed.push(from === value.at && to === value.at ? inserted.toString() : "");
  });
  const head = typed.length === 1 ? typed[0] ?? "" : "";
  if (!head || !value.text.startsWith(head) || value.text.length === head.length) return null;
  return { at: value.at + head.length, text: value.text.slice(head.length), others: [], replaces: value.replaces };
}

export function shown(state: EditorState): Suggestion | null {
  const value = state.field(suggestion, false);
  return value?.text ? value : null;
}

export function firstWord(text: string): string {
  return /^\s*(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)/u.exec(text)?.[0] ?? text;
}

export function suggestions(tell: (outcome: Outcome) => void): Extension {
  const take = (view: EditorView, part: (text: string) => string, outcome: Outcome): boolean => {
    const value = shown(view.state);
    if (!value) return false;
    const text = part(value.text);
    const rest = value.text.slice(text.length);
    const end = value.at + text.length;
    view.dispatch({
      changes: { from: value.at, to: value.at + (rest ? 0 : value.replaces), insert: text },
      selection: { anchor: end },
      effects: suggest.of(rest ? { at: end, text: rest, others: [], replaces: value.replaces } : null),
      scrollIntoView: true,
      userEvent: "input.complete",
    });
    tell(rest ? "word" : outcome);
    return true;
  };
  const dismiss = (view: EditorView): boolean => {
    if (!shown(view.state)) return false;
    view.dispatch({ effects: suggest.of(null) });
    tell("dismissed");
    return true;
  };
  const next = (view: EditorView): boolean => {
    const value = shown(view.state);
    const [first, ...rest] = value?.others ?? [];
    if (!value || first === undefined) return false;
    view.dispatch({ effects: suggest.of({ at: value.at, text: first, others: [...rest, value.text], replaces: 0 }) });
    return true;
  };
  return [
    suggestion,
    Prec.highest(
      keymap.of([
        { key: "Tab", run: (view) => take(view, (text) => text, "accepted") },
        { key: "Ctrl-ArrowRight", mac: "Alt-ArrowRight", run: (view) => take(view, firstWord, "accepted") },
        { key: "Escape", run: dismiss },
        { key: "Alt-]", run: next },
      ]),
    ),
  ];
}
