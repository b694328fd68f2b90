// The section that shows where the model's attention lies, worked out once it is opened.
import { find, make } from "../dom";
import { Conversation } from "./conversing";
import { Line, lineButton, percent } from "./reasons";

interface Place {
  start: number;
  end: number;
  share: number;
  size: number;
}

interface Answer {
  kind: "progress" | "attention" | "error";
  activity?: string;
  message?: string;
  sink: number;
  marks: number;
  line: number;
  text: number;
  lines: Place[];
  words: Place[];
  tokens: number;
  layers: [number, number];
  all_layers: number;
  heads: number;
}

// The text around the cursor that was explained; places count characters from it.
export interface Explained {
  request: object;
  line: (start: number, end: number) => Line;
  slice: (start: number, end: number) => string;
}

const MOST_LINES = 8;
const MOST_WORDS = 8;
const LEAST_SHARE = 0.01;
const HEATS = 4;

export class Attention {
  private readonly section: HTMLDetailsElement | null;
  private readonly conversation: Conversation<Answer>;
  private about: Explained | null = null;

  constructor(private readonly page: HTMLElement) {
    this.section = find<HTMLDetailsElement>("[data-attention]", page);
    const lost = (): void => this.status("The server does not answer; open this again.");
    this.conversation = new Conversation(page.dataset.socket ?? "", (answer) => this.receive(answer), lost);
    this.section?.addEventListener("toggle", () => this.toggled());
  }

  // Offer the map of a suggestion, or of none.
  offer(about: Explained | null): void {
    this.conversation.close();
    this.about = about;
    if (!this.section) return;
    this.section.hidden = !about;
    this.section.open = false;
    this.status("");
    this.fill([]);
  }

  private toggled(): void {
    if (this.section?.open && this.about) {
      if (find("[data-attention-found]", this.page)?.childElementCount) return;
      this.status("Starting a process with PyTorch …");
      this.conversation.ask(this.about.request);
    } else {
      this.conversation.close();
    }
  }

  private receive(answer: Answer): void {
    if (answer.kind === "attention" && this.about) {
      this.status("");
      this.fill(drawn(answer, this.about));
    } else {
      this.status(answer.kind === "progress" ? `${answer.activity ?? ""} …` : answer.message ?? "");
    }
  }

  private status(message: string): void {
    const place = find("[data-attention-status]", this.page);
    if (place) place.textContent = message;
  }

  private fill(parts: HTMLElement[]): void {
    find("[data-attention-found]", this.page)?.replaceChildren(...parts);
  }
}

function drawn(found: Answer, about: Explained): HTMLElement[] {
  const [first, last] = found.layers;
  const tokens = found.tokens === 1 ? "its one token" : `its ${found.tokens} tokens`;
  const sentence =
    `The mean of ${found.heads} heads in the layers ${first} to ${last} of ${found.all_layers}, where ${tokens} were chosen: ` +
    `${percent(found.text)} on the text, ${percent(found.line)} on the suggestion's own earlier tokens, ` +
    `${percent(found.marks)} on marks of the prompt, ${percent(found.sink)} on the first token, where attention rests ` +
    "whatever it is. The shares below are of what is on the text; in brackets, how much of the text a line is.";
  const list = make("ol", "", { class: "why-parts" });
  const words = found.words.filter((word) => word.share >= LEAST_SHARE);
  const hottest = Math.max(...words.map((word) => word.share), LEAST_SHARE);
  for (const place of found.lines.filter((line) => line.share >= LEAST_SHARE).slice(0, MOST_LINES))
    list.append(row(place, words, hottest, about));
  const made = [make("p", sentence), list];
  if (words.length) made.push(sentenceOf(words.slice(0, MOST_WORDS), about));
  return made;
}

function row(place: Place, words: Place[], hottest: number, about: Explained): HTMLElement {
  const item = make("li");
  const line = about.line(place.start, place.end);
  const value = String(Math.round(place.share * 100));
  const label = `Attention on ${line.name.toLowerCase()}`;
  const bar = make("meter", `${value} %`, { min: "0", max: "100", value, "aria-label": label });
  const figures = make("span", `${value} % (${Math.round(place.size * 100)} %)`, { class: "number" });
  item.append(lineButton(line), bar, figures, coloured(place, words, hottest, about));
  return item;
}

// The figures stand below: the colour alone says nothing that they do not.
function coloured(place: Place, words: Place[], hottest: number, about: Explained): HTMLElement {
  const code = make("code");
  const inside = words.filter((word) => word.start >= place.start && word.end <= place.end);
  inside.sort((one, other) => one.start - other.start);
  let at = place.start;
  for (const word of inside) {
    const heat = Math.max(1, Math.round((word.share / hottest) * HEATS));
    code.append(about.slice(at, word.start), make("span", about.slice(word.start, word.end), { class: `heat heat-${heat}` }));
    at = word.end;
  }
  code.append(about.slice(at, place.end));
  if (code.firstChild) code.firstChild.textContent = (code.firstChild.textContent ?? "").trimStart();
  return code;
}

function sentenceOf(words: Place[], about: Explained): HTMLElement {
  const sentence = make("p", "Of single words, most is on ");
  words.forEach((word, number) => {
    const where = about.line(word.start, word.end).name.toLowerCase();
    sentence.append(number ? ", " : "", make("code", about.slice(word.start, word.end)), ` in ${where} ${percent(word.share)}`);
  });
  sentence.append(".");
  return sentence;
}
