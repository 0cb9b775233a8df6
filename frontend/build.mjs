// Our sources and ECharts → what the wheel carries. `npm run build`; `hatch_build.py` runs it.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const out = join(here, "..", "src", "fairstream", "charts", "dist");
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
  metafile: true,
  charset: "utf8",
};

async function licenceFiles(folder) {
  const all = await readdir(folder, { withFileTypes: true });
  const inside = all.some((one) => one.name === "licenses") ? await readdir(join(folder, "licenses")) : [];
  const beside = all.filter((one) => one.isFile() && /^(licen[cs]e|notice|copying)/i.test(one.name));
  return [...beside.map((one) => one.name), ...inside.map((name) => join("licenses", name))].sort();
}

// Texts of the licences of every package that reached a bundle.
async function licences(metas) {
  const inputs = metas.flatMap((meta) => Object.keys(meta.inputs));
  const names = [...new Set(inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]))];
  const texts = [];
  for (const name of names.filter(Boolean).sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const paths = await licenceFiles(folder);
    const bodies = await Promise.all(paths.map((file) => readFile(join(folder, file), "utf8")));
    if (!bodies.length) throw new Error(`${name} ${version} has no licence text`);
    texts.push(`${name} ${version} (${license})\n\n${bodies.map((body) => body.trim()).join("\n\n")}\n`);
  }
  return texts.join(`\n${"=".repeat(80)}\n\n`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const [ssr, browser] = await Promise.all([
  build({ ...common, entryPoints: ["charts/ssr.js"], outfile: join(out, "charts-ssr.js"), format: "iife", target: "es2020" }),
  build({ ...common, entryPoints: ["charts/browser.js"], outfile: join(out, "charts.js"), format: "esm", target: "es2020" }),
]);
await writeFile(join(out, "LICENSES.txt"), await licences([ssr.metafile, browser.metafile]));
const files = {};
for (const name of (await readdir(out)).sort()) {
  const bytes = await readFile(join(out, name));
  files[name] = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
// Last, so that a build that broke off leaves no manifest. `sources` comes from hatch_build.py.
const sources = process.env.FAIRSTREAM_SOURCES ?? "";
await writeFile(join(out, "manifest.json"), `${JSON.stringify({ sources, files }, null, 1)}\n`);
