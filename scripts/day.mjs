// A person's working day, as the screens ask for it: lists, the board, a deal and what is around it, moves, edits, new deals, search, analyses,
// the figures of Home. Between two acts people think. Nothing of ours is measured beside the server: one plain client, kept connections.
import { randomUUID } from "node:crypto";
import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/**
 * @typedef {{url: string, token: string}} Caller
 *
 * What all of them note.
 * @typedef {object} Book
 * @property {boolean} over
 * @property {Map<string, number[]>} waits by act, in milliseconds
 * @property {string[]} wrong
 * @property {number} refused told to come again (503, 429)
 * @property {number} conflicts somebody else was faster
 */

/** @returns {Book} */
export function book() {
  return { over: false, waits: new Map(), wrong: [], refused: 0, conflicts: 0 };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 4_000, timeout: 20_000 });

/**
 * @param {Caller} caller
 * @param {string} method
 * @param {string} where
 * @param {unknown} [body]
 * @param {Record<string, string>} [more]
 * @returns {Promise<{status: number, text: string}>}
 */
export function ask(caller, method, where, body, more = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${caller.token}`, ...(text ? { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) } : {}), ...more };
    const request = http.request(`${caller.url}/api/v1${where}`, { method, agent, headers }, (response) => {
      let said = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (said += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: said }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(text);
  });
}

/** How often each act comes, of a hundred. */
const acts = /** @type {const} */ ([
  ["list", 24],
  ["open a deal", 22],
  ["edit", 12],
  ["board", 9],
  ["move", 7],
  ["search", 8],
  ["home", 6],
  ["create", 6],
  ["analysis", 6],
]);

const analyses = ["/analysis/pipeline?by=stage", "/analysis/stage-conversion", "/analysis/ageing", "/analysis/win-loss?by=lost_reason", "/analysis/forecast?period=2026-Q4", "/analysis/pipeline?by=owner"];
const sorts = ["-stage_entered_at", "expected_close_date", "-created_at", "name"];
const words = ["acme", "deal", "north", "rail", "pump", "hosp", "ind"];

/**
 * Works until the book is closed.
 * @param {Caller} caller
 * @param {Book} notes
 * @param {{think: number, random?: () => number}} how milliseconds between two acts, on the average
 */
export async function workday(caller, notes, { think, random = Math.random }) {
  /** @type {{id: string, version: number, stage: string}[]} */
  let shown = [];
  const pick = (/** @type {readonly any[]} */ from) => from[Math.floor(random() * from.length)];
  const dice = () => {
    let at = random() * 100;
    for (const [act, share] of acts) if ((at -= share) < 0) return act;
    return "list";
  };

  /** One request of an act; the body where it succeeded. */
  const does = async (/** @type {string} */ method, /** @type {string} */ where, /** @type {unknown} */ body = undefined, /** @type {Record<string, string>} */ more = {}) => {
    const answer = await ask(caller, method, where, body, more);
    if (answer.status === 503 || answer.status === 429) notes.refused += 1;
    else if (answer.status === 409) notes.conflicts += 1;
    else if (answer.status === 404 && method === "GET") notes.conflicts += 1;
    // What somebody may see and not change: the screen would not have offered it.
    else if (answer.status === 403 && method === "PATCH") notes.conflicts += 1;
    else if (answer.status >= 400) notes.wrong.push(`${method} ${where}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.status < 300 ? JSON.parse(answer.text) : undefined;
  };
  const remember = (/** @type {any[]} */ items) => {
    const found = items.filter((one) => one.fields.stage !== undefined && one.can?.includes?.("edit") !== false);
    if (found.length > 0) shown = found.map((one) => ({ id: one.id, version: one.version, stage: one.fields.stage }));
  };

  /** @type {Record<string, () => Promise<void>>} */
  const todo = {
    async list() {
      const sort = pick(sorts);
      const page = await does("GET", `/records/opportunity?limit=50&sort=${sort}`);
      if (page) remember(page.items);
      // Somebody who scrolls.
      if (page?.next_cursor && random() < 0.3) await does("GET", `/records/opportunity?limit=50&sort=${sort}&cursor=${encodeURIComponent(page.next_cursor)}`);
    },
    async board() {
      await does("GET", "/records/opportunity/board?limit=20");
    },
    async "open a deal"() {
      const deal = pick(shown);
      if (!deal) return todo.list?.();
      const at = `/records/opportunity/${deal.id}`;
      const [record] = await Promise.all([does("GET", at), does("GET", `${at}/path`), does("GET", `${at}/timeline?limit=20`)]);
      if (record) [deal.version, deal.stage] = [record.version, record.fields.stage];
    },
    async edit() {
      const deal = pick(shown);
      if (!deal) return todo.list?.();
      const saved = await does("PATCH", `/records/opportunity/${deal.id}`, { fields: { next_step: `Call on ${Math.floor(random() * 28) + 1}` } });
      if (saved?.record) deal.version = saved.record.version;
    },
    async move() {
      const deal = pick(shown);
      if (!deal) return todo.list?.();
      const path = await does("GET", `/records/opportunity/${deal.id}/path`);
      const next = path?.stages?.find((/** @type {any} */ one) => one.reachable === true && one.kind === "in_progress" && one.state === "upcoming");
      const answer = await ask(caller, "POST", `/records/opportunity/${deal.id}/move`, { stage: next?.key ?? deal.stage }, { "idempotency-key": randomUUID() });
      // What a gate refuses is an answer like any other.
      if (answer.status === 503 || answer.status === 429) notes.refused += 1;
      else if (![200, 403, 404, 409, 422].includes(answer.status)) notes.wrong.push(`a move: ${answer.status} ${answer.text.slice(0, 300)}`);
    },
    async create() {
      const fields = { name: `Made on a working day ${randomUUID().slice(0, 8)}`, amount: String(1_000 + Math.floor(random() * 90_000)), expected_close_date: "2032-03-31" };
      await does("POST", "/records/opportunity", { fields }, { "idempotency-key": randomUUID() });
    },
    async search() {
      await does("GET", `/search?q=${pick(words)}&limit=10`);
    },
    async analysis() {
      await does("GET", pick(analyses));
    },
    async home() {
      const page = await does("GET", "/home");
      const charts = (page?.cards ?? []).filter((/** @type {any} */ card) => card.there && card.settings?.chart);
      await Promise.all([
        does("GET", "/analysis/pipeline?by=stage"),
        does("GET", "/todo?limit=10"),
        ...charts.slice(0, 4).map((/** @type {any} */ card) => does("GET", `/analysis/figures?chart=${encodeURIComponent(typeof card.settings.chart === "string" ? card.settings.chart : JSON.stringify(card.settings.chart))}`)),
      ]);
    },
  };

  // They do not all come at the same instant.
  await pause(random() * think);
  await todo.list?.().catch((error) => notes.wrong.push(`list: ${error}`));
  while (!notes.over) {
    const act = dice();
    const began = performance.now();
    try {
      await todo[act]?.();
      const waits = notes.waits.get(act) ?? [];
      waits.push(performance.now() - began);
      notes.waits.set(act, waits);
    } catch (error) {
      notes.wrong.push(`${act}: ${error}`);
    }
    // Now and then a long look, mostly a short one.
    const rest = -Math.log(1 - random()) * think;
    for (const until = Date.now() + rest; !notes.over && Date.now() < until; ) await pause(Math.min(200, Math.max(1, until - Date.now())));
  }
}

/** @param {number[]} waits @param {number} share */
export function quantile(waits, share) {
  const sorted = [...waits].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
