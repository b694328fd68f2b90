// The browser's side of the workbench. Each module looks for the elements it cares for and leaves the rest alone.
import { initChat } from "./chat";
import { initCode } from "./code";
import { initDiff } from "./diff/page";
import { initForms } from "./forms";
import { initFreshness } from "./freshness";
import { initGraphs } from "./graph";
import { initKeys } from "./keys";
import { initMatrices } from "./matrix";
import { initPalette } from "./palette";
import { initRuns } from "./runs";
import { initTabs } from "./tabs";
import { initTheme } from "./theme";

initTheme();
initKeys();
initPalette();
initForms();
initTabs();
initRuns();
initFreshness();
initCode();
initDiff();
initGraphs();
initMatrices();
initChat();
