// Every screen of the app: addresses for each path of the router, and what is opened there.
import { readFile } from "node:fs/promises";

/**
 * @typedef {import("./api.mjs").Session} Session
 * @typedef {object} Screen
 * @property {string} path as the router has it
 * @property {string} address
 * @property {RegExp[]} [opens] names of buttons that open a dialog, a drawer or a menu there, in both languages
 * @property {boolean} [tabs] whether there are tabs, each of which is looked at
 */

/** The paths of the router, as they are written there: a screen that nobody visits is found by them. */
export async function routerPaths() {
  const text = await readFile(new URL("../../web/src/routes.tsx", import.meta.url), "utf8");
  return [...text.matchAll(/\bpath: "([^"]+)"/g)].map((match) => match[1] ?? "");
}

/** Screens outside the frame, which are looked at before anybody has signed in, or by whoever must do something first. */
export const ENTRANCES = ["/sign-in", "/setup", "/enrol"];

const NEW = /^(New|新建|Add|添加)/;

/**
 * What a walk needs to find on its way: one of everything.
 * @param {Session} ada
 */
export async function furnish(ada) {
  await ada.create("/webhooks", { name: "Warehouse", address: "https://93.184.215.14/in", subscriptions: [{ object: "opportunity", acts: ["create"] }] });
  const form = new FormData();
  form.set("file", new Blob(["Account name,City\nReach Works,Leeds\nReach Works,Leeds\n,Nowhere\n"], { type: "text/csv" }), "accounts.csv");
  const sent = await ada.create("/imports/files", form);
  const { options } = await ada.create("/imports/propose", { file: sent.items[0].id, object: "account" });
  await ada.create("/imports", { file: sent.items[0].id, options });
}

/**
 * @param {Session} ada an administrator
 * @param {Session} kim whose records are shown
 * @returns {Promise<Screen[]>}
 */
export async function screensOf(ada, kim) {
  /** @param {string} path */
  const first = async (path) => {
    const answer = await ada.read(path);
    const items = answer.items ?? answer;
    if (!items[0]) throw new Error(`nothing at ${path}`);
    return items[0];
  };
  const where = (/** @type {unknown} */ condition) => encodeURIComponent(JSON.stringify(condition));
  const mine = where({ field: "owner", op: "is_me" });
  /** @param {string} object */
  const record = async (object) => (await kim.read(`/records/${object}?limit=1&filter=${mine}`).catch(() => ({ items: [] }))).items[0]?.id ?? (await kim.read(`/records/${object}?limit=1`)).items[0].id;

  const shown = ["opportunity", "account", "contact", "lead", "quote", "sales_order", "product", "price_book", "competitor"];
  const process = await first("/processes");
  const [lost] = (await kim.read(`/records/opportunity?limit=1&filter=${where({ all: [{ field: "stage", op: "eq", value: "lost" }] })}`)).items;
  /** @type {Screen[]} */
  const screens = [
    { path: "/", address: "/" },
    { path: "/me", address: "/me" },
    { path: "/me/access", address: "/me/access" },
    { path: "/todo", address: "/todo" },
    { path: "/approvals", address: "/approvals" },
    { path: "/approvals", address: "/approvals?which=all" },
    { path: "/approvals/$id", address: `/approvals/${(await first("/approvals?which=all")).id}` },
    { path: "/notifications", address: "/notifications" },
    { path: "/o/opportunity/board", address: "/o/opportunity/board" },
    ...shown.map((object) => ({ path: "/o/$object", address: `/o/${object}`, opens: object === "opportunity" ? [NEW, /^(Filter|筛选)/, /^(Columns|列)/, /^(Export|导出)/, /^(View|视图)/] : object === "account" ? [NEW] : [] })),
    { path: "/o/$object", address: "/o/opportunity?group=stage" },
    ...(await Promise.all(
      ["account", "contact", "lead", "quote", "sales_order", "product", "price_book"].map(async (object) => ({ path: "/o/$object/$id", address: `/o/${object}/${await record(object)}`, tabs: true })),
    )),
    { path: "/o/$object/$id", address: `/o/opportunity/${await record("opportunity")}`, tabs: true, opens: [/^(Edit|编辑)$/, /^(More|更多)/] },
    ...(lost ? [{ path: "/o/$object/$id", address: `/o/opportunity/${lost.id}` }] : []),
    { path: "/duplicates", address: "/duplicates" },
    { path: "/join-requests", address: "/join-requests" },
    { path: "/duplicate-groups", address: "/duplicate-groups" },
    { path: "/holdings", address: "/holdings", tabs: true },
    { path: "/pools", address: "/pools" },
    { path: "/pools/$pool", address: `/pools/${(await first("/pools")).id}` },
    { path: "/analysis", address: "/analysis" },
    ...["pipeline", "stage-conversion", "past", "forecast", "projection", "win-loss", "ageing", "leaderboard"].map((name) => ({ path: `/analysis/${name}`, address: `/analysis/${name}`, tabs: name === "past" })),
    { path: "/admin/objects", address: "/admin/objects", opens: [NEW] },
    { path: "/admin/objects/$object", address: "/admin/objects/opportunity", tabs: true, opens: [/^(New field|新建字段)/] },
    { path: "/admin/pipelines", address: "/admin/pipelines", opens: [NEW] },
    { path: "/admin/pipelines/$id", address: `/admin/pipelines/${process.id}`, tabs: true, opens: [/^(Settings of|.*的设置)/] },
    { path: "/admin/pipelines/$id/try", address: `/admin/pipelines/${process.id}/try` },
    { path: "/admin/stages", address: "/admin/stages" },
    { path: "/admin/people", address: "/admin/people", opens: [NEW] },
    { path: "/admin/people", address: `/admin/people?person=${kim.me.person.id}` },
    { path: "/admin/people/departments", address: `/admin/people/departments?department=${(await first("/departments")).id}` },
    { path: "/admin/people/groups", address: "/admin/people/groups", opens: [NEW] },
    { path: "/admin/people/$id/access", address: `/admin/people/${kim.me.person.id}/access` },
    { path: "/admin/roles", address: "/admin/roles" },
    { path: "/admin/roles/compare", address: "/admin/roles/compare?a=administrator&b=salesperson" },
    { path: "/admin/roles/$role", address: "/admin/roles/salesperson" },
    { path: "/admin/homes", address: "/admin/homes" },
    { path: "/admin/sharing", address: "/admin/sharing", opens: [NEW] },
    { path: "/admin/approval-flows", address: "/admin/approval-flows", opens: [NEW] },
    { path: "/admin/approval-flows/$flow", address: `/admin/approval-flows/${(await first("/approval-flows")).id}` },
    { path: "/admin/duplicate-rules", address: "/admin/duplicate-rules" },
    { path: "/admin/duplicate-rules/$rule", address: `/admin/duplicate-rules/${(await first("/duplicate-rules")).id}` },
    { path: "/admin/leads", address: "/admin/leads", tabs: true, opens: [NEW] },
    { path: "/admin/holding", address: "/admin/holding", tabs: true },
    { path: "/admin/holding/$rule", address: `/admin/holding/${(await first("/holding-rules")).id}` },
    { path: "/admin/pools", address: "/admin/pools" },
    { path: "/admin/pools/$pool", address: `/admin/pools/${(await first("/pools")).id}` },
    { path: "/admin/targets", address: "/admin/targets" },
    { path: "/admin/webhooks", address: "/admin/webhooks", opens: [NEW] },
    { path: "/admin/webhooks/$webhook", address: `/admin/webhooks/${(await first("/webhooks")).id}` },
    { path: "/admin/jobs", address: "/admin/jobs" },
    { path: "/admin/health", address: "/admin/health" },
    { path: "/admin/organisation", address: "/admin/organisation", tabs: true },
    { path: "/admin/calendars/$calendar", address: `/admin/calendars/${(await first("/calendars")).id}` },
    { path: "/admin/sign-in", address: "/admin/sign-in" },
    { path: "/admin/mail", address: "/admin/mail" },
    { path: "/admin/audit", address: "/admin/audit" },
    { path: "/imports", address: "/imports" },
    { path: "/imports/new", address: "/imports/new" },
    { path: "/imports/$id", address: `/imports/${(await first("/imports")).id}` },
  ];
  return screens;
}

/** What only administrators reach. */
export const ADMINISTRATION = /^\/(admin|imports|duplicate-groups)/;
