// Small helpers over the DOM.

export function find<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

// Make an element with text and attributes; text is never read as markup.
export function make(tag: string, text = "", attributes: Record<string, string> = {}): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function csrfToken(): string {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? (JSON.parse(headers) as Record<string, string>)["X-CSRFToken"] ?? "" : "";
}

// Fetch a fragment of a page. A failed answer rejects with the sentence the server gave.
export async function fragment(url: string, options: RequestInit = {}, name = "1"): Promise<string> {
  const headers = { "X-Fragment": name, "X-CSRFToken": csrfToken() };
  const response = await fetch(url, { ...options, headers });
  const text = await response.text();
  if (!response.ok) throw new Error(sentence(text) || `The server answered ${response.status}.`);
  return text;
}

function sentence(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent?.trim().slice(0, 300) ?? "";
}

// Parse rows or other markup that came from our own server.
export function nodes(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

interface Htmx {
  process(element: Element): void;
}

export function activate(element: Element): void {
  (window as unknown as { htmx?: Htmx }).htmx?.process(element);
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

export function toast(message: string, action?: { label: string; run: () => void }): void {
  const box = find("#toast");
  if (!box) return;
  box.replaceChildren(make("span", message));
  if (action) {
    const button = make("button", action.label, { type: "button" });
    button.addEventListener("click", action.run);
    box.append(button);
  }
  const close = make("button", "Dismiss", { type: "button", class: "quiet" });
  close.addEventListener("click", () => (box.hidden = true));
  box.append(close);
  box.hidden = false;
}
