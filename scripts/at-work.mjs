// People at work on a server that something is about to befall, and the reckoning afterwards: what was acknowledged must be there, what was
// not is there whole or not at all, and what is sent once more with its key is done once.
//
// Salespeople create, edit and move deals; some claim from a pool under a limit and return; somebody edits many at once; deals are registered
// and approved. Every request is written down before it is sent and struck out with its answer.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { setUp } from "../e2e/harness/api.mjs";
import { binary } from "../e2e/harness/server.mjs";
import { administrator } from "./importing.mjs";

/**
 * @typedef {import("../e2e/harness/api.mjs").Answer} Answer
 * @typedef {import("./place.mjs").Place} Place
 *
 * Whoever asks, with a token, the servers in turn.
 * @typedef {object} Person
 * @property {string} id
 * @property {string} token
 * @property {(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>} call
 * @property {(path: string) => Promise<any>} read the body of a GET, which must succeed
 * @property {(path: string, body: unknown) => Promise<any>} create the body of a POST, which must succeed
 *
 * A request without an answer so far.
 * @typedef {object} Flight
 * @property {Person} by
 * @property {string} method
 * @property {string} path
 * @property {any} body
 * @property {string} key
 * @property {number} [version]
 *
 * What a writer knows of one thing that it writes.
 * @typedef {object} Entry
 * @property {"deal" | "claim" | "many" | "registration"} kind
 * @property {string} name made by the writer, and nobody else's
 * @property {Flight} [flight] a request without an answer
 * @property {string} [id] once its creation was acknowledged
 * @property {number} [version] as last acknowledged
 * @property {string} [stage] as last acknowledged
 * @property {string} [amount] as last acknowledged
 * @property {string[]} stages every stage that was acknowledged, in order
 * @property {string | null} [owner] of what is claimed, as last acknowledged
 * @property {number} claims how often a claim was acknowledged
 * @property {string[]} members of what is edited at once
 * @property {string[]} words what was written to all of them, as acknowledged
 * @property {boolean} [isPart] edited together with others
 * @property {string} [approval]
 * @property {boolean} [agreed]
 */

const WAIT = 15_000;
const reason = "Somebody else may have it";

/**
 * Somebody with a token.
 * @param {{urls: string[]}} where the servers there are
 * @param {string} token
 * @param {string} id
 * @returns {Person}
 */
export function person(where, token, id) {
  let turn = 0;
  /** @type {Person["call"]} */
  async function call(method, at, body, headers = {}) {
    const url = where.urls[turn++ % where.urls.length];
    const answer = await fetch(`${url}/api/v1${at}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(WAIT),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text), headers: answer.headers };
  }
  /** @type {(method: string, path: string, body?: unknown) => Promise<any>} */
  async function must(method, at, body) {
    for (let tries = 0; ; tries += 1) {
      const answer = await call(method, at, body);
      if (answer.status === 503 && tries < 50) {
        await pause(100);
        continue;
      }
      if (answer.status >= 400) throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    }
  }
  return { id, token, call, read: (at) => must("GET", at), create: (at, body) => must("POST", at, body) };
}

/** @param {Place} place */
export function at(place) {
  return ["--data-dir", place.directory, ...(place.databaseUrl ? ["--database-url", place.databaseUrl] : [])];
}

/**
 * A token, made at the machine.
 * @param {Place} place
 * @param {string} email
 */
export async function tokenOf(place, email) {
  const { stdout } = await promisify(execFile)(binary(), ["token", "create", "--user", email, "--name", "at work", ...at(place)]);
  return stdout.trim().split("\n").at(-1) ?? "";
}

/**
 * An office on an empty database: people, a pool with accounts, a limit on how many of them one may hold, and a flow that registrations pass.
 * @param {Place} place
 * @param {string} url
 * @param {{accounts?: number, limit?: number}} [size]
 */
export async function furnish(place, url, { accounts = 24, limit = 4 } = {}) {
  const where = { urls: [url] };
  const session = await setUp(url, administrator);
  const ada = person(where, await tokenOf(place, administrator.email), session.me.person.id);
  const hire = async (/** @type {string} */ name) => {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@northwind.example`;
    const { record } = await ada.create("/records/employee", { fields: { name, email, roles: ["salesperson"], active: true } });
    return person(where, await tokenOf(place, email), record.id);
  };
  const boss = await hire("Berta Boss");
  const claimers = [await hire("Claimer One"), await hire("Claimer Two"), await hire("Claimer Three")];
  const pool = await ada.create("/pools", { object: "account", name: "Open water", mode: "claimable", members: claimers.map(({ id }) => ({ kind: "person", id })) });
  /** @type {Entry[]} */
  const pooled = [];
  for (let n = 0; n < accounts; n += 1) {
    const { record } = await ada.create("/records/account", { fields: { name: `Harbour ${n}` } });
    const returned = await ada.create(`/records/account/${record.id}/return`, { pool: pool.id, reason });
    if (returned.record.fields.owner !== null) throw new Error("an account that was returned still has an owner");
    pooled.push({ kind: "claim", name: record.fields.name, id: record.id, owner: null, ...nothing() });
  }
  await ada.create("/holding-rules", {
    object: "account",
    name: "A few each",
    subject: { kind: "employees", condition: { field: "email", op: "starts_with", value: "claimer." } },
    limit: { kind: "number", number: limit },
  });
  await ada.create("/approval-flows", {
    api_name: "registration",
    name: "Registration",
    object: "opportunity",
    trigger: "create",
    active: true,
    condition: { field: "name", op: "starts_with", value: "Registration" },
    nodes: [
      { key: "start", does: { type: "start", next: "boss" } },
      { key: "boss", name: "Boss", does: { type: "approve", method: { type: "standard" }, who: [{ type: "person", id: boss.id }], next: "approved" } },
      { key: "approved", does: { type: "approved" } },
    ],
  });
  return { place, where, ada, boss, claimers, pool, pooled, limit, stages: await stagesInProgress(ada) };
}

/** @typedef {Awaited<ReturnType<typeof furnish>>} Office */

function nothing() {
  return { stages: [], claims: 0, members: [], words: [] };
}

/**
 * The stages in progress of the first process, through which deals walk.
 * @param {Person} ada
 * @returns {Promise<string[]>}
 */
async function stagesInProgress(ada) {
  const { items } = await ada.read("/processes");
  const object = await ada.read("/objects/opportunity");
  const { options: all } = object.fields.find((/** @type {any} */ field) => field.key === "stage");
  const types = new Map(all.map((/** @type {any} */ option) => [option.key, option.stage_type]));
  return items[0].stages.map((/** @type {any} */ one) => one.stage).filter((/** @type {string} */ stage) => types.get(stage) === "in_progress");
}

/**
 * Lets people work until they are told to stop, or the server is gone for good.
 * @param {Office} office
 * @param {string} name of the round, part of all names
 * @param {{deals?: number, random?: () => number}} [how]
 */
export function atWork(office, name, { deals = 4, random = Math.random } = {}) {
  /** @type {Entry[]} */
  const written = [];
  /** When something was acknowledged. @type {number[]} */
  const acknowledged = [];
  const refused = { busy: 0, away: 0, full: 0, unknown: 0, broken: 0 };
  let over = false;

  /**
   * Asks until there is an answer, as a client does: again with the same key where it is not known what became of it.
   * @param {Entry} entry
   * @param {Omit<Flight, "key">} what
   * @returns {Promise<Answer | undefined>} nothing once all is over
   */
  async function ask(entry, what) {
    const flight = { ...what, key: randomUUID() };
    let unsure = false;
    for (;;) {
      entry.flight = flight;
      let answer;
      try {
        answer = await send(flight);
      } catch {
        refused.broken += 1;
        unsure = true;
        if (over) return undefined;
        await pause(100);
        continue;
      }
      if (answer.status === 500 && answer.body.code === "server.outcome_unknown") {
        refused.unknown += 1;
        unsure = true;
        if (over) return undefined;
        await pause(100);
        continue;
      }
      if (answer.status === 429 || answer.status === 503 || answer.status === 504) {
        const code = answer.body?.code;
        if (code === "server.disk_full") refused.full += 1;
        else if (code === "server.no_database") refused.away += 1;
        else refused.busy += 1;
        // Told to come again: this time nothing was done.
        if (!unsure) delete entry.flight;
        if (over) return undefined;
        await pause(50 + random() * 100);
        continue;
      }
      if (answer.status === 409 && unsure && flight.method === "PATCH") {
        // Without a key the version says that it was done before.
        const now = await flight.by.call("GET", flight.path).catch(() => undefined);
        if (now?.status !== 200) {
          if (over) return undefined;
          await pause(100);
          continue;
        }
        answer = { ...now, body: { record: now.body } };
      }
      delete entry.flight;
      if (answer.status >= 500 || answer.status === 400 || answer.status === 401 || answer.status === 403) {
        throw new Error(`${flight.method} ${flight.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      if (answer.status < 300) acknowledged.push(Date.now());
      return answer;
    }
  }

  const must = async (/** @type {Entry} */ entry, /** @type {Omit<Flight, "key">} */ what) => {
    const answer = await ask(entry, what);
    if (answer && answer.status >= 400) throw new Error(`${what.method} ${what.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };

  /** @param {string} kind @param {string} title @returns {Entry} */
  const begun = (kind, title) => {
    /** @type {Entry} */
    const entry = { kind: /** @type {Entry["kind"]} */ (kind), name: title, ...nothing() };
    written.push(entry);
    return entry;
  };
  const fields = (/** @type {string} */ title) => ({ name: title, amount: { amount: "100.00", currency: "USD" }, expected_close_date: "2032-06-30" });

  async function salesperson(/** @type {number} */ n) {
    for (let count = 0; !over; count += 1) {
      const entry = begun("deal", `${name}, writer ${n}, deal ${count}`);
      const made = await must(entry, { by: office.ada, method: "POST", path: "/records/opportunity", body: { fields: fields(entry.name) } });
      if (!made) return;
      known(entry, made.body.record);
      const path = `/records/opportunity/${entry.id}`;
      for (const stage of office.stages.slice(1)) {
        const amount = { amount: `${1 + Math.floor(random() * 90_000)}.25`, currency: "USD" };
        const edited = await must(entry, { by: office.ada, method: "PATCH", path, body: { fields: { amount } }, version: entry.version });
        if (!edited) return;
        known(entry, edited.body.record);
        if (over) return;
        const moved = await must(entry, { by: office.ada, method: "POST", path: `${path}/move`, body: { stage }, version: entry.version });
        if (!moved) return;
        known(entry, moved.body.record);
        if (over) return;
      }
    }
  }

  /** Claims whatever is free; without room returns one. @param {Person} by */
  async function claimer(by) {
    while (!over) {
      const mine = office.pooled.filter((entry) => entry.owner === by.id && !entry.flight);
      const free = office.pooled.filter((entry) => entry.owner === null && !entry.flight);
      const entry = free[Math.floor(random() * free.length)];
      if (!entry) {
        await pause(20);
        continue;
      }
      const claimed = await ask(entry, { by, method: "POST", path: `/records/account/${entry.id}/claim`, body: {} });
      if (!claimed) return;
      if (claimed.status < 300) {
        entry.owner = by.id;
        entry.claims += 1;
        continue;
      }
      const code = claimed.body.violations?.[0]?.code ?? claimed.body.code;
      if (!["holding.limit_reached", "pool.claimed_already", "record.version_conflict", "not_found"].includes(code)) {
        throw new Error(`a claim: ${claimed.status} ${JSON.stringify(claimed.body)}`);
      }
      if (code !== "holding.limit_reached") continue;
      const back = mine[Math.floor(random() * mine.length)];
      if (!back) continue;
      const returned = await must(back, { by, method: "POST", path: `/records/account/${back.id}/return`, body: { pool: office.pool.id, reason } });
      if (!returned) return;
      back.owner = null;
    }
  }

  async function editsMany() {
    const entry = begun("many", `${name}, many`);
    for (let n = 0; n < 8; n += 1) {
      const part = begun("deal", `${name}, one of many ${n}`);
      const made = await must(part, { by: office.ada, method: "POST", path: "/records/opportunity", body: { fields: fields(part.name) } });
      if (!made) return;
      known(part, made.body.record);
      entry.members.push(made.body.record.id);
      // From here on it is the whole that is looked at: an act on many goes on behind its answer, while others are looked at.
      part.version = undefined;
      part.isPart = true;
    }
    for (let count = 0; !over; count += 1) {
      const word = `${name}, word ${count}`;
      const asked = await must(entry, { by: office.ada, method: "POST", path: "/records/opportunity/bulk", body: { ids: entry.members, act: "edit", fields: { next_step: word } } });
      if (!asked) return;
      entry.words.push(word);
      for (let state = asked.body.state; state === "running" && !over; ) {
        await pause(50);
        const shown = await office.ada.call("GET", `/bulk/${asked.body.id}`).catch(() => undefined);
        if (shown?.status === 200) state = shown.body.state;
      }
      await pause(300 + random() * 1_200);
    }
  }

  async function registers() {
    for (let count = 0; !over; count += 1) {
      const entry = begun("registration", `Registration ${name}, ${count}`);
      const made = await must(entry, { by: office.ada, method: "POST", path: "/records/opportunity", body: { fields: fields(entry.name) } });
      if (!made) return;
      if (made.body.result !== "pending_approval") throw new Error(`a registration was not sent for approval: ${JSON.stringify(made.body)}`);
      entry.approval = made.body.approval?.id ?? made.body.approval;
      entry.id = made.body.record.id;
      if (over) return;
      const agreed = await must(entry, { by: office.boss, method: "POST", path: `/approvals/${entry.approval}/act`, body: { act: "agree", comment: "Known for years" } });
      if (!agreed) return;
      entry.agreed = true;
    }
  }

  const work = [...Array.from({ length: deals }, (_, n) => salesperson(n)), ...office.claimers.map(claimer), editsMany(), registers()];
  const settled = Promise.allSettled(work);
  return {
    written,
    acknowledged,
    refused,
    /** From now on nobody begins anything, and what finds no server is left as it is. */
    leave() {
      over = true;
    },
    /** Waits for the end; what went wrong. @returns {Promise<string[]>} */
    async end() {
      over = true;
      const results = await settled;
      return results.flatMap((one) => (one.status === "rejected" ? [String(one.reason?.stack ?? one.reason)] : []));
    },
  };
}

/** @typedef {ReturnType<typeof atWork>} Course */

/** @param {Entry} entry @param {any} record */
function known(entry, record) {
  entry.id = record.id;
  entry.version = record.version;
  if (entry.stages.at(-1) !== record.fields.stage) entry.stages.push(record.fields.stage);
  entry.stage = record.fields.stage;
  entry.amount = record.fields.amount?.amount;
}

/** @param {Flight} flight */
function send(flight) {
  return flight.by.call(flight.method, flight.path, flight.body, {
    ...(flight.method === "POST" ? { "idempotency-key": flight.key } : {}),
    ...(flight.version === undefined ? {} : { "if-match": `"${flight.version}"` }),
  });
}

/**
 * Every opportunity there is, by name.
 * @param {Person} ada
 * @returns {Promise<Map<string, any[]>>}
 */
async function everything(ada) {
  const found = new Map();
  let cursor = "";
  do {
    const page = await ada.read(`/records/opportunity?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const record of page.items) found.set(record.fields.name, [...(found.get(record.fields.name) ?? []), record]);
    cursor = page.next_cursor ?? "";
  } while (cursor !== "");
  return found;
}

/**
 * @param {Person} ada
 * @param {string} from a path without parameters
 */
async function all(ada, from) {
  /** @type {any[]} */
  const items = [];
  let cursor = "";
  do {
    const page = await ada.read(`${from}${cursor && `?cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next_cursor ?? "";
  } while (cursor !== "");
  return items;
}

/**
 * The record agrees with its own stays and history, or part of a write is missing.
 * @param {Person} ada
 * @param {any} record
 * @param {(fault: string) => void} fault
 * @returns {Promise<any[]>} its history, newest first
 */
async function checkWhole(ada, record, fault) {
  const path = `/records/opportunity/${record.id}`;
  const { items: stays } = await ada.read(`${path}/stays`);
  stays.sort((/** @type {any} */ a, /** @type {any} */ b) => (a.entered_at < b.entered_at ? -1 : 1));
  const open = stays.filter((/** @type {any} */ stay) => stay.left_at === null || stay.left_at === undefined);
  if (open.length !== 1) fault(`has ${open.length} open stays`);
  if (open[0]?.stage !== record.fields.stage) fault(`stands in ${record.fields.stage}, its open stay is in ${open[0]?.stage}`);
  for (const [index, stay] of stays.entries()) {
    const next = stays[index + 1];
    if (next && (stay.left_at !== next.entered_at || stay.to_stage !== next.stage)) fault(`has a gap between ${stay.stage} and ${next.stage}`);
    if (stay.left_at && stay.left_at < stay.entered_at) fault(`has left ${stay.stage} before it came there`);
  }

  const history = await all(ada, `${path}/history`);
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
  return history;
}

/**
 * Compares what is there with what was acknowledged in all rounds; what this round wrote is looked at closely.
 * @param {Office} office
 * @param {Entry[]} ledger
 * @param {Entry[]} closely
 * @param {(fault: string) => void} report
 */
export async function checkLedger(office, ledger, closely, report) {
  const { ada } = office;
  const close = new Set(closely);
  const found = await everything(ada);
  for (const entry of ledger) {
    if (entry.kind === "many") continue;
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
    if (entry.version !== undefined) {
      // One request may have been done without its answer getting through; it adds one version.
      const most = entry.version + (entry.flight ? 1 : 0);
      if (record.version < entry.version || record.version > most) fault(`is at version ${record.version}, acknowledged was ${entry.version}`);
      if (record.version === entry.version) {
        if (record.fields.stage !== entry.stage) fault(`stands in ${record.fields.stage}, acknowledged was ${entry.stage}`);
        if (record.fields.amount?.amount !== entry.amount) fault(`is worth ${record.fields.amount?.amount}, acknowledged was ${entry.amount}`);
      }
    }
    // A registration stands in no stage before it is agreed to.
    if (close.has(entry) && ((entry.kind === "deal" && !entry.isPart) || entry.agreed)) await checkWhole(ada, record, fault);
  }
  for (const name of found.keys()) report(`${name} is there and nobody made it`);

  for (const entry of closely.filter((one) => one.kind === "registration" && one.approval)) {
    const approval = await ada.read(`/approvals/${entry.approval}`);
    const agreed = approval.trail.filter((/** @type {any} */ step) => step.what === "agreed").length;
    if (agreed > 1) report(`${entry.name} was agreed to ${agreed} times`);
    if (entry.agreed && (approval.state !== "approved" || agreed !== 1)) report(`${entry.name} was agreed to and is ${approval.state}, ${agreed} times in the trail`);
    const present = await ada.read(`/records/opportunity/${entry.id}/approvals`);
    if (present.items.length !== 1) report(`${entry.name} has ${present.items.length} approvals`);
  }
  await checkClaims(office, report);
}

/**
 * Who has what, against what was acknowledged; and nobody is over the limit.
 * @param {Office} office
 * @param {(fault: string) => void} report
 */
async function checkClaims(office, report) {
  const { items } = await office.ada.read("/records/account?limit=200");
  const owners = new Map(items.map((/** @type {any} */ one) => [one.id, one.fields.owner]));
  for (const claimer of office.claimers) {
    const held = [...owners.values()].filter((owner) => owner === claimer.id).length;
    if (held > office.limit) report(`somebody has ${held} accounts and may have ${office.limit}`);
  }
  const log = await all(office.ada, `/pools/${office.pool.id}/log`);
  for (const entry of office.pooled) {
    const owner = owners.get(entry.id);
    if (!entry.flight && owner !== entry.owner) report(`${entry.name} belongs to ${owner}, acknowledged was ${entry.owner}`);
    const claims = log.filter((one) => one.record === entry.id && one.act === "claim").length;
    const most = entry.claims + (entry.flight?.path.endsWith("/claim") ? 1 : 0);
    if (claims < entry.claims || claims > most) report(`${entry.name} was claimed ${claims} times, acknowledged were ${entry.claims}`);
  }
}

/**
 * What was edited together has every word that was acknowledged once, each record each of them, in their order. Once all rounds are over, since
 * a bulk act that was broken off goes on only after half a minute.
 * @param {Office} office
 * @param {Entry[]} written
 * @param {(fault: string) => void} report
 */
export async function checkMany(office, written, report) {
  await idle(office.ada);
  for (const entry of written.filter((one) => one.kind === "many")) {
    for (const member of entry.members) {
      const history = await all(office.ada, `/records/opportunity/${member}/history`);
      const words = history.flatMap((item) => item.changes).filter((change) => change.field === "next_step").map((change) => change.new).reverse();
      if (JSON.stringify(words) !== JSON.stringify(entry.words)) report(`${entry.name}: ${member} was told ${JSON.stringify(words)}, acknowledged were ${JSON.stringify(entry.words)}`);
    }
  }
}

/**
 * A client without an answer asks again with the same key: the work is done once, whether or not it had been.
 * @param {Office} office
 * @param {Entry[]} written
 * @param {(fault: string) => void} report
 */
export async function sendAgain(office, written, report) {
  for (const entry of [...written, ...office.pooled]) {
    const { flight } = entry;
    if (!flight) continue;
    let answer = await send(flight);
    for (let tries = 0; answer.status === 503 && tries < 100; tries += 1) {
      await pause(50);
      answer = await send(flight);
    }
    delete entry.flight;
    if (answer.status === 409 && flight.method === "PATCH") {
      // Without a key the version says that it was done before.
      answer = await flight.by.call("GET", flight.path);
      answer.body = { record: answer.body };
    }
    const refused = answer.status === 422 || answer.status === 404 || answer.status === 409;
    if (flight.path.endsWith("/claim")) {
      // Another was faster, or there was no room: then it had not been done either.
      if (refused) continue;
      entry.owner = flight.by.id;
      entry.claims += 1;
    }
    if (answer.status >= 400) {
      report(`${entry.name}: sent again, ${flight.method} ${flight.path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
      continue;
    }
    if (flight.path.endsWith("/return")) entry.owner = null;
    else if (flight.path.endsWith("/bulk")) entry.words.push(flight.body.fields.next_step);
    else if (flight.path.endsWith("/act")) entry.agreed = true;
    else if (entry.kind === "registration") {
      entry.approval = answer.body.approval?.id ?? answer.body.approval;
      entry.id = answer.body.record.id;
    } else if (entry.kind === "deal") known(entry, answer.body.record);
  }
}

/**
 * Waits until no bulk act is under way any more: whoever had one in hand has it for half a minute.
 * @param {Person} ada
 */
async function idle(ada) {
  const until = Date.now() + 90_000;
  for (;;) {
    const { items } = await ada.read("/jobs");
    const open = items.filter((/** @type {any} */ job) => ["waiting", "running"].includes(job.state));
    if (open.length === 0) return;
    if (Date.now() > until) throw new Error(`jobs do not end: ${JSON.stringify(open)}`);
    await pause(200);
  }
}

/**
 * The whole reckoning after something has befallen: looked at, sent again, looked at, and reckoned anew by the program itself.
 * @param {Office} office
 * @param {Entry[]} ledger of all rounds
 * @param {Course} course of this one
 * @param {(fault: string) => void} report
 */
export async function reckon(office, ledger, course, report) {
  const { written } = course;
  const inFlight = [...written, ...office.pooled].filter((entry) => entry.flight).length;
  await checkLedger(office, ledger, written, report);
  await sendAgain(office, written, report);
  await checkLedger(office, ledger, written, report);
  await checkFromInside(office.place, report);
  return inFlight;
}

/**
 * @param {Place} place
 * @param {(fault: string) => void} report
 */
export async function checkFromInside(place, report) {
  try {
    await promisify(execFile)(binary(), ["check", ...at(place)], { maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    report(`stagecraft check: ${stdout}${stderr}`);
  }
}

/**
 * What the writers know, for whoever looks into a fault.
 * @param {string} name
 * @param {Entry[]} ledger
 */
export async function keepLedger(name, ledger) {
  const kept = path.join(tmpdir(), `stagecraft-faults-${name}.json`);
  await writeFile(kept, JSON.stringify(ledger, (key, value) => (key === "by" ? value?.id : value), 1));
  return kept;
}

/**
 * A small generator with a seed, so that a bad run can be repeated as nearly as timing allows.
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
