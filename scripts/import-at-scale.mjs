// Imports many opportunities while people go on working, kills the server in the middle of an import, and undoes one.
//
//   node scripts/import-at-scale.mjs [--rows 100000] [--people 20] [--kills 1] [--only sqlite|postgres] [--binary PATH] [--goal 5000]
//
// First the rows go in with external ids, references to accounts, products and owners, and their past, judged by the shipped rule against
// doubles and by a limit of each person, while people list, look and edit; told are the rows a second, and how long the people waited before
// and meanwhile. Then another import is killed as a power cut would, at a random moment; the server is started again: no row may be there
// twice, and none may be missing. At last that import is undone: every table must be as it was before. With --goal the rows a second must be
// reached.
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { setUp, signIn } from "../e2e/harness/api.mjs";
import { binary } from "../e2e/harness/server.mjs";
import { administrator, ended, enter, imported } from "./importing.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    people: { type: "string", default: "20" },
    kills: { type: "string", default: "1" },
    only: { type: "string" },
    binary: { type: "string" },
    goal: { type: "string" },
  },
});
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const rows = Number(options.rows);
const people = Number(options.people);
const kills = Number(options.kills);
const pipeline = reading();
/** What is killed and undone. */
const some = Math.max(600, Math.round(rows / 5));
/** Objects that an import may touch. */
const objects = ["opportunity", "account", "product", "employee"];

let faults = 0;
/** @param {string} text */
function fault(text) {
  faults += 1;
  console.log(`FAULT ${text}`);
}

for (const engine of engines(options.only)) {
  const place = await prepare(engine);
  let server = await place.start();
  let session = await setUp(server.url, administrator);
  let door = await enter(server.url);
  const crowd = await hire(session, server.url);
  // Every row is judged by the shipped rule against doubles, and by a limit.
  const limit = { kind: "number", number: 2 * (rows + some) };
  await session.create("/holding-rules", { object: "opportunity", name: "Each", subject: { kind: "employees" }, limit });
  const accounts = Math.max(10, Math.round(rows / 50));
  const simple = (/** @type {string} */ object) => ({ object, mode: "upsert", keys: { external_source: "old", external_column: "id" } });
  await imported(session, door, "accounts.csv", table("id,name,city", accounts, (n) => `A${n},Account ${n},City ${n % 97}`), simple("account"));
  await imported(session, door, "products.csv", table("id,name", 40, (n) => `P${n},Product ${n}`), simple("product"));
  const { items } = await session.read("/processes");
  const stages = items[0].stages.map((/** @type {any} */ one) => one.stage);

  /** @type {{stop: boolean, waits: number[]}} */
  const before = { stop: false, waits: [] };
  const quiet = crowd.map((person) => work(person, before));
  await pause(people ? 5_000 : 0);
  before.stop = true;
  await Promise.all(quiet);

  /** @type {{stop: boolean, waits: number[]}} */
  const meanwhile = { stop: false, waits: [] };
  const busy = crowd.map((person) => work(person, meanwhile));
  const idle = await cpu(server.pid);
  const done = await imported(session, door, "pipeline.csv", deals("D", rows, accounts, stages), pipeline);
  const used = (await cpu(server.pid)) - idle;
  meanwhile.stop = true;
  await Promise.all(busy);
  const seconds = (Date.parse(done.ended_at) - Date.parse(done.started_at)) / 1000;
  const rate = Math.round(rows / seconds);
  if (done.state !== "done" || done.created !== rows || done.problem_count !== 0) {
    fault(`${engine}: ${JSON.stringify({ ...done, steps: undefined, columns: undefined, problems: done.problems.slice(0, 3) })}`);
  }
  if (options.goal && rate < Number(options.goal)) fault(`${engine}: ${rate} rows/s, ${options.goal} were to be reached`);
  console.log(
    `${engine}: ${rows} opportunities in ${seconds.toFixed(1)} s, ${rate} rows/s (${Math.round(rows / used)} a CPU second of the server); ${people} people: ` +
      `before p50 ${at(before.waits, 0.5)} p99 ${at(before.waits, 0.99)} ms (${before.waits.length}), ` +
      `meanwhile p50 ${at(meanwhile.waits, 0.5)} p99 ${at(meanwhile.waits, 0.99)} ms (${meanwhile.waits.length})`,
  );

  for (let round = 0; round < kills; round += 1) {
    const digest = await everything(door);
    const sent = await door.upload("more.csv", Buffer.from(deals(`K${round}-`, some, accounts, stages)));
    const begun = await session.create("/imports", { file: sent.body.items[0].id, options: pipeline });
    const goal = some * (0.1 + Math.random() * 0.7);
    for (;;) {
      const shown = await session.read(`/imports/${begun.id}`);
      if (shown.state === "done" || shown.done >= goal) break;
      await pause(10);
    }
    const seen = await session.read(`/imports/${begun.id}`);
    await server.kill();
    server = await place.start();
    session = await signIn(server.url, administrator.email, administrator.password);
    door = await enter(server.url);
    // Whoever had it in hand has it for half a minute; then another goes on.
    const resumed = await ended(session, begun.id);
    if (resumed.state !== "done" || resumed.created !== some) {
      fault(`${engine}: killed at ${seen.done} of ${some}, resumed to ${resumed.state} with ${resumed.created}: ${resumed.error}`);
    }
    const result = (await door.text(`/imports/${begun.id}/result.csv`)).trim().split("\n").slice(1);
    const lines = new Set(result.map((line) => line.split(",")[1]));
    const ids = new Set(result.map((line) => line.split(",")[4]));
    const { count } = await session.read(`/records/opportunity?count=exact&limit=1&q=${encodeURIComponent(`K${round}`)}`);
    if (result.length !== some || lines.size !== some || ids.size !== some) fault(`${engine}: ${result.length} results, ${lines.size} lines, ${ids.size} records of ${some}`);
    if (count !== some) fault(`${engine}: ${count} deals are there, not ${some}`);
    await inside(place);

    await session.create(`/imports/${begun.id}/undo`, {});
    const start = Date.now();
    const undone = await ended(session, begun.id);
    if (undone.state !== "undone" || undone.undo.deleted !== some) fault(`${engine}: undone: ${JSON.stringify(undone.undo)} ${undone.state} ${undone.error}`);
    const after = await everything(door);
    for (const object of objects) {
      if (after[object] !== digest[object]) fault(`${engine}: ${object} is not as it was before the import that was undone`);
    }
    console.log(
      `${engine}: killed after ${seen.done} of ${some} rows, resumed: ${ids.size} records, none twice; undone in ${((Date.now() - start) / 1000).toFixed(1)} s: ` +
        `${undone.undo.deleted} deleted, ${undone.undo.stayed} stayed, tables as before`,
    );
    await inside(place);
  }
  await server.stop();
  await place.end();
}
process.exit(faults ? 1 : 0);

/** How the pipelines below are read. */
function reading() {
  return {
    object: "opportunity",
    mode: "upsert",
    keys: { external_source: "old", external_column: "id" },
    mapping: { id: null, title: "name", account: "account", product: "product", owner: "owner", stage: "stage", begun: ["created_at", "stage_entered_at"], value: "amount", expected: "expected_close_date" },
    references: { account: { by: "external" }, product: { by: "external" }, owner: { by: "name" } },
    history: true,
    currency: "USD",
  };
}

/**
 * @param {string} head
 * @param {number} count
 * @param {(n: number) => string} row
 */
function table(head, count, row) {
  const lines = [head];
  for (let n = 0; n < count; n += 1) lines.push(row(n));
  return lines.join("\n");
}

/**
 * @param {string} prefix
 * @param {number} count
 * @param {number} accounts
 * @param {string[]} stages
 */
function deals(prefix, count, accounts, stages) {
  const open = stages.slice(0, Math.max(1, stages.length - 2));
  const day = (/** @type {number} */ n) => new Date(Date.UTC(2024, 0, 1 + (n % 700))).toISOString().slice(0, 10);
  return table("id,title,account,product,owner,stage,begun,value,expected", count, (n) => {
    const owner = `Person ${n % Math.max(1, people || 5)}`;
    return `${prefix}${n},${prefix.replace("-", "")} deal ${n},A${n % accounts},P${n % 40},${owner},${open[n % open.length]},${day(n)},${100 + (n % 9000)}.50,2031-0${1 + (n % 9)}-15`;
  });
}

/**
 * People with a role and a password, signed in.
 * @param {import("./importing.mjs").Session} session
 * @param {string} url
 */
async function hire(session, url) {
  const crowd = [];
  for (let n = 0; n < Math.max(people, 5); n += 1) {
    const email = `person${n}@northwind.example`;
    const made = await session.create("/records/employee", { fields: { name: `Person ${n}`, email, roles: ["salesperson"], active: true } });
    if (n >= people) continue;
    await session.create(`/people/${made.record.id}/password`, { password: "sturdy-mule-reads-tea" });
    crowd.push(await signIn(url, email, "sturdy-mule-reads-tea"));
  }
  return crowd;
}

/**
 * One person's work: a list, a deal of his own, a change of it, about three a second.
 * @param {import("./importing.mjs").Session} person
 * @param {{stop: boolean, waits: number[]}} course
 */
async function work(person, course) {
  const fields = { name: `Own ${randomUUID()}`, expected_close_date: "2032-01-31" };
  const { record } = await person.create("/records/opportunity", { fields });
  let { version } = record;
  for (let turn = 0; !course.stop; turn += 1) {
    const began = performance.now();
    if (turn % 2 === 0) {
      await person.read("/records/opportunity?limit=25&sort=-created_at");
    } else {
      const change = { fields: { next_step: `Call ${turn}` } };
      const answer = await person.call("PATCH", `/records/opportunity/${record.id}`, change, { "if-match": `"${version}"` });
      if (answer.status >= 400) fault(`somebody at work: ${answer.status} ${JSON.stringify(answer.body)}`);
      else version = answer.body.record.version;
    }
    course.waits.push(performance.now() - began);
    await pause(200 + Math.random() * 200);
  }
}

/**
 * Seconds of work that a process has done so far.
 * @param {number} pid
 */
async function cpu(pid) {
  const words = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(words[11]) + Number(words[12])) / 100;
}

/**
 * @param {number[]} waits
 * @param {number} share
 */
function at(waits, share) {
  const sorted = [...waits].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
}

/**
 * What every table holds, in every field that one may see.
 * @param {Awaited<ReturnType<typeof enter>>} door
 */
async function everything(door) {
  /** @type {Record<string, string>} */
  const digests = {};
  for (const object of objects) {
    const text = await door.text(`/records/${object}/export?format=csv&header=keys&sort=created_at`);
    digests[object] = createHash("sha256").update(text.split("\n").sort().join("\n")).digest("hex");
  }
  return digests;
}

/** @param {import("./place.mjs").Place} place */
async function inside(place) {
  const words = ["check", "--data-dir", place.directory, ...(place.databaseUrl ? ["--database-url", place.databaseUrl] : [])];
  try {
    await promisify(execFile)(binary(), words, { maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    fault(`stagecraft check: ${stdout}${stderr}`);
  }
}
