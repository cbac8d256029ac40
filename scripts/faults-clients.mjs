// Clients that are slow, and windows that are open all day: others must not suffer from either.
//
//   node scripts/faults-clients.mjs [--slow 600] [--streams 1000] [--people 8] [--seconds 20] [--most 1000] [--wait] [--only sqlite|postgres] [--binary PATH]
//
// First people work alone, which is what the rest is measured against. Then --slow clients send the head of a request, or its body, or take an
// answer or an export, a byte a second. Then --streams event streams are open, twenty a person, and nobody says anything: told is what each
// costs in memory and descriptors; all of them must hear of one change, and look anew when a definition changes, while people go on working.
// Nothing of anybody else may fail or wait longer than --most. With --wait the server must have ended what was too slow.
import net from "node:net";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { people as demo } from "../e2e/harness/people.mjs";
import { signIn } from "../e2e/harness/api.mjs";
import { startServer } from "../e2e/harness/server.mjs";
import { tokenOf } from "./at-work.mjs";
import { ask, book, quantile, workday } from "./day.mjs";
import { Faults } from "./faults.mjs";
import { listen } from "./listening.mjs";
import { megabytes } from "./memory.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({
  options: {
    slow: { type: "string", default: "600" },
    streams: { type: "string", default: "1000" },
    people: { type: "string", default: "8" },
    seconds: { type: "string", default: "20" },
    most: { type: "string", default: "1000" },
    wait: { type: "boolean", default: false },
    only: { type: "string" },
    binary: { type: "string" },
  },
});
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const [slow, streams, people, seconds, most] = [options.slow, options.streams, options.people, options.seconds, options.most].map(Number);
const faults = new Faults();
/** Answers that a client asks for which takes them slowly. */
const answers = options.wait ? 40 : 4;

/** @param {number} pid */
async function descriptors(pid) {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** Waits until a process has little to do. @param {number} pid */
async function calm(pid) {
  const used = async () => {
    const of = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
    return (Number(of[11]) + Number(of[12])) / 100;
  };
  for (let tries = 0, before = await used(); tries < 120; tries += 1) {
    await pause(500);
    const now = await used();
    if (now - before < 0.1) return;
    before = now;
  }
}

/**
 * People work for a while; what it cost them.
 * @param {import("./day.mjs").Caller[]} callers
 * @param {number} ms
 * @param {() => Promise<void>} [meanwhile]
 */
async function worked(callers, ms, meanwhile) {
  const notes = book();
  const work = callers.map((caller) => workday(caller, notes, { think: 150 }));
  await Promise.all([pause(ms), meanwhile?.()]);
  notes.over = true;
  await Promise.all(work);
  const waits = [...notes.waits.values()].flat();
  return { notes, waits, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), longest: Math.max(0, ...waits) };
}

/** @param {Awaited<ReturnType<typeof worked>>} done */
function told(done) {
  return `${done.waits.length} acts, p50 ${done.p50.toFixed(0)}, p99 ${done.p99.toFixed(0)}, longest ${done.longest.toFixed(0)} ms`;
}

/**
 * @param {Awaited<ReturnType<typeof worked>>} done
 * @param {Awaited<ReturnType<typeof worked>>} alone
 * @param {(fault: string) => void} fault
 */
function unharmed(done, alone, fault) {
  for (const text of done.notes.wrong.slice(0, 5)) fault(text);
  if (done.notes.refused > 0) fault(`${done.notes.refused} were told to come again`);
  const allowed = Math.max(Number(most), alone.longest * 2);
  if (done.longest > allowed) fault(`somebody waited ${done.longest.toFixed(0)} ms, ${allowed.toFixed(0)} are allowed`);
  if (done.waits.length === 0) fault("nobody did anything");
}

/**
 * A client that does something a byte a second.
 * @param {string} url
 * @param {string} token
 * @param {number} n
 */
function dawdle(url, token, n) {
  const { hostname, port } = new URL(url);
  const socket = net.connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  const head = (/** @type {string} */ first, /** @type {string} */ more = "") => `${first} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n${more}\r\n`;
  const body = JSON.stringify({ fields: { name: `A deal by single bytes ${n}`, next_step: "x".repeat(900) } });
  const kinds = [
    // Its head comes by single bytes.
    { whole: "", slowly: head("GET /api/v1/me"), reads: true },
    // Its body does.
    { whole: head("POST /api/v1/records/opportunity", `content-type: application/json\r\ncontent-length: ${body.length}\r\n`), slowly: body, reads: true },
    // It takes a long answer so: one after the other on a connection, until what lies between them is full.
    { whole: head("GET /api/v1/records/opportunity?limit=200").repeat(answers), slowly: "", reads: false },
    { whole: head("GET /api/v1/records/opportunity/export?format=csv").repeat(answers), slowly: "", reads: false },
  ];
  const kind = /** @type {typeof kinds[0]} */ (kinds[n % kinds.length]);
  let sent = 0;
  socket.pause();
  if (kind.whole) socket.write(kind.whole);
  const timer = setInterval(() => {
    if (sent < kind.slowly.length && !socket.destroyed) socket.write(kind.slowly[sent++] ?? "");
    if (kind.reads) socket.resume();
    else socket.read(1);
  }, 1_000);
  socket.on("close", () => clearInterval(timer));
  socket.on("end", () => socket.destroy());
  return socket;
}

/** @param {import("./place.mjs").Engine} engine */
async function under(engine) {
  const place = await prepare(engine);
  const server = await startServer({ demo: true, dataDirectory: place.directory, databaseUrl: place.databaseUrl });
  try {
    const tokens = await Promise.all(Object.values(demo).map((email) => tokenOf(place, email)));
    const callers = Array.from({ length: Number(people) }, (_, n) => ({ url: server.url, token: tokens[n % tokens.length] ?? "" }));
    const ada = { url: server.url, token: tokens.at(-1) ?? "" };
    const ms = Number(seconds) * 1000;
    await worked(callers, 1_500);
    const alone = await worked(callers, ms);
    console.log(`${engine}: ${people} people alone: ${told(alone)}`);

    // ---- Slow clients ----
    const of = faults.begin("slow clients", engine);
    const [heldBefore, openBefore] = [await megabytes(server.pid), await descriptors(server.pid)];
    const dawdling = Array.from({ length: Number(slow) }, (_, n) => dawdle(server.url, ada.token, n));
    // What they ask for at first is work like any other; it is their slowness that is looked at.
    await calm(server.pid);
    const beside = await worked(callers, ms);
    const [held, opened] = [await megabytes(server.pid), await descriptors(server.pid)];
    unharmed(beside, alone, of.fault);
    let ended = "";
    if (options.wait) {
      // Heads and bodies are given up after 75 and about 30 seconds; whoever takes nothing of an answer after 30.
      // It is asked of the server: one that does not read does not hear that it was given up.
      const left = async () => (await descriptors(server.pid)) - openBefore;
      for (const until = Date.now() + 120_000; Date.now() < until && (await left()) > 20; ) await pause(500);
      if ((await left()) > 20) of.fault(`${await left()} connections of slow clients are still there after two minutes`);
      else ended = `, all given up by the server`;
    }
    for (const socket of dawdling) socket.destroy();
    await pause(500);
    for (const until = Date.now() + 10_000; Date.now() < until && (await descriptors(server.pid)) > openBefore + 30; ) await pause(100);
    const after = await descriptors(server.pid);
    if (after > openBefore + 30) of.fault(`${after} descriptors are open, ${openBefore} were before`);
    const costs = `${slow} clients: ${told(beside)}; ${heldBefore.toFixed(0)} → ${held.toFixed(0)} MB, ${openBefore} → ${opened} → ${after} descriptors${ended}`;
    of.note(`alone ${told(alone)}; beside ${costs}`);
    of.end(costs);

    // ---- Open windows ----
    const idle = faults.begin("open windows", engine);
    const session = await signIn(server.url, demo.ada);
    const watchers = Math.ceil(Number(streams) / 20);
    /** @type {string[]} */
    const keys = [];
    for (let n = 0; n < watchers; n += 1) {
      const email = `watcher${n}@demo.stagecraft.example`;
      await session.create("/records/employee", { fields: { name: `Watcher ${n}`, email, roles: ["sales_manager", "administrator"], active: true } });
      keys.push(await tokenOf(place, email));
    }
    const [heldIdle, openIdle] = [await megabytes(server.pid), await descriptors(server.pid)];
    const began = performance.now();
    const windows = [];
    for (let n = 0; n < Number(streams); n += 20) {
      windows.push(...(await Promise.all(Array.from({ length: Math.min(20, Number(streams) - n) }, () => listen(server.url, { token: keys[n / 20] ?? "" })))));
    }
    const opening = performance.now() - began;
    const [heldOpen, openOpen] = [await megabytes(server.pid), await descriptors(server.pid)];
    const quiet = await worked(callers, ms);
    unharmed(quiet, alone, idle.fault);

    const told1 = performance.now();
    const { record } = await session.create("/records/opportunity", { fields: { name: "What all windows hear of" } });
    const heard = await Promise.all(windows.map((window) => window.hears(record.id, 30_000)));
    const spread = performance.now() - told1;
    const deaf = heard.filter((one) => !one).length;
    if (deaf > 0) idle.fault(`${deaf} of ${streams} windows heard nothing`);

    // A definition changes: everybody's rights are looked at anew, all at once.
    const shaped = await worked(callers, Math.min(ms, 5_000), async () => {
      await pause(1_000);
      const added = await ask(ada, "POST", "/objects/opportunity/fields", { label: { en: "Shape" }, type: "text", max_length: 20 });
      if (added.status >= 300) idle.fault(`a field could not be added: ${added.status} ${added.text.slice(0, 200)}`);
    });
    unharmed(shaped, alone, idle.fault);
    for (const window of windows) window.close();
    for (const until = Date.now() + 10_000; Date.now() < until && (await descriptors(server.pid)) > openIdle + 30; ) await pause(100);
    const gone = await descriptors(server.pid);
    if (gone > openIdle + 30) idle.fault(`${gone} descriptors are open, ${openIdle} were before`);
    const broke = windows.reduce((sum, window) => sum + window.breaks(), 0);
    if (broke > 0) idle.fault(`streams broke off ${broke} times`);
    const sum =
      `${streams} windows in ${(opening / 1000).toFixed(1)} s, ${heldIdle.toFixed(0)} → ${heldOpen.toFixed(0)} MB (${(((heldOpen - heldIdle) * 1024) / Number(streams)).toFixed(0)} kB each), ${openIdle} → ${openOpen} → ${gone} descriptors; ` +
      `one change heard by all in ${spread.toFixed(0)} ms; people meanwhile: ${told(quiet)}; while a field is added: ${told(shaped)}`;
    idle.note(`alone ${told(alone)}; ${sum}`);
    idle.end(sum);
  } finally {
    await server.kill();
    await place.end();
  }
}

for (const engine of engines(options.only)) await under(engine);
await faults.sum();
