// Writes the tables of docs/faults.md from what the fault scripts and the working day have noted.
//
//   node scripts/faults-table.mjs FILE
//
// FILE is the one that STAGECRAFT_FAULTS named while they ran: a line of JSON for each kind of fault. Kinds that were not tried keep their line.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** What is done, by its key, in the order of the page. */
const kinds = new Map([
  ["killed", "The server is killed (`kill -9`) and started again; time until it listens"],
  ["full-sqlite", "The disk has no room left for some seconds, then has"],
  ["full-postgres", "The disk has no room left for some seconds, then has; PostgreSQL is started again where it fell"],
  ["folder", "The folder of the data is moved away, then back"],
  ["restart", "PostgreSQL is restarted, all its connections broken (`fast`)"],
  ["crash", "PostgreSQL falls (`immediate`) and recovers"],
  ["away", "PostgreSQL is stopped, stays away, is started"],
  ["frozen", "PostgreSQL answers nothing and holds its connections (`SIGSTOP`), then goes on"],
  ["failover", "The primary falls, a synchronous standby is promoted; time since the promotion"],
  ["clocks apart", "Two servers, one clock 5.5 minutes ahead, the other 5.5 behind"],
  ["clock put back", "The machine's clock is put back by 5.5 minutes between two starts"],
  ["overtaken", "A newer version migrates the database while the older one serves; time until the older one has ended"],
  ["slow clients", "Hundreds of clients send or take a byte a second"],
  ["open windows", "A thousand event streams are open all the time"],
]);

const page = fileURLToPath(new URL("../docs/faults.md", import.meta.url));
const noted = (await readFile(process.argv[2] ?? "", "utf8")).trim().split("\n").map((line) => JSON.parse(line));
let text = await readFile(page, "utf8");

/** @param {string} heading @param {string} with_ */
function put(heading, with_) {
  const from = text.indexOf(`## ${heading}\n`) + `## ${heading}\n`.length;
  if (from < heading.length) throw new Error(`there is no heading “${heading}”`);
  const until = text.indexOf("\n## ", from);
  text = `${text.slice(0, from)}\n${with_.trim()}\n${text.slice(until < 0 ? text.length : until)}`;
}

/** The lines of a table that is there, by their first two cells. @param {string} heading */
function there(heading) {
  const from = text.indexOf(`## ${heading}\n`);
  const until = text.indexOf("\n## ", from + 3);
  const lines = text.slice(from, until < 0 ? text.length : until).split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
  return new Map(lines.map((line) => [line.split(" | ").slice(0, 2).join(" | "), line]));
}

const seconds = (/** @type {number} */ ms) => (ms < 995 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
const faults = noted.filter((one) => one.key);
const kept = there("What was tried");
/** @type {string[]} */
const rows = [];
for (const [key, words] of kinds) {
  for (const engine of ["sqlite", "postgres"]) {
    const name = engine === "sqlite" ? "SQLite" : "PostgreSQL";
    const first = `| ${words} | ${name}`;
    const of = faults.filter((one) => one.key === key && one.engine === engine);
    if (of.length === 0) {
      const old = kept.get(first);
      if (old) rows.push(old);
      continue;
    }
    const sum = (/** @type {string} */ what) => of.reduce((all, one) => all + one[what], 0);
    const back = of.flatMap((one) => one.recovered).sort((a, b) => a - b);
    const median = back[Math.floor(back.length / 2)];
    const took = median === undefined ? "–" : `${seconds(median)}, ${seconds(back.at(-1))}`;
    const writes = sum("acknowledged") > 0 ? `${sum("acknowledged")}, ${sum("inFlight")}` : "–";
    rows.push(`${first} | ${sum("tried")} | ${writes} | ${sum("failed")} | ${took} |`);
  }
}
put(
  "What was tried",
  `| what is done | on | tried | writes acknowledged, in flight at the end | times anything was lost, doubled or failed | back by itself: median, longest |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}`,
);
const notes = faults.flatMap((one) => one.notes.map((/** @type {string} */ note) => `- ${one.key}, ${one.engine === "sqlite" ? "SQLite" : "PostgreSQL"}: ${note}.`));
if (notes.length > 0) put("What else was noted", notes.join("\n"));

const days = noted.filter((one) => one.day);
if (days.length > 0) {
  const parts = [];
  for (const engine of ["sqlite", "postgres"]) {
    const of = days.filter((one) => one.day === engine);
    const whole = of.find((one) => one.all !== undefined);
    if (!whole) continue;
    parts.push(
      `**${engine === "sqlite" ? "SQLite" : "PostgreSQL"}**: ${whole.people} people, ${whole.seconds} s, ${whole.all} acts (${(whole.all / whole.seconds).toFixed(1)} a second), ${whole.failed} failed, ` +
        `${whole.again} told to come again; the server used ${whole.cores} cores. Megabytes it held: ${whole.memory.join(", ")}.\n\n| act | how often | p50 | p99 | longest |\n| --- | --- | --- | --- | --- |\n` +
        of.filter((one) => one.act).map((one) => `| ${one.act} | ${one.acts} | ${one.p50} ms | ${one.p99} ms | ${one.longest} ms |`).join("\n"),
    );
  }
  put("A working day", parts.join("\n\n"));
}
await writeFile(page, text);
