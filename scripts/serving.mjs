// What a released server costs on filled databases: how soon it answers, what it holds in memory, how long a salesperson waits for Home in a browser.
//
//   node scripts/serving.mjs [--sizes M,L] [--visits 9] [--only sqlite|postgres] [--binary PATH] [--bench PATH] [--write]
//
// The data are those of the benchmarks, filled by `bench fill SIZE`; L is kept between runs, where `bench` keeps it too: in the folder of
// STAGECRAFT_BENCH_DIR, and on the server of STAGECRAFT_TEST_POSTGRES. With --write the table goes into docs/benchmarks.md.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { openBrowser, openWindow, signInOnScreen } from "../e2e/harness/browser.mjs";
import { binary, startServer } from "../e2e/harness/server.mjs";
import { at, tokenOf } from "./at-work.mjs";
import { book, quantile, workday } from "./day.mjs";
import { megabytes } from "./memory.mjs";
import { engines, prepare, psql } from "./place.mjs";

const { values: options } = parseArgs({
  options: {
    sizes: { type: "string", default: "M,L" },
    visits: { type: "string", default: "9" },
    only: { type: "string" },
    binary: { type: "string" },
    bench: { type: "string", default: "target/release/bench" },
    write: { type: "boolean", default: false },
  },
});
process.env.STAGECRAFT_BINARY = path.resolve(options.binary ?? "target/release/stagecraft");
const visits = Number(options.visits);
/** Who is asked for: as `bench` numbers the people of its company of 200 departments. */
const people = { salesperson: 201, manager: 1, "one who sees all": 0 };
const password = "A long walk over green hills";

/** @type {string[]} */
const titles = [];
/** @type {Map<string, string[]>} */
const rows = new Map();

/** @param {string} what @param {string} value */
function put(what, value) {
  const row = rows.get(what) ?? [];
  while (row.length < titles.length - 1) row.push("");
  row.push(value);
  rows.set(what, row);
  console.log(`  ${what}: ${value}`);
}

/** @param {number[]} waits */
const shown = (waits) => `${quantile(waits, 0.5).toFixed(0)} / ${Math.max(...waits).toFixed(0)}`;

/**
 * Where the data are, filled.
 * @param {import("./place.mjs").Engine} engine
 * @param {string} size
 */
async function filled(engine, size) {
  const place = await prepare(engine);
  if (size === "L") {
    const folder = process.env.STAGECRAFT_BENCH_DIR ?? path.join(tmpdir(), "stagecraft-bench-L");
    await mkdir(folder, { recursive: true });
    place.databaseUrl = `sqlite:${path.join(folder, "bench.sqlite")}`;
    if (engine === "postgres") {
      const server = process.env.STAGECRAFT_TEST_POSTGRES ?? "";
      const there = await psql(server, "SELECT 1 FROM pg_database WHERE datname = 'stagecraft_bench_l'");
      if (there.trim() === "") await psql(server, "CREATE DATABASE stagecraft_bench_l");
      const address = new URL(server);
      address.pathname = "/stagecraft_bench_l";
      place.databaseUrl = address.href;
    }
  }
  await promisify(execFile)(path.resolve(options.bench), ["fill", size, place.databaseUrl ?? `sqlite:${path.join(place.directory, "stagecraft.sqlite")}`], { maxBuffer: 1 << 26 });
  return place;
}

/** Sets a person's password at the machine. @param {import("./place.mjs").Place} place @param {string} email */
async function knows(place, email) {
  const child = spawn(binary(), ["user", "password", "--email", email, "--password-stdin", ...at(place)], { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.end(`${password}\n`);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the password of ${email} was not set`);
}

/** Milliseconds until nothing in sight is on its way any more. @param {import("../e2e/harness/browser.mjs").Window["page"]} page @param {() => Promise<unknown>} go */
async function untilWhole(page, go) {
  const began = performance.now();
  await go();
  await page.waitForFunction(
    () => {
      const waits = [...document.querySelectorAll('main [role="status"][aria-label="Loading"]')];
      // Cards below are asked for when one comes near to them.
      return document.querySelector("main h2") && waits.every((one) => one.getBoundingClientRect().top >= innerHeight);
    },
    undefined,
    // Behind a start the server first reads all deals.
    { polling: "raf", timeout: 180_000 },
  );
  return performance.now() - began;
}

/** @param {import("./place.mjs").Engine} engine @param {string} size */
async function measure(engine, size) {
  titles.push(`${engine === "sqlite" ? "SQLite" : "PostgreSQL"} ${size}`);
  console.log(titles.at(-1));
  const place = await filled(engine, size);
  const browser = await openBrowser();
  try {
    for (const number of Object.values(people)) await knows(place, `person${number}@bench.example`);
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => tokenOf(place, `person${201 + n}@bench.example`)));
    const began = performance.now();
    const server = await startServer({ dataDirectory: place.directory, databaseUrl: place.databaseUrl });
    try {
      const ready = await fetch(`${server.url}/readyz`);
      if (!ready.ok) throw new Error(`it is not ready: ${ready.status}`);
      put("start to the first answer, ms", (performance.now() - began).toFixed(0));
      await pause(3_000);
      put("memory after the start, MB", (await megabytes(server.pid)).toFixed(0));
      for (const [who, number] of Object.entries(people)) {
        const window = await openWindow(browser, server.url);
        await signInOnScreen(window, `person${number}@bench.example`, password);
        const { page } = window;
        const first = await untilWhole(page, () => page.goto("/"));
        const waits = [];
        for (let visit = 0; visit < visits; visit += 1) waits.push(await untilWhole(page, () => page.reload()));
        put(`Home of ${who === "one who sees all" ? who : `a ${who}`} in a browser, first visit, ms`, first.toFixed(0));
        put(`Home of ${who === "one who sees all" ? who : `a ${who}`} in a browser, then (median / longest of ${visits}), ms`, shown(waits));
        await page.context().close();
      }
      put("memory after all have looked, MB", (await megabytes(server.pid)).toFixed(0));
      const notes = book();
      const work = tokens.map((token) => workday({ url: server.url, token }, notes, { think: 1_000 }));
      await pause(20_000);
      notes.over = true;
      await Promise.all(work);
      if (notes.wrong.length > 0) throw new Error(notes.wrong.slice(0, 5).join("\n"));
      put("memory after twenty people's work, MB", (await megabytes(server.pid)).toFixed(0));
    } finally {
      await server.stop();
    }
  } finally {
    await browser.close();
    if (size !== "L") await place.end();
  }
}

for (const size of options.sizes.split(",")) for (const engine of engines(options.only)) await measure(engine, size);

const table = [`| | ${titles.join(" | ")} |`, `|${"---|".repeat(titles.length + 1)}`, ...[...rows].map(([what, values]) => `| ${what} | ${values.join(" | ")} |`)].join("\n");
console.log(table);
if (options.write) {
  const page = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
  const text = await readFile(page, "utf8");
  const head = `Measured on ${new Date().toISOString().slice(0, 10)} with ${cpus().length} cores and ${Math.ceil(totalmem() / 2 ** 30)} GB of memory.`;
  const written = text.replace(/<!-- serving -->[^]*<!-- end of serving -->/, () => `<!-- serving -->\n${head}\n\n${table}\n<!-- end of serving -->`);
  if (written === text) throw new Error("docs/benchmarks.md has no place for it");
  await writeFile(page, written);
}
