// Shapes the product while people work in it: fields are added, filled, hidden and dropped under a steady load of requests, and every
// request is looked at. None may fail, and none may wait longer than half a second.
//
//   node scripts/shape-under-load.mjs [--rate 100] [--most 500] [--small] [--only sqlite|postgres] [--binary PATH] [--bench PATH]
//
// The data are those of the benchmarks (100,000 opportunities), made by `bench fill M`; with --small the demo company's. On PostgreSQL
// (where STAGECRAFT_TEST_POSTGRES names a server) two servers share the load and one of them is shaped through.
import { execFile } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { people } from "../e2e/harness/people.mjs";
import { binary, startServer } from "../e2e/harness/server.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({
  options: {
    rate: { type: "string", default: "100" },
    most: { type: "string", default: "500" },
    small: { type: "boolean", default: false },
    only: { type: "string" },
    binary: { type: "string" },
    bench: { type: "string" },
  },
});
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const rate = Number(options.rate);
const most = Number(options.most);
const run = promisify(execFile);

/** @typedef {{url: string, headers: Record<string, string>}} Caller */

/**
 * A place with data in it.
 * @param {import("./place.mjs").Engine} engine
 */
async function filled(engine) {
  const place = await prepare(engine);
  if (!options.small) {
    console.log(`${engine}: filling with 100,000 opportunities`);
    const database = place.databaseUrl ?? `sqlite:${path.join(place.directory, "stagecraft.sqlite")}`;
    await run(path.resolve(options.bench ?? "target/release/bench"), ["fill", "M", database]);
  }
  return place;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });

/**
 * One request by the plain client: its own work must not be what is measured.
 * @param {Caller} caller
 * @param {string} method
 * @param {string} where
 * @param {unknown} [body]
 * @returns {Promise<{status: number, text: string, body: any}>}
 */
function ask(caller, method, where, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { ...caller.headers, ...(text ? { "content-type": "application/json" } : {}) };
    const request = http.request(`${caller.url}/api/v1${where}`, { method, agent, headers }, (response) => {
      let said = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (said += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: said, get body() { return JSON.parse(said); } }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(text);
  });
}

/**
 * Requests at a steady rate, whether or not earlier ones are answered.
 * @param {[Caller, ...Caller[]]} callers
 * @param {{name: string, id: string}[]} deals
 */
function load(callers, deals) {
  /** @type {{what: string, ms: number}[]} */
  const answered = [];
  /** @type {string[]} */
  const failures = [];
  let sent = 0;
  let running = true;
  const waiting = new Set();
  const filter = encodeURIComponent(JSON.stringify({ all: [{ field: "stage_type", op: "eq", value: "in_progress" }, { field: "amount", op: "gt", value: "5000" }] }));
  /** @typedef {[string, string, (n: number) => [string, unknown?]]} Kind */
  /** @type {[Kind, ...Kind[]]} */
  const kinds = [
    ["list", "GET", () => ["/records/opportunity?limit=50&sort=-stage_entered_at"]],
    ["read", "GET", (n) => [`/records/opportunity/${deals[n % deals.length]?.id}`]],
    ["edit", "PATCH", (n) => [`/records/opportunity/${deals[(n * 7) % deals.length]?.id}`, { fields: { next_step: `Call ${n}` } }]],
    ["list", "GET", () => [`/records/opportunity?limit=50&sort=expected_close_date&filter=${filter}`]],
    ["amount", "PATCH", (n) => [`/records/opportunity/${deals[(n * 3) % deals.length]?.id}`, { fields: { amount: String(1000 + (n % 900)) } }]],
    ["search", "GET", (n) => [`/search?q=${["cust", "deal 1", "acme", "pers"][n % 4]}`]],
    ["create", "POST", (n) => ["/records/opportunity", { fields: { name: `Made under load ${n}`, amount: "1200" } }]],
    ["read", "GET", (n) => [`/records/opportunity/${deals[(n * 5) % deals.length]?.id}/history`]],
    ["list", "GET", () => ["/records/account?limit=50&sort=name"]],
    ["objects", "GET", () => ["/objects"]],
  ];
  const send = async () => {
    const n = sent++;
    const [what, method, of] = kinds[n % kinds.length] ?? kinds[0];
    const [where, body] = of(n);
    const began = performance.now();
    try {
      const answer = await ask(callers[n % callers.length] ?? callers[0], method, where, body);
      answered.push({ what, ms: performance.now() - began });
      if (answer.status >= 400) failures.push(`${method} ${where}: ${answer.status} ${answer.text.slice(0, 300)}`);
    } catch (error) {
      failures.push(`${method} ${where}: ${error}`);
    }
  };
  const ticking = (async () => {
    const began = performance.now();
    while (running) {
      const due = Math.floor(((performance.now() - began) / 1000) * rate);
      while (sent < due) {
        const one = send();
        waiting.add(one);
        void one.finally(() => waiting.delete(one));
      }
      await pause(2);
    }
    await Promise.all(waiting);
  })();
  return {
    answered,
    failures,
    mark: () => answered.length,
    async stop() {
      running = false;
      await ticking;
    },
  };
}

/**
 * What an administrator does meanwhile, step by step.
 * @param {Caller} ada
 * @param {(step: string) => void} tell
 */
async function shape(ada, tell) {
  /** @param {string} method @param {string} where @param {unknown} body */
  const does = async (method, where, body) => {
    const answer = await ask(ada, method, where, body);
    if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  /** @param {string} object @param {string} field */
  const settled = async (object, field) => {
    for (;;) {
      const { body } = await ask(ada, "GET", `/objects/${object}/definition`);
      const found = body.fields.find((/** @type {any} */ one) => one.key === field);
      if (!found || (found.state !== "preparing" && found.state !== "filling" && !found.settling)) return;
      if (found.job?.state === "failed") throw new Error(`${field}: ${found.job.message}`);
      await pause(100);
    }
  };
  const label = (/** @type {string} */ text) => ({ en: text });
  /** @param {string} object @param {any} body */
  const add = async (object, body) => {
    const { field } = await does("POST", `/objects/${object}/fields`, body);
    await settled(object, field.key);
    return field.key;
  };
  /** @param {string} object @param {string} field @param {string} act */
  const put = (object, field, act) => does("POST", `/objects/${object}/fields/${field}/act`, { act });

  const number = await add("opportunity", { label: label("Load number"), type: "number", scale: 2, fast: true });
  tell("add a number with an index");
  const text = await add("opportunity", { label: label("Load text"), type: "text", max_length: 100 });
  tell("add a text");
  const formula = await add("opportunity", { label: label("Load formula"), type: "calculated", formula: "amount * 2", result: "currency", indexed: true });
  tell("add an indexed formula, reckoned on all deals");
  const count = await add("account", { label: label("Load count"), type: "statistical", of: "opportunity", via: "account", function: "sum", field: "amount" });
  tell("add a sum over deals, reckoned on all accounts");
  await does("PATCH", `/objects/opportunity/fields/${formula}`, { formula: "amount * 3" });
  await settled("opportunity", formula);
  tell("change the formula, reckoned anew on all deals");
  await put("opportunity", text, "hide");
  tell("hide the text");
  await put("opportunity", text, "recover");
  await settled("opportunity", text);
  tell("recover it");
  for (const field of [text, number]) {
    await put("opportunity", field, "hide");
    await put("opportunity", field, "drop");
  }
  tell("hide and drop both plain fields");
  await put("account", count, "hide");
  await put("opportunity", formula, "hide");
  await put("account", count, "drop");
  await put("opportunity", formula, "drop");
  tell("hide and drop the reckoned ones");
}

/** @param {"sqlite" | "postgres"} engine */
async function under(engine) {
  const place = await filled(engine);
  const begin = () => startServer({ demo: options.small, dataDirectory: place.directory, databaseUrl: place.databaseUrl });
  const servers = [await begin()];
  if (engine === "postgres") servers.push(await begin());
  let sound = true;
  try {
    const callers = await who(place, servers.map((server) => server.url));
    const [ada, ...others] = callers;
    const open = encodeURIComponent(JSON.stringify({ field: "stage_type", op: "eq", value: "in_progress" }));
    const deals = (await ask(others[0], "GET", `/records/opportunity?limit=200&sort=-created_at&filter=${open}`)).body.items;
    // Amounts are typed here, of deals with lines too.
    await ask(ada, "PATCH", "/organisation", { deal_amount: "typed" });
    const flow = load(others, deals);
    await pause(options.small ? 500 : 3000);
    /** @type {[string, number, number][]} */
    const steps = [["before", 0, flow.mark()]];
    let from = flow.mark();
    try {
      await shape(ada, (step) => {
        steps.push([step, from, flow.mark()]);
        from = flow.mark();
      });
      await pause(options.small ? 300 : 2000);
    } finally {
      await flow.stop();
    }
    steps.push(["after", from, flow.mark()]);
    for (const [step, first, last] of steps) {
      const times = flow.answered.slice(first, last).map((one) => one.ms).sort((a, b) => a - b);
      const at = (/** @type {number} */ share) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(0);
      console.log(`${engine}  ${step}: ${times.length} requests, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
    }
    const slowest = [...flow.answered].sort((a, b) => b.ms - a.ms)[0];
    for (const failure of flow.failures.slice(0, 10)) console.log(`    ${failure}`);
    console.log(`${engine}: ${flow.answered.length} requests at ${rate}/s, ${flow.failures.length} failed, longest ${slowest?.ms.toFixed(0)} ms (${slowest?.what})`);
    sound = flow.failures.length === 0 && flow.answered.length > 0 && (slowest?.ms ?? 0) <= most;
    for (const server of servers) await server.kill();
    await run(binary(), ["check", "rollups", "--data-dir", place.directory, ...(place.databaseUrl ? ["--database-url", place.databaseUrl] : [])]);
  } catch (error) {
    console.log(`${engine}: ${error}`);
    sound = false;
  } finally {
    await place.end().catch(() => undefined);
  }
  return sound;
}

/**
 * The administrator first, then those who work; each talks to one of the servers.
 * @param {{directory: string, databaseUrl?: string}} place
 * @param {string[]} urls
 * @returns {Promise<[Caller, Caller, ...Caller[]]>}
 */
async function who(place, urls) {
  const token = async (/** @type {string} */ email) => {
    const words = ["token", "create", "--user", email, "--name", "load", "--data-dir", place.directory];
    const { stdout } = await run(binary(), [...words, ...(place.databaseUrl ? ["--database-url", place.databaseUrl] : [])]);
    return stdout.trim().split("\n").at(-1) ?? "";
  };
  // The administrator shapes; a manager of 200 people and the administrator work.
  const of = (/** @type {number} */ n) => `person${n}@bench.example`;
  const emails = options.small ? [people.ada, people.mona, people.ada, people.mona] : [of(0), of(2), of(0), of(2)];
  const callers = [];
  for (const [n, email] of emails.entries()) callers.push({ url: urls[n % urls.length] ?? "", headers: { authorization: `Bearer ${await token(email)}` } });
  return /** @type {[Caller, Caller, ...Caller[]]} */ (/** @type {unknown} */ (callers));
}

/** @type {("sqlite" | "postgres")[]} */
const tried = engines(options.only);
let passed = 0;
for (const engine of tried) if (await under(engine)) passed += 1;
console.log(`Faults: ${passed} passed, ${tried.length - passed} failed`);
process.exitCode = passed === tried.length && passed > 0 ? 0 : 1;
