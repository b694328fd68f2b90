// An explanation in words and bars.
import { make } from "../dom";

export interface Line {
  // "Line 3" or "Lines 3–7".
  name: string;
  text: string;
  show: () => void;
}

interface Part {
  start: number;
  end: number;
  share: number;
}

interface Word extends Part {
  text: string;
}

interface Faithfulness {
  deletion: number;
  insertion: number;
  deletion_baseline: number;
  insertion_baseline: number;
  gain: number;
}

interface Counterfactual {
  written: string;
  instead: string;
  tried: number;
  kind: "" | "rename" | "remove";
  what: string;
}

export interface Explained {
  likelihood: number;
  parts: Part[];
  words: Word[];
  left_out: number;
  faithfulness: Faithfulness | null;
  counterfactual: Counterfactual | null;
  calls: number;
  seconds: number;
}

const MOST_SHOWN = 8;
const MOST_WORDS = 5;
const LEAST_SHARE = 0.01;

export function copied(line: Line, matched: number, source: string): HTMLElement[] {
  const sentence = make("p");
  const what = source === "identifier" ? "It ends a name that stands in " : "It was copied from ";
  const before = matched === 1 ? "the same character stands" : `the same ${matched} characters stand`;
  sentence.append(what, lineButton(line), `, where ${before} before it: `, make("code", line.text));
  return [sentence];
}

export function copiedElsewhere(path: string, line: number, url: string, matched: number): HTMLElement[] {
  const sentence = make("p");
  const place = make("a", `${path}, line ${line}`, { href: url });
  sentence.append("It was copied from ", place, `, where the same ${matched} bytes stand before it.`);
  return [sentence];
}

export function adapted(): HTMLElement[] {
  return [make("p", "It goes on like a line nearby, with the words exchanged in which the two differ.")];
}

export function explained(found: Explained, lineAt: (start: number, end: number) => Line): HTMLElement[] {
  const parts = found.parts.filter((part) => part.share >= LEAST_SHARE).slice(0, MOST_SHOWN);
  const list = make("ol", "", { class: "why-parts" });
  for (const part of parts) list.append(row(part, lineAt(part.start, part.end)));
  const rest = 1 - parts.reduce((sum, part) => sum + part.share, 0);
  const chance = `The model gives its tokens a probability of ${percent(found.likelihood)} each (geometric mean). `;
  const sentence = parts.length
    ? "What it goes by, as shares of how much less likely it gets without each part:"
    : "No single part of the text around the cursor makes it likelier.";
  const made = [make("p", chance + sentence), list];
  if (parts.length && rest >= LEAST_SHARE) made.push(make("p", `Other parts together: ${percent(rest)}.`, { class: "muted" }));
  const words = found.words.filter((word) => word.share >= LEAST_SHARE).slice(0, MOST_WORDS);
  if (words.length) made.push(wordsOf(words));
  if (found.left_out) made.push(make("p", `There was no time for ${found.left_out} parts.`, { class: "muted" }));
  made.push(trust(found.faithfulness), change(found.counterfactual));
  return made;
}

function row(part: Part, line: Line): HTMLElement {
  const item = make("li");
  const value = String(Math.round(part.share * 100));
  const bar = make("meter", `${value} %`, { min: "0", max: "100", value, "aria-label": `Importance of ${line.name.toLowerCase()}` });
  item.append(lineButton(line), bar, make("span", `${value} %`, { class: "number" }), make("code", line.text));
  return item;
}

function wordsOf(words: Word[]): HTMLElement {
  const sentence = make("p", "Of the words in the first of them, most rests on ");
  words.forEach((word, number) => {
    sentence.append(number ? ", " : "", make("code", word.text), ` ${percent(word.share)}`);
  });
  sentence.append(".");
  return sentence;
}

// Says what the figure means, and whether it speaks for the list.
function trust(found: Faithfulness | null): HTMLElement {
  if (!found) return make("p", "Whether this order can be relied on was not measured.", { class: "muted" });
  const figures =
    `Faithfulness ${found.gain.toFixed(2)}. Taking parts away in this order leaves an area of ${found.deletion.toFixed(2)} ` +
    `under its likelihood, in random orders ${found.deletion_baseline.toFixed(2)} (less is better); ` +
    `putting them back ${found.insertion.toFixed(2)} against ${found.insertion_baseline.toFixed(2)} (more is better). `;
  const meaning =
    found.gain > 0
      ? "Above 0, the list says better than chance what the model goes by."
      : "At 0 or below, the list is no better than chance: do not rely on it.";
  return make("p", figures + meaning);
}

function change(found: Counterfactual | null): HTMLElement {
  if (!found) return make("p", "There was no time to look for what would change it.", { class: "muted" });
  const sentence = make("p");
  if (!found.kind) {
    sentence.append(`None of ${found.tried} small edits changes the line that the model writes.`);
    return sentence;
  }
  if (found.kind === "rename") sentence.append("If ", make("code", found.what), " had another name, the model would write ");
  else sentence.append("Without ", make("code", found.what), " the model would write ");
  sentence.append(make("code", found.instead || "nothing"), " instead of ", make("code", found.written || "nothing"), ".");
  return sentence;
}

export function lineButton(line: Line): HTMLElement {
  const button = make("button", line.name, { type: "button", class: "quiet" });
  button.addEventListener("click", line.show);
  return button;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
