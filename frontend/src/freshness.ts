// Pages notice when files of the project change on disk.
import { find, toast } from "./dom";
import { tail } from "./socket";

export function initFreshness(): void {
  const project = document.body.dataset.project;
  const live = find("[data-live]");
  if (!project || !live) return;
  tail(
    () => `/ws/projects/${project}/`,
    (message) => {
      if (message.kind !== "changed") return;
      const paths = message.paths as string[];
      const here = live.dataset.path;
      const about = here === undefined ? paths.length > 0 : paths.some((path) => path === here);
      if (!about) return;
      const what = here === undefined ? "Files of this project changed." : `${here} changed on disk.`;
      toast(what, { label: "Reload", run: () => location.reload() });
    },
  );
}
