// Two servers on one PostgreSQL, the clock of one five and a half minutes ahead, that of the other as far behind: nobody may notice.
//
//   scripts/with-postgres.sh node scripts/faults-clocks.mjs [--rounds 5] [--minutes 5.5] [--binary PATH]
//
// Looked at: stays, histories and due times against the database's clock; sessions and tokens that end soon; pages of a list that are asked of the
// servers in turn; requests repeated at the other server; acts on many records whose jobs both want; limits and claims; an event stream that goes
// over to the other server; reminders, each once and in time; the signatures of webhooks, which a receiver refuses that are more than five minutes off.
// Then SQLite, whose server is started again with a clock that was put back. The clocks are libfaketime's (scripts/ensure-faketime.sh).
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { signIn } from "../e2e/harness/api.mjs";
import { freePort, startReceiver } from "../e2e/harness/receiver.mjs";
import { atWork, checkMany, furnish, person, reckon } from "./at-work.mjs";
import { Faults } from "./faults.mjs";
import { complete, judge } from "./heard.mjs";
import { administrator } from "./importing.mjs";
import { listen } from "./listening.mjs";
import { prepare, psql } from "./place.mjs";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, minutes: { type: "string", default: "5.5" }, binary: { type: "string" } },
});
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const skew = Number(options.minutes) * 60;
const faults = new Faults();
const more = ["--webhook-allow", "127.0.0.1", "--webhook-retries", "50ms,200ms,500ms,1s,2s,2s,2s,2s"];

const library = await promisify(execFile)(fileURLToPath(new URL("ensure-faketime.sh", import.meta.url))).then(
  ({ stdout }) => stdout.trim(),
  () => "",
);

/** @type {import("../e2e/harness/server.mjs").Server[]} */
const running = [];

/**
 * Starts a server whose clock is so many seconds off.
 * @param {import("./place.mjs").Place} place
 * @param {number} seconds
 */
function startAt(place, seconds) {
  const before = { ...process.env };
  Object.assign(process.env, { LD_PRELOAD: library, FAKETIME: `${seconds < 0 ? "" : "+"}${seconds}s`, DONT_FAKE_MONOTONIC: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" });
  try {
    // The child is begun, with this environment, before anybody waits.
    const started = place.start();
    void started.then((server) => running.push(server), () => undefined);
    return started;
  } finally {
    for (const name of ["LD_PRELOAD", "FAKETIME", "DONT_FAKE_MONOTONIC", "FAKETIME_DONT_FAKE_MONOTONIC"]) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** @param {import("./place.mjs").Place} place */
async function twoServers(place) {
  const servers = [await startAt(place, skew), await startAt(place, -skew)];
  const [ahead, behind] = /** @type {[import("../e2e/harness/server.mjs").Server, import("../e2e/harness/server.mjs").Server]} */ (servers);
  const databaseUrl = place.databaseUrl ?? "";
  // Their clocks are off indeed: what a server says of the hour of an answer is its own.
  const office = await furnish(place, ahead.url, { accounts: 12 });
  const of = faults.begin("clocks apart", "postgres");
  for (const [server, seconds] of /** @type {const} */ ([[ahead, skew], [behind, -skew]])) {
    const said = Date.parse((await fetch(`${server.url}/healthz`)).headers.get("date") ?? "");
    if (Math.abs(said - Date.now() - seconds * 1000) > 5_000) of.fault(`the clock of a server is ${((said - Date.now()) / 1000).toFixed(0)} s off, ${seconds} were meant`);
  }
  office.where.urls = [ahead.url, behind.url];
  const { ada } = office;

  const heard = /** @type {import("../e2e/harness/receiver.mjs").Heard[]} */ ([]);
  const port = await freePort();
  const webhook = await ada.create("/webhooks", { name: "Receiver", address: `http://127.0.0.1:${port}/in`, subscriptions: [{ object: "opportunity", acts: ["create", "edit", "move"] }] });
  const receiver = await startReceiver(port, [webhook.secret], (one) => heard.push(one));

  // A session begun at either holds at the other.
  for (const [one, other] of [[ahead, behind], [behind, ahead]]) {
    const session = await signIn(one?.url ?? "", administrator.email, administrator.password);
    const cookie = session.credentials.cookie ?? "";
    const answer = await fetch(`${other?.url}/api/v1/me`, { headers: { cookie } });
    if (answer.status !== 200) of.fault(`a session of one server is ${answer.status} at the other`);
    // A token that ends in two minutes is good until then at both, and over at both afterwards.
    const soon = await session.create("/me/tokens", { name: "soon over", expires_at: new Date(Date.now() + 120_000).toISOString() });
    for (const url of [ahead.url, behind.url]) {
      const me = await person({ urls: [url] }, soon.token, "").call("GET", "/me");
      if (me.status !== 200) of.fault(`a token that has two minutes left is ${me.status}`);
    }
    await psql(databaseUrl, `UPDATE token SET expires_at = expires_at - 150000000 WHERE id = '${soon.id}'`);
    for (const url of [ahead.url, behind.url]) {
      const me = await person({ urls: [url] }, soon.token, "").call("GET", "/me");
      if (me.status !== 401) of.fault(`a token that is over is ${me.status}`);
    }
  }

  // Reminders that are due soon, made at both.
  const remindAt = Date.now() + 6_000;
  const tasks = [];
  for (let n = 0; n < 10; n += 1) tasks.push((await ada.create("/records/task", { fields: { name: `Call ${n}`, assignee: ada.id, remind_at: new Date(remindAt).toISOString() } })).record.id);
  const early = Number(await psql(databaseUrl, "SELECT count(*) FROM notice WHERE kind = 'reminder'"));
  if (Date.now() < remindAt - 1_000 && early > 0) of.fault(`${early} reminders were told before their time`);

  // The same request at one and then at the other is done once.
  for (let n = 0; n < 6; n += 1) {
    const key = randomUUID();
    const body = { fields: { name: `Sent to both ${n}` } };
    const [first, second] = [await ada.call("POST", "/records/opportunity", body, { "idempotency-key": key }), await ada.call("POST", "/records/opportunity", body, { "idempotency-key": key })];
    if (first.body.record?.id === undefined || first.body.record.id !== second.body.record?.id) of.fault(`a request that was sent to both made ${first.body.record?.id} and ${second.body.record?.id}`);
  }
  const known = (await ada.read("/records/opportunity?limit=200")).items.map((/** @type {any} */ one) => ({ kind: /** @type {const} */ ("deal"), name: one.fields.name, id: one.id, stages: [], claims: 0, members: [], words: [] }));

  const stream = await listen(ahead.url, ada);
  /** @type {import("./at-work.mjs").Entry[]} */
  const ledger = [...known];
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    const began = Date.now();
    const course = atWork(office, `Apart ${round}`, { deals: 4 });
    await pause(1_500);
    for (const fault of await course.end()) of.fault(fault);
    ledger.push(...course.written);
    const inFlight = await reckon(office, ledger, course, of.fault);
    const ended = Date.now();
    // Every instant that was written lies within the round, by the database's clock.
    for (const entry of course.written.filter((one) => one.kind === "deal" && one.id).slice(0, 12)) {
      const { items } = await ada.read(`/records/opportunity/${entry.id}/stays`);
      for (const stay of items) {
        for (const instant of [stay.entered_at, stay.left_at].filter(Boolean)) {
          if (Date.parse(instant) < began - 2_000 || Date.parse(instant) > ended + 2_000) of.fault(`${entry.name} says ${instant}, it was between ${new Date(began).toISOString()} and ${new Date(ended).toISOString()}`);
        }
      }
      if (!(await stream.hears(String(entry.id), 10_000))) of.fault(`a stream at one server did not hear of ${entry.name}`);
    }
    of.counted(course.acknowledged.length, inFlight);
  }
  if (stream.counts.resets > 0) of.fault("the stream was told to begin anew");
  stream.close();
  await checkMany(office, ledger, of.fault);

  // Pages of a list, asked of both in turn, are the list.
  const { count } = await ada.read("/records/opportunity?limit=1&count=exact");
  for (const sort of ["-created_at", "name", "-stage_entered_at"]) {
    const ids = [];
    let cursor = "";
    do {
      const page = await ada.read(`/records/opportunity?limit=7&sort=${sort}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      ids.push(...page.items.map((/** @type {any} */ one) => one.id));
      cursor = page.next_cursor ?? "";
    } while (cursor !== "");
    if (ids.length !== count || new Set(ids).size !== count) of.fault(`a list by ${sort} has ${ids.length} records on its pages, ${new Set(ids).size} different, of ${count}`);
  }

  // Each reminder once, when it was due.
  for (const until = remindAt + 15_000; Date.now() < until; await pause(200)) if (Number(await psql(databaseUrl, "SELECT count(*) FROM notice WHERE kind = 'reminder'")) >= tasks.length) break;
  const [told, different, first, last] = (await psql(databaseUrl, "SELECT count(*), count(DISTINCT record), min(at) / 1000, max(at) / 1000 FROM notice WHERE kind = 'reminder'")).split("|").map(Number);
  if (told !== tasks.length || different !== tasks.length) of.fault(`${told} reminders of ${different} tasks were told, of ${tasks.length}`);
  if ((first ?? 0) < remindAt - 1_000 || (last ?? 0) > remindAt + 15_000) of.fault(`reminders were told ${(first ?? 0) - remindAt} to ${(last ?? 0) - remindAt} ms after they were due`);

  // Every signature holds, by a receiver that refuses what is five minutes off.
  /** @type {Map<string, number>} */
  const revisions = new Map();
  for (const { id } of (await all(ada, "/records/opportunity?limit=200")).filter((one) => !one.fields.name.startsWith("Registration"))) {
    const shown = await ada.read(`/records/opportunity/${id}/history?limit=1`);
    revisions.set(id, shown.items[0]?.revision ?? 1);
  }
  for (const until = Date.now() + 30_000; Date.now() < until && !complete(heard, revisions); ) await pause(200);
  const off = heard.filter(({ holds }) => !holds).length;
  if (off > 0) of.fault(`a receiver refused ${off} of ${heard.length} messages`);
  else if (!complete(heard, revisions)) of.fault("webhooks were not told everything");
  else {
    try {
      judge("clocks apart", heard.filter(({ event }) => revisions.has(event.data.id)), revisions);
    } catch (error) {
      of.fault(String(error));
    }
  }
  of.end(`servers ${skew} s ahead and ${skew} s behind: ${ledger.length} records, ${tasks.length} reminders ${(first ?? 0) - remindAt} to ${(last ?? 0) - remindAt} ms after they were due, ${heard.length} messages`);
  await receiver.kill();
}

/** @param {import("./at-work.mjs").Person} ada @param {string} from */
async function all(ada, from) {
  /** @type {any[]} */
  const items = [];
  let cursor = "";
  do {
    const page = await ada.read(`${from}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next_cursor ?? "";
  } while (cursor !== "");
  return items;
}

/**
 * The machine's clock is put back: work goes on, and what is told of times stays sensible.
 * @param {import("./place.mjs").Place} place
 */
async function putBack(place) {
  const of = faults.begin("clock put back", "sqlite");
  let server = await startAt(place, skew);
  const office = await furnish(place, server.url, { accounts: 4 });
  const first = atWork(office, "Before", { deals: 2 });
  await pause(800);
  for (const fault of await first.end()) of.fault(fault);
  const { record } = await office.ada.create("/records/opportunity", { fields: { name: "Over the change of clocks" } });
  await server.stop();
  server = await startAt(place, 0);
  office.where.urls = [server.url];
  /** @type {import("./at-work.mjs").Entry} */
  const over = { kind: "deal", name: record.fields.name, id: record.id, stages: [], claims: 0, members: [], words: [] };
  const ledger = [...first.written, over];
  const moved = await office.ada.call("POST", `/records/opportunity/${record.id}/move`, { stage: office.stages[1] });
  if (moved.status !== 200) of.fault(`a move after the clock was put back: ${moved.status} ${JSON.stringify(moved.body)}`);
  const shown = await office.ada.read(`/records/opportunity/${record.id}/path`);
  for (const stage of shown.stages) if (stage.seconds !== null && stage.seconds < 0) of.fault(`${stage.key} has lasted ${stage.seconds} s`);
  const { items } = await office.ada.read(`/records/opportunity/${record.id}/stays`);
  for (const stay of items) if (stay.left_at && stay.left_at < stay.entered_at) of.fault(`${stay.stage} was left at ${stay.left_at}, entered at ${stay.entered_at}`);
  const second = atWork(office, "After", { deals: 2 });
  await pause(800);
  for (const fault of await second.end()) of.fault(fault);
  ledger.push(...second.written);
  const inFlight = await reckon(office, ledger, second, of.fault);
  await checkMany(office, ledger, of.fault);
  of.counted(first.acknowledged.length + second.acknowledged.length, inFlight);
  of.end(`${second.acknowledged.length} writes acknowledged after the clock was put back by ${skew} s`);
}

/**
 * Ends what was begun, whatever comes of it.
 * @param {import("./place.mjs").Place} place
 * @param {(place: import("./place.mjs").Place) => Promise<void>} act
 */
async function within(place, act) {
  try {
    await act(place);
  } finally {
    for (const server of running) await server.kill();
    running.length = 0;
    await place.end();
  }
}

if (library === "") {
  console.log("clocks: left out, since libfaketime is not there and cannot be installed");
  console.log("Faults: 0 passed, 0 failed");
} else {
  if (process.env.STAGECRAFT_TEST_POSTGRES) await within(await prepare("postgres", more), twoServers);
  await within(await prepare("sqlite"), putBack);
  await faults.sum();
}
