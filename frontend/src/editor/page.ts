// The editor page: CodeMirror over the text area that the server sent.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { rust } from "@codemirror/lang-rust";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { find } from "../dom";
import { Asking } from "./asking";
import { Saving } from "./saving";
import { suggestions } from "./suggestion";
import { Why } from "./why";

// The same classes as in the server's colours.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword, tags.operatorKeyword, tags.self], class: "k" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], class: "s" },
  { tag: [tags.number, tags.bool], class: "n" },
  { tag: tags.comment, class: "c" },
  { tag: [tags.typeName, tags.className, tags.namespace], class: "t" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "f" },
  { tag: [tags.macroName, tags.function(tags.macroName)], class: "m" },
  { tag: [tags.meta, tags.attributeName], class: "a" },
  { tag: tags.labelName, class: "l" },
]);

// Texts whose lines have no end.
const PROSE = /\.(?:md|markdown|txt|rst|adoc)$/i;

function init(page: HTMLElement): void {
  const source = find<HTMLTextAreaElement>("[data-source]", page);
  if (!source) return;
  const say = (message: string): void => {
    const status = find("[data-suggestion]", page);
    if (status) status.textContent = message;
  };
  const path = page.dataset.path ?? "";
  const asking = new Asking(page.dataset.socket ?? "", path, Number(page.dataset.project ?? 0), say, (source, model) => tellWriter(page, source, model));
  let saving: Saving | null = null;
  let why: Why | null = null;
  const extensions: Extension[] = [
    EditorView.cspNonce.of(page.dataset.nonce ?? ""),
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    syntaxHighlighting(colours),
    suggestions((outcome) => asking.told(outcome)),
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => (void saving?.save(), true) },
      { key: "Alt-\\", run: () => (asking.ask(), true) },
      { key: "Alt-e", preventDefault: true, run: () => (why?.ask(), true) },
      ...closeBracketsKeymap,
      ...searchKeymap,
      ...historyKeymap,
      // Escape, then Tab, leaves the editor: CodeMirror sees to that.
      indentWithTab,
      ...defaultKeymap,
    ]),
    // Its scrolling frame is reached through it, which tools only see by a tab index.
    EditorView.contentAttributes.of({ "aria-label": source.getAttribute("aria-label") ?? "Source", tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      asking.changed(update);
      if (update.docChanged) {
        saving?.changed();
        why?.changed();
      }
    }),
  ];
  if (path.endsWith(".rs")) extensions.push(rust());
  else if (PROSE.test(path)) extensions.push(EditorView.lineWrapping);
  const view = new EditorView({ doc: source.value, extensions });
  source.replaceWith(view.dom);
  saving = new Saving(page, view);
  asking.attach(view);
  why = new Why(page, view, asking, say);
  find<HTMLInputElement>("[data-completes]", page)?.addEventListener("change", (event) => {
    asking.enabled = (event.target as HTMLInputElement).checked;
  });
  const line = Number(/^#L(\d+)$/.exec(location.hash)?.[1] ?? 0);
  if (line > 0 && line <= view.state.doc.lines) {
    const at = view.state.doc.line(line).from;
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  }
  view.focus();
}

// Beside the active model: who wrote the last suggestion, where that was another.
function tellWriter(page: HTMLElement, source: string, model: string): void {
  const place = find("[data-answered]", page);
  if (!place) return;
  place.hidden = !model || model === page.dataset.model;
  place.textContent = source === "endpoint" ? `Answered by the endpoint ${model}` : `Answered by ${model}`;
}

const page = find("[data-editor]");
if (page) init(page);
