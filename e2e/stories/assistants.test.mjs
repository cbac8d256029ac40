import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { binary } from "../harness/server.mjs";
import { story } from "../harness/story.mjs";

/** @typedef {Record<string, any>} Told */

/** An assistant that has been connected. */
async function assistant(/** @type {import("@modelcontextprotocol/sdk/shared/transport.js").Transport} */ transport) {
  const client = new Client({ name: "story", version: "1.0.0" });
  await client.connect(transport);
  /** @returns {Promise<Told>} what was told, with `isError` */
  const call = async (/** @type {string} */ name, /** @type {Told} */ args) => {
    const result = await client.callTool({ name, arguments: args });
    return { ...(/** @type {Told} */ (result.structuredContent)), isError: result.isError };
  };
  /** @returns {Promise<Told>} what was done by its plan */
  const does = async (/** @type {string} */ name, /** @type {Told} */ args) => {
    const planned = await call(name, args);
    assert.equal(planned.done, false, JSON.stringify(planned));
    const done = await call(name, { ...args, plan: planned.plan });
    assert.equal(done.done, true, JSON.stringify(done));
    return done;
  };
  return { client, call, does };
}

const byAddress = (/** @type {string} */ url, /** @type {string} */ token) =>
  new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } });

story("An assistant brings a lead to a deal and moves it on, and its name stands in the history", async (scene) => {
  // Kim lets an assistant in.
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/me");
  await page.getByRole("textbox", { name: "What it is for" }).fill("Claude");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByText(/^sc_[0-9a-f]+$/).first().innerText();
  const section = page.getByRole("region", { name: "Connect an assistant" });
  const settings = section.getByRole("group", { name: "Settings for the assistant" });
  const http = JSON.parse(await settings.innerText()).mcpServers.stagecraft;
  assert.deepEqual([http.url, http.headers.Authorization], [`${scene.url}/mcp`, `Bearer ${token}`]);
  await section.getByText("By a program here").click();
  const program = JSON.parse(await settings.innerText()).mcpServers.stagecraft;
  assert.deepEqual([program.args, program.env.STAGECRAFT_TOKEN], [["mcp", "--server", scene.url], token]);
  assert.deepEqual(await accessibilityFindings(page, "connecting an assistant"), []);

  const claude = await assistant(byAddress(scene.url, token));
  assert.equal(claude.client.getServerVersion()?.name, "stagecraft");
  assert.match(claude.client.getInstructions() ?? "", /plan/);
  const { tools } = await claude.client.listTools();
  assert.ok(tools.length > 30 && tools.every((tool) => tool.description && tool.inputSchema.type === "object"));
  const { resources } = await claude.client.listResources();
  assert.ok(resources.some((one) => one.uri === "stagecraft://objects/opportunity"));

  // From a lead to a deal.
  const lead = (await claude.does("create_record", { object: "lead", fields: { name: "Ruth Vogelsang", company: "Vogelsang Anlagen" } })).record.id;
  const became = await claude.does("convert_lead", {
    id: lead,
    account: { fields: { name: "Vogelsang Anlagen" } },
    contact: { fields: { name: "Ruth Vogelsang" } },
    opportunity: { fields: { name: "Dosing station Vogelsang" } },
  });
  const deal = became.opportunity.id;
  await claude.does("move_stage", { id: deal, stage: "qualification" });

  // What is only tried leaves no trace.
  const api = await scene.api(people.kim);
  const history = async () => /** @type {Told} */ (await api.read(`/records/opportunity/${deal}/history`)).items;
  const before = await history();
  const planned = await claude.call("move_stage", { id: deal, stage: "proposal" });
  assert.ok(planned.would.changes.some((/** @type {Told} */ change) => change.field === "stage" && change.to === "proposal"));
  assert.deepEqual(await history(), before);
  assert.equal((await claude.call("move_stage", { id: deal, stage: "proposal", plan: planned.plan })).done, true);
  // Once, however often it is asked for.
  assert.equal((await claude.call("move_stage", { id: deal, stage: "proposal", plan: planned.plan })).done, true);
  assert.equal((await history()).length, before.length + 1);

  // The gate of the next stage tells all that is missing; then it is brought along, by a program this time.
  const blocked = await claude.call("move_stage", { id: deal, stage: "negotiation" });
  assert.deepEqual([blocked.isError, blocked.code], [true, "stage.requirements_unmet"]);
  assert.ok(blocked.violations.some((/** @type {Told} */ one) => /amount/i.test(one.message)), JSON.stringify(blocked));
  const here = await assistant(
    new StdioClientTransport({ command: binary(), args: program.args, env: { ...program.env, PATH: process.env.PATH ?? "" }, stderr: "inherit" }),
  );
  assert.ok((await here.client.listTools()).tools.length === tools.length);
  const tasks = (await here.call("get_record", { object: "opportunity", id: deal, with: ["tasks"] })).tasks?.items ?? [];
  for (const task of tasks.filter((/** @type {Told} */ one) => one.state !== "done" && one.can?.includes("complete"))) {
    await here.does("complete_stage_task", { id: task.id });
  }
  const moved = await here.does("move_stage", {
    id: deal,
    stage: "negotiation",
    fields: { amount: { amount: "48000.00", currency: "EUR" }, expected_close_date: "2030-05-31" },
  });
  assert.equal(moved.record.fields.stage, "negotiation");
  await here.does("add_comment", { object: "opportunity", id: deal, text: "They want the dosing station by May." });
  await here.client.close();

  // A stranger sees nothing of it, nor does his assistant.
  const lee = await scene.api(people.lee);
  const other = /** @type {Told} */ (await lee.create("/me/tokens", { name: "Another" })).token;
  const stranger = await assistant(byAddress(scene.url, other));
  assert.equal((await stranger.call("get_record", { object: "opportunity", id: deal })).code, "not_found");
  assert.deepEqual((await stranger.call("search", { q: "Dosing station Vogelsang" })).items, []);
  await stranger.client.close();
  await claude.client.close();

  // On the screen it was Kim, through Claude.
  await kim.go(`/o/opportunity/${deal}`);
  await page.getByText("by an assistant through the token “Claude”").first().waitFor();
  const said = page.getByRole("article", { name: /comment/i }).filter({ hasText: "by May" });
  await said.getByText("through the token “Claude”").waitFor();

  // The token is taken back.
  await kim.go("/me");
  const row = page.getByRole("row", { name: /^Claude/ });
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await row.waitFor({ state: "detached" });
  await assert.rejects(assistant(byAddress(scene.url, token)), /401|sign in/i);
});

story("Connecting an assistant, in Chinese and on a phone", async (scene) => {
  const mona = await scene.windowOf(people.mona, { viewport: phone });
  const { page } = mona;
  const api = await scene.api(people.mona);
  await api.call("PATCH", "/me", { language: "zh-CN" });
  try {
    await mona.go("/me");
    await page.reload();
    const section = page.getByRole("region", { name: "连接助手" });
    await section.scrollIntoViewIfNeeded();
    await section.getByText("通过本机程序").click();
    await section.getByText(/STAGECRAFT_TOKEN/).waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1), "wider than the phone");
    assert.deepEqual(await accessibilityFindings(page, "connecting an assistant on a phone"), []);
  } finally {
    await api.call("PATCH", "/me", { language: "en" });
  }
});
