import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * Mona makes a deal and hands it to Kim.
 * @param {import("../harness/api.mjs").Session} mona
 * @param {import("../harness/api.mjs").Session} kim
 * @param {string} name
 */
async function handOver(mona, kim, name) {
  const { record } = await mona.create("/records/opportunity", { fields: { name } });
  const { status } = await mona.call("POST", `/records/opportunity/${record.id}/change-owner`, { owner: kim.me.person.id }, { "if-match": `"${record.version}"` });
  assert.equal(status, 200);
  return record.id;
}

story("Mona hands a deal to Kim, who is told at once and opens it from the bell", async (scene) => {
  const mona = await scene.api(people.mona);
  const api = await scene.api(people.kim);
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await page.getByRole("button", { name: "Notifications", exact: true }).waitFor();

  const id = await handOver(mona, api, "Tide mill turbines");
  const bell = page.getByRole("button", { name: "Notifications, 1 unread" });
  await bell.waitFor();
  await page.waitForFunction(() => document.title.startsWith("(1) "));
  await bell.click();
  const panel = page.getByRole("dialog", { name: "Notifications" });
  await panel.getByRole("link", { name: /Tide mill turbines/ }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "bell"), []);

  await panel.getByRole("link", { name: /Tide mill turbines/ }).click();
  await page.waitForURL(`**/o/opportunity/${id}`);
  await page.getByRole("heading", { name: "Tide mill turbines", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Notifications", exact: true }).waitFor();
  await page.waitForFunction(() => !document.title.startsWith("("));
  assert.equal((await api.read("/notifications")).unread, 0);
});

story("Kim reads what she was told on her phone, marks it, and chooses how to be told", async (scene) => {
  const mona = await scene.api(people.mona);
  const api = await scene.api(people.kim);
  await handOver(mona, api, "Ferry terminal scales");
  await handOver(mona, api, "Ice cream line, Turin");
  const kim = await scene.windowOf(people.kim, { viewport: phone });
  const { page } = kim;
  await page.getByRole("navigation", { name: "Main navigation" }).getByRole("button", { name: /^Menu/ }).click();
  await page.getByRole("link", { name: /^Notifications/ }).click();
  await page.getByRole("link", { name: /Ice cream line/ }).waitFor();
  await page.getByRole("button", { name: /^Mark as read: .*Ferry terminal/ }).click();
  await page.getByRole("button", { name: /^Mark as unread: .*Ferry terminal/ }).waitFor();
  await page.getByText("Unread", { exact: false }).filter({ hasText: /^Unread/ }).first().click();
  await page.getByRole("link", { name: /Ferry terminal/ }).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByText("You have read everything").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "notifications"), []);

  await page.getByRole("link", { name: "How I am told" }).click();
  await page.getByRole("checkbox", { name: "A record becomes mine: In the app" }).uncheck();
  await page.getByRole("region", { name: "How I am told" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("You will be told so from now on").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "preferences"), []);
  const { kinds } = await api.read("/me/notification-preferences");
  assert.equal(kinds.find((/** @type {any} */ one) => one.kind === "assigned").in_app, false);
  await handOver(mona, api, "Told to nobody");
  assert.equal((await api.read("/notifications")).unread, 0);
});
