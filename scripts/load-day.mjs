// The working day of many people on a filled database: what each act costs them, whether anything fails, and what the server holds in memory.
//
//   node scripts/load-day.mjs [--people 200] [--seconds 600] [--think 8000] [--demo] [--most 2000] [--only sqlite|postgres] [--binary PATH] [--bench PATH]
//
// The data are those of the benchmarks (100,000 opportunities, `bench fill M`), with --demo the demo company's. No act may fail; with --most the
// 99th percentile of each act must stay below so many milliseconds. Memory is looked at before anybody works, each minute, and at the end: after the
// first minute it may not have grown by half.
import { execFile } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { people as demo } from "../e2e/harness/people.mjs";
import { startServer } from "../e2e/harness/server.mjs";
import { checkFromInside, tokenOf } from "./at-work.mjs";
import { book, quantile, workday } from "./day.mjs";
import { megabytes } from "./memory.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({
  options: {
    people: { type: "string", default: "200" },
    seconds: { type: "string", default: "600" },
    think: { type: "string", default: "8000" },
    demo: { type: "boolean", default: false },
    most: { type: "string" },
    only: { type: "string" },
    binary: { type: "string" },
    bench: { type: "string" },
  },
});
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const people = Number(options.people);
const seconds = Number(options.seconds);
const tried = engines(options.only);
let passed = 0;

/** Seconds of work that a process has done so far. @param {number} pid */
async function cpu(pid) {
  const of = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(of[11]) + Number(of[12])) / 100;
}

/** @param {import("./place.mjs").Engine} engine */
async function day(engine) {
  const place = await prepare(engine);
  /** @type {string[]} */
  const wrong = [];
  if (!options.demo) {
    console.log(`${engine}: filling with 100,000 opportunities`);
    const database = place.databaseUrl ?? `sqlite:${path.join(place.directory, "stagecraft.sqlite")}`;
    await promisify(execFile)(path.resolve(options.bench ?? "target/release/bench"), ["fill", "M", database]);
  }
  const server = await startServer({ demo: options.demo, dataDirectory: place.directory, databaseUrl: place.databaseUrl });
  try {
    const emails = options.demo ? Object.values(demo) : Array.from({ length: people }, (_, n) => `person${n}@bench.example`);
    /** @type {string[]} */
    const tokens = new Array(emails.length);
    let next = 0;
    const issue = async () => {
      for (let n = next++; n < emails.length; n = next++) tokens[n] = await tokenOf(place, emails[n] ?? "");
    };
    await Promise.all([issue(), issue(), issue(), issue()]);
    const callers = Array.from({ length: people }, (_, n) => ({ url: server.url, token: tokens[n % tokens.length] ?? "" }));

    const rows = [`at the start ${(await megabytes(server.pid)).toFixed(0)}`];
    const held = [];
    const notes = book();
    const before = await cpu(server.pid);
    const began = Date.now();
    const work = callers.map((caller) => workday(caller, notes, { think: Number(options.think) }));
    for (let minute = 1; Date.now() - began < seconds * 1000; minute += 1) {
      await pause(Math.min(60_000, seconds * 1000 - (Date.now() - began)));
      held.push(await megabytes(server.pid));
      rows.push(`${minute} min ${held.at(-1)?.toFixed(0)}`);
    }
    const took = (Date.now() - began) / 1000;
    notes.over = true;
    await Promise.all(work);
    const used = (await cpu(server.pid)) - before;

    const all = [...notes.waits.values()].flat();
    console.log(
      `${engine}: ${people} people, ${took.toFixed(0)} s: ${all.length} acts (${(all.length / took).toFixed(1)}/s), ${notes.wrong.length} failed, ${notes.refused} told to come again, ` +
        `${notes.conflicts} met a change of somebody else's; the server used ${(used / took).toFixed(2)} cores`,
    );
    for (const [act, waits] of [...notes.waits].sort((a, b) => b[1].length - a[1].length)) {
      const [p50, p99] = [quantile(waits, 0.5), quantile(waits, 0.99)];
      console.log(`${engine}  ${act}: ${waits.length}, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, longest ${Math.max(...waits).toFixed(0)} ms`);
      if (options.most && p99 > Number(options.most)) wrong.push(`${act}: p99 is ${p99.toFixed(0)} ms, ${options.most} are allowed`);
      if (process.env.STAGECRAFT_FAULTS) {
        const line = { day: engine, people, seconds: Math.round(took), act, acts: waits.length, p50: Math.round(p50), p99: Math.round(p99), longest: Math.round(Math.max(...waits)) };
        await appendFile(process.env.STAGECRAFT_FAULTS, `${JSON.stringify(line)}\n`);
      }
    }
    console.log(`${engine}  megabytes: ${rows.join(", ")}`);
    if (process.env.STAGECRAFT_FAULTS) {
      const line = { day: engine, people, seconds: Math.round(took), all: all.length, failed: notes.wrong.length, again: notes.refused, cores: Number((used / took).toFixed(2)), memory: rows };
      await appendFile(process.env.STAGECRAFT_FAULTS, `${JSON.stringify(line)}\n`);
    }
    wrong.push(...notes.wrong.slice(0, 10));
    if (all.length === 0) wrong.push("nobody has done anything");
    const [first, last] = [held[0], held.at(-1)];
    if (held.length > 2 && first && last && last > first * 1.5) wrong.push(`it held ${first.toFixed(0)} MB after a minute and ${last.toFixed(0)} MB in the end`);
    await server.stop();
    await checkFromInside(place, (text) => void wrong.push(text));
  } catch (error) {
    wrong.push(String(error));
    await server.kill();
  } finally {
    await place.end().catch(() => undefined);
  }
  for (const text of wrong.slice(0, 20)) console.log(`    ${text}`);
  return wrong.length === 0;
}

for (const engine of tried) if (await day(engine)) passed += 1;
console.log(`Faults: ${passed} passed, ${tried.length - passed} failed`);
process.exitCode = passed === tried.length && passed > 0 ? 0 : 1;
