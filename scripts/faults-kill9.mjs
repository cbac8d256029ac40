// Kills the server under a load of writes and looks for what was acknowledged and for halves.
//
//   node scripts/faults-kill9.mjs [--rounds 20] [--writers 8] [--only sqlite|postgres] [--binary PATH] [--seed N]
//
// A round: writers create, edit and move opportunities; at a random moment the process is killed as a power cut would; it is started
// again on the same database; every acknowledged write must be there, and of those in flight each is there whole or not at all. Then the
// requests in flight are sent once more with their keys, as a client does that lost its answer: none may have been done twice.
// PostgreSQL is tested where STAGECRAFT_TEST_POSTGRES names a server (scripts/with-postgres.sh provides one).
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { setUp, signIn } from "../e2e/harness/api.mjs";
import { binary } from "../e2e/harness/server.mjs";
import { engines, prepare } from "./place.mjs";

/**
 * What a writer knows of one opportunity.
 * @typedef {object} Entry
 * @property {string} name unique, made by the writer
 * @property {string} key the idempotency key of its creation
 * @property {string} [id] once its creation was acknowledged
 * @property {number} [version] as last acknowledged
 * @property {string} [stage] as last acknowledged
 * @property {string} [amount] as last acknowledged
 * @property {string[]} stages every stage that was acknowledged, in order
 * @property {Flight} [flight] a request without an answer
 *
 * @typedef {{method: string, path: string, body: any, key: string, version?: number}} Flight
 * @typedef {import("../e2e/harness/api.mjs").Session} Session
 * @typedef {import("../e2e/harness/server.mjs").Server} Server
 * @typedef {import("./place.mjs").Engine} Engine
 */

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    writers: { type: "string", default: "8" },
    only: { type: "string" },
    binary: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const rounds = Number(options.rounds);
const writers = Number(options.writers);
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);

const administrator = { name: "Ada Faulkner", email: "ada@northwind.example", password: "correct-horse-battery" };
const random = generator(Number(options.seed));

/**
 * A small generator with a seed, so that a bad run can be repeated as nearly as timing allows.
 * @param {number} seed
 */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The stages in progress of the first process, through which the writers walk.
 * @param {Session} session
 * @returns {Promise<string[]>}
 */
async function stagesInProgress(session) {
  const { items } = await session.read("/processes");
  const object = await session.read("/objects/opportunity");
  const { options: all } = object.fields.find((/** @type {any} */ field) => field.key === "stage");
  const types = new Map(all.map((/** @type {any} */ option) => [option.key, option.stage_type]));
  return items[0].stages.map((/** @type {any} */ one) => one.stage).filter((/** @type {string} */ stage) => types.get(stage) === "in_progress");
}

/**
 * Sends one request of a writer; the flight is noted before and forgotten with the answer.
 * @param {Session} session
 * @param {Entry} entry
 * @param {Flight} flight
 * @returns {Promise<boolean>} false once the server is gone
 */
async function send(session, entry, flight) {
  entry.flight = flight;
  let answer;
  try {
    answer = await call(session, flight);
  } catch {
    return false;
  }
  delete entry.flight;
  if (answer.status === 429 || answer.status === 503) {
    // Told to come again: nothing was done.
    await pause(50);
    return true;
  }
  if (answer.status >= 400) throw new Error(`${flight.method} ${flight.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  acknowledge(entry, answer.body.record);
  return true;
}

/**
 * @param {Session} session
 * @param {Flight} flight
 */
function call(session, flight) {
  return session.call(flight.method, flight.path, flight.body, {
    ...(flight.method === "POST" ? { "idempotency-key": flight.key } : {}),
    ...(flight.version === undefined ? {} : { "if-match": `"${flight.version}"` }),
  });
}

/**
 * @param {Entry} entry
 * @param {any} record
 */
function acknowledge(entry, record) {
  entry.id = record.id;
  entry.version = record.version;
  if (entry.stages.at(-1) !== record.fields.stage) entry.stages.push(record.fields.stage);
  entry.stage = record.fields.stage;
  entry.amount = record.fields.amount?.amount;
}

/**
 * Creates, edits and moves until the server is gone.
 * @param {Session} session
 * @param {string[]} stages
 * @param {Entry[]} ledger
 * @param {string} name
 */
async function write(session, stages, ledger, name) {
  for (let count = 0; ; count += 1) {
    const key = randomUUID();
    /** @type {Entry} */
    const entry = { name: `${name} deal ${count}`, key, stages: [] };
    ledger.push(entry);
    const fields = { name: entry.name, amount: { amount: "100.00", currency: "USD" }, expected_close_date: "2030-06-30" };
    if (!(await send(session, entry, { method: "POST", path: "/records/opportunity", body: { fields }, key }))) return;
    if (!entry.id) continue;

    const at = `/records/opportunity/${entry.id}`;
    for (const stage of stages.slice(1)) {
      const amount = { amount: `${1 + Math.floor(random() * 90_000)}.25`, currency: "USD" };
      const edit = { method: "PATCH", path: at, body: { fields: { amount } }, key: randomUUID(), version: entry.version };
      if (!(await send(session, entry, edit))) return;
      const move = { method: "POST", path: `${at}/move`, body: { stage }, key: randomUUID(), version: entry.version };
      if (!(await send(session, entry, move))) return;
    }
  }
}

/**
 * Every record there is, by name.
 * @param {Session} session
 * @returns {Promise<Map<string, any[]>>}
 */
async function everything(session) {
  const found = new Map();
  let cursor = "";
  do {
    const page = await session.read(`/records/opportunity?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const record of page.items) found.set(record.fields.name, [...(found.get(record.fields.name) ?? []), record]);
    cursor = page.next_cursor ?? "";
  } while (cursor !== "");
  return found;
}

/**
 * The record agrees with its own stays and history, or part of a write is missing.
 * @param {Session} session
 * @param {any} record
 * @param {(fault: string) => void} fault
 */
async function checkWhole(session, record, fault) {
  const at = `/records/opportunity/${record.id}`;
  const { items: stays } = await session.read(`${at}/stays`);
  stays.sort((/** @type {any} */ a, /** @type {any} */ b) => (a.entered_at < b.entered_at ? -1 : 1));
  const open = stays.filter((/** @type {any} */ stay) => stay.left_at === null || stay.left_at === undefined);
  if (open.length !== 1) fault(`has ${open.length} open stays`);
  if (open[0]?.stage !== record.fields.stage) fault(`stands in ${record.fields.stage}, its open stay is in ${open[0]?.stage}`);
  for (const [index, stay] of stays.entries()) {
    const next = stays[index + 1];
    if (next && (stay.left_at !== next.entered_at || stay.to_stage !== next.stage)) fault(`has a gap between ${stay.stage} and ${next.stage}`);
  }

  /** @type {any[]} */
  const history = [];
  let cursor = "";
  do {
    const page = await session.read(`${at}/history${cursor && `?cursor=${encodeURIComponent(cursor)}`}`);
    history.push(...page.items);
    cursor = page.next_cursor ?? "";
  } while (cursor !== "");
  for (const field of ["stage", "amount"]) {
    const last = history.flatMap((item) => item.changes).find((change) => change.field === field);
    if (last && JSON.stringify(last.new) !== JSON.stringify(record.fields[field])) {
      fault(`has ${field} ${JSON.stringify(record.fields[field])}, its history ends with ${JSON.stringify(last.new)}`);
    }
  }
  const revisions = history.map((item) => item.revision);
  if (new Set(revisions).size !== revisions.length) fault(`has one revision twice in its history: ${revisions}`);
  if (revisions[0] > record.revision) fault(`has revision ${record.revision}, its history is at ${revisions[0]}`);
  const entered = history.flatMap((item) => item.changes).filter((change) => change.field === "stage").length;
  if (entered !== stays.length && entered !== stays.length - 1) fault(`has ${stays.length} stays and ${entered} changes of stage`);
}

/**
 * Compares what is there with what was acknowledged in all rounds; what this round wrote is looked at closely.
 * @param {Session} session
 * @param {Entry[]} ledger
 * @param {Set<Entry>} closely
 * @param {(fault: string) => void} report
 */
async function checkLedger(session, ledger, closely, report) {
  const found = await everything(session);
  for (const entry of ledger) {
    const records = found.get(entry.name) ?? [];
    found.delete(entry.name);
    /** @param {string} text */
    const fault = (text) => report(`${entry.name} (${entry.id ?? "not acknowledged"}) ${text}`);
    if (records.length > 1) fault(`is there ${records.length} times`);
    const record = records[0];
    if (!record) {
      if (entry.id) fault("was acknowledged and is gone");
      continue;
    }
    if (entry.id && entry.version !== undefined) {
      // One request may have been done without its answer getting through; it adds one version.
      const most = entry.version + (entry.flight ? 1 : 0);
      if (record.version < entry.version || record.version > most) fault(`is at version ${record.version}, acknowledged was ${entry.version}`);
      if (record.version === entry.version) {
        if (record.fields.stage !== entry.stage) fault(`stands in ${record.fields.stage}, acknowledged was ${entry.stage}`);
        if (record.fields.amount?.amount !== entry.amount) fault(`is worth ${record.fields.amount?.amount}, acknowledged was ${entry.amount}`);
      }
    }
    if (closely.has(entry)) await checkWhole(session, record, fault);
  }
  for (const name of found.keys()) report(`${name} is there and nobody made it`);
}

/**
 * A client without an answer asks again with the same key: the work is done once, whether or not it had been.
 * @param {Session} session
 * @param {Entry[]} ledger
 * @param {(fault: string) => void} report
 */
async function sendAgain(session, ledger, report) {
  for (const entry of ledger) {
    const { flight } = entry;
    if (!flight) continue;
    let answer = await call(session, flight);
    if (answer.status === 409 && flight.method === "PATCH") {
      // Without a key the version says that it was done before.
      answer = await session.call("GET", flight.path);
      answer.body = { record: answer.body };
    }
    if (answer.status >= 400) {
      report(`${entry.name}: sent again, ${flight.method} answered ${answer.status} ${JSON.stringify(answer.body)}`);
      continue;
    }
    delete entry.flight;
    acknowledge(entry, answer.body.record);
  }
}

/**
 * @param {Engine} engine
 * @param {string} directory
 * @param {string | undefined} databaseUrl
 * @param {(fault: string) => void} report
 */
async function checkFromInside(engine, directory, databaseUrl, report) {
  const words = ["check", "--data-dir", directory, ...(databaseUrl ? ["--database-url", databaseUrl] : [])];
  try {
    await promisify(execFile)(binary(), words);
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    report(`stagecraft check on ${engine}: ${stdout}${stderr}`);
  }
}

/**
 * @param {Engine} engine
 * @returns {Promise<{passed: number, failed: number}>}
 */
async function run(engine) {
  const place = await prepare(engine);
  /** @type {Entry[]} */
  const ledger = [];
  let passed = 0;
  let failed = 0;
  /** @type {Server | undefined} */
  let server = await place.start();
  await setUp(server.url, administrator);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      /** @type {string[]} */
      const faults = [];
      const session = await signIn(server.url, administrator.email, administrator.password);
      const stages = await stagesInProgress(session);
      /** @type {Entry[]} */
      const written = [];
      const work = Array.from({ length: writers }, (_, writer) => write(session, stages, written, `Round ${round}, writer ${writer},`));
      const settled = Promise.allSettled(work);
      await pause(150 + random() * 1_500);
      await server.kill();
      for (const one of await settled) if (one.status === "rejected") faults.push(String(one.reason));
      ledger.push(...written);

      const began = Date.now();
      server = await place.start();
      const restarted = Date.now() - began;
      const again = await signIn(server.url, administrator.email, administrator.password);
      const inFlight = written.filter((entry) => entry.flight).length;
      const report = (/** @type {string} */ fault) => void faults.push(fault);
      await checkLedger(again, ledger, new Set(written), report);
      await sendAgain(again, written, report);
      await checkLedger(again, ledger, new Set(written), report);
      await checkFromInside(engine, place.directory, place.databaseUrl, report);

      const acknowledged = written.reduce((sum, entry) => sum + (entry.version ?? 0), 0);
      const verdict = faults.length === 0 ? "ok" : "FAULTY";
      console.log(
        `${engine} round ${round}: ${acknowledged} writes acknowledged, ${inFlight} in flight, up again in ${restarted} ms: ${verdict}`,
      );
      for (const fault of faults.slice(0, 20)) console.log(`    ${fault}`);
      if (faults.length === 0) passed += 1;
      else failed += 1;
    }
  } finally {
    if (failed > 0) {
      const kept = path.join(tmpdir(), `stagecraft-faults-${engine}.json`);
      await writeFile(kept, JSON.stringify(ledger, null, 1));
      console.log(`    The writers' ledger is in ${kept}; seed ${options.seed}.`);
    }
    await server.stop();
    await place.end();
  }
  return { passed, failed };
}

let passed = 0;
let failed = 0;
for (const engine of engines(options.only)) {
  const result = await run(engine);
  passed += result.passed;
  failed += result.failed;
}
console.log(`Faults: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
