// Forms: the one that sends itself, the ones that ask first, and uploads with progress and cancel.
import { all, csrfToken, find, toast } from "./dom";

export function initForms(): void {
  for (const form of all<HTMLFormElement>("form[data-submits-itself]")) form.requestSubmit();
  document.addEventListener("submit", (event) => {
    const question = (event.target as HTMLElement).dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
      event.preventDefault();
      event.target.form?.requestSubmit();
    }
  });
  for (const form of all<HTMLFormElement>("form[data-sends-on-change]")) form.addEventListener("change", () => form.requestSubmit());
  for (const form of all<HTMLFormElement>("form[data-upload]")) form.addEventListener("submit", (event) => upload(event, form));
}

function upload(event: SubmitEvent, form: HTMLFormElement): void {
  event.preventDefault();
  const bar = find<HTMLProgressElement>("progress", form);
  const cancel = find<HTMLButtonElement>(".upload-cancel", form);
  const send = find<HTMLButtonElement>("button.primary", form);
  const request = new XMLHttpRequest();
  const busy = (on: boolean): void => {
    if (bar) bar.hidden = !on;
    if (cancel) cancel.hidden = !on;
    if (send) send.disabled = on;
  };
  request.upload.addEventListener("progress", (progress) => {
    if (bar && progress.lengthComputable) {
      bar.max = progress.total;
      bar.value = progress.loaded;
    }
  });
  request.addEventListener("load", () => {
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    busy(false);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = page.querySelector(".notice.error, h1") ?? page.body;
    toast(said.textContent?.trim() || `The server answered ${request.status}.`);
  });
  request.addEventListener("error", () => {
    busy(false);
    toast("The upload broke off. Nothing was opened; try again.");
  });
  request.addEventListener("abort", () => {
    busy(false);
    toast("The upload was cancelled. Nothing was opened.");
  });
  cancel?.addEventListener("click", () => request.abort(), { once: true });
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRFToken", csrfToken());
  busy(true);
  request.send(new FormData(form));
}
