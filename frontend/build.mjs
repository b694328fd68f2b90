// Builds static/dist from frontend/. With --check it writes nothing and fails where static/dist is not fresh.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const check = process.argv.includes("--check");
const shared = { bundle: true, minify: true, write: !check, legalComments: "none", target: "es2022", logLevel: "warning" };
const results = [
  await build({ ...shared, entryPoints: ["frontend/src/app.ts"], outfile: "static/dist/app.js", format: "esm" }),
  await build({ ...shared, entryPoints: ["frontend/src/editor/page.ts"], outfile: "static/dist/editor.js", format: "esm" }),
  await build({ ...shared, entryPoints: ["frontend/src/chart.ts"], outfile: "static/dist/chart.js", format: "esm" }),
  await build({ ...shared, entryPoints: ["frontend/css/app.css"], outfile: "static/dist/app.css" }),
];
if (check) {
  for (const file of results.flatMap((result) => result.outputFiles)) {
    const known = await readFile(file.path, "utf8").catch(() => "");
    if (known !== file.text) {
      console.error(`${file.path} is not what frontend/ builds; run make assets and commit it.`);
      process.exitCode = 1;
    }
  }
}
