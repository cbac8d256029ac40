import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} name */
const tick = (page, name) => page.getByRole("checkbox", { name, exact: true });

/** @param {Page} page */
const save = async (page) => {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Not saved yet" }).waitFor({ state: "hidden" });
};

story("Ada hides what accounts earn from sales managers, and it is nowhere any more", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const mona = await scene.windowOf(people.mona);
  const list = mona.page.getByRole("grid");
  const head = mona.page.getByRole("columnheader", { name: "Annual revenue" });
  await mona.go("/o/account");
  await head.waitFor();
  const before = await (await scene.api(people.mona)).read("/records/account?limit=1");
  assert.ok("annual_revenue" in before.items[0].fields);

  await ada.go("/admin/roles");
  await ada.page.getByRole("link", { name: "Sales Manager", exact: true }).click();
  await ada.page.getByRole("button", { name: "Accounts", exact: true }).click();
  const drawer = onTop(ada.page);
  await drawer.getByRole("searchbox", { name: "Find a field" }).fill("revenue");
  await drawer.getByRole("radiogroup", { name: "What is known of Annual revenue" }).getByText("Hidden", { exact: true }).click();
  assert.deepEqual(await accessibilityFindings(ada.page, "rights of an object"), []);
  await drawer.getByRole("button", { name: "Done" }).click();
  await ada.page.getByRole("button", { name: /^Accounts 1 field hidden$/ }).waitFor();
  await save(ada.page);

  // The list, the form, the filter, the file.
  await mona.page.reload();
  await list.waitFor();
  await mona.page.getByRole("columnheader", { name: "Name" }).first().waitFor();
  assert.equal(await head.count(), 0);
  await mona.page.getByRole("button", { name: "Filter", exact: true }).click();
  await mona.page.getByRole("button", { name: "Add a line" }).click();
  await mona.page.getByRole("button", { name: /^Field:/ }).click();
  await mona.page.getByRole("combobox", { name: "Find a field, also across references" }).fill("annual revenue");
  await mona.page.getByText("No field of that name").waitFor();
  await mona.go("/o/account");
  await mona.page.getByRole("button", { name: /^New account$/i }).click();
  await mona.page.getByRole("dialog").getByRole("textbox").first().waitFor();
  assert.equal(await mona.page.getByRole("dialog").getByText("Annual revenue").count(), 0);
  const file = await mona.page.evaluate(async () => (await fetch("/api/v1/records/account/export?format=csv")).text());
  assert.ok(file.includes("\n") && !file.includes("Annual revenue"));
});

story("Two administrators at one role: what they did apart comes together, what clashes is shown", async (scene) => {
  const first = await scene.windowOf(people.ada);
  const second = await scene.windowOf(people.ada);
  second.expectRefusal(409, /\/roles\/auditor$/);
  await first.go("/admin/roles/auditor");
  await second.go("/admin/roles/auditor");
  await tick(first.page, "Clone: Contacts").waitFor();
  await tick(second.page, "Clone: Contacts").waitFor();

  // Apart: one gives an act, the other another.
  await tick(second.page, "Create: Competitors").click();
  await tick(first.page, "Create: Products").click();
  await save(first.page);
  await save(second.page);
  const api = await scene.api(people.ada);
  const auditor = async () => (await api.read("/roles/auditor")).objects;
  assert.ok((await auditor()).product.acts.includes("create") && (await auditor()).competitor.acts.includes("create"));

  // At the same object, of which the one gives rights and the other takes back that it has its own.
  await second.page.getByRole("button", { name: "Follow “Every other object” again: Products" }).click();
  await tick(first.page, "Edit: Products").click();
  await save(first.page);
  await second.page.getByRole("button", { name: "Save", exact: true }).click();
  await second.page.getByText("Somebody else changed this meanwhile").waitFor();
  await second.page.getByRole("rowheader", { name: "Products: rights of its own" }).waitFor();
  await second.page.getByRole("button", { name: "Keep mine" }).click();
  await second.page.getByText("Somebody else changed this meanwhile").waitFor({ state: "hidden" });
  await second.page.getByRole("status").filter({ hasText: "Not saved yet" }).waitFor({ state: "hidden" });
  assert.ok(!("product" in (await auditor())));
});

story("A role is made as a copy, compared, left with care, and deleted", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/roles");
  await page.getByRole("button", { name: "Acts for Salesperson" }).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await page.getByRole("textbox", { name: /^Name \(English\)/ }).fill("Inside sales");
  await page.getByRole("checkbox", { name: "Reopen: Opportunities" }).click();

  // The arrows walk; the space gives.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  assert.equal(await tick(page, "Change process: Opportunities").getAttribute("aria-checked"), "true");

  // What is not saved is not lost by a slip.
  await page.getByRole("link", { name: "Board" }).click();
  await onTop(page).getByRole("button", { name: "Stay here" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL(/\/admin\/roles\/inside_sales$/);
  await page.getByRole("button", { name: "Acts for Inside sales" }).click();
  await page.getByRole("menuitem", { name: "Compare with another" }).click();
  await page.getByRole("combobox", { name: "Second role" }).click();
  await page.getByRole("option", { name: "Salesperson", exact: true }).click();
  await page.getByRole("row", { name: "Opportunities Reopen, Change process nothing more" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "comparison"), []);

  // Who has it stands in the way of deleting it.
  const api = await scene.api(people.ada);
  const { items } = await api.read(`/records/employee?filter=${encodeURIComponent(JSON.stringify({ field: "email", op: "eq", value: people.lee }))}`);
  await api.call("PATCH", `/records/employee/${items[0].id}`, { fields: { roles: ["salesperson", "inside_sales"] } }, { "if-match": `"${items[0].version}"` });
  ada.expectRefusal(422, /\/roles\/inside_sales$/);
  await ada.go("/admin/roles");
  const remove = async () => {
    await page.getByRole("button", { name: "Acts for Inside sales" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await onTop(page).getByRole("button", { name: "Delete" }).click();
  };
  await remove();
  await onTop(page).getByText("It is in use. Take it out of these first:").waitFor();
  await onTop(page).getByRole("link", { name: /Lee/ }).waitFor();
  // The way to them leads to the list of people who have the role.
  const held = await ada.anotherTab();
  await held.goto((await onTop(page).getByRole("link", { name: /Lee/ }).getAttribute("href")) ?? "");
  await held.getByText("1 person", { exact: true }).waitFor();
  await held.getByRole("button", { name: "Lee Moreno", exact: true }).waitFor();
  await held.close();
  await api.call("PATCH", `/records/employee/${items[0].id}`, { fields: { roles: ["salesperson"] } }, { "if-match": `"${items[0].version + 1}"` });
  await onTop(page).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Inside sales", exact: true }).waitFor({ state: "hidden" });

  // From its own screen one is led back to the others.
  await api.create("/roles", { name: { en: "For a day", "zh-CN": "一天" }, objects: {} });
  await ada.go("/admin/roles/for_a_day");
  await page.getByRole("button", { name: "Acts for For a day" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await onTop(page).getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/admin\/roles$/);
});

story("Roles on a phone, in the dark", async (scene) => {
  const ada = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  const { page } = ada;
  await ada.go("/admin/roles/salesperson");
  await page.getByRole("button", { name: /^Competitors Read/ }).click();
  await onTop(page).getByRole("checkbox", { name: "Void" }).check();
  assert.deepEqual(await accessibilityFindings(page, "rights on a phone"), []);
  await onTop(page).getByRole("button", { name: "Done" }).click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await save(page);
});
