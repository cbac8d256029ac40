import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("An administrator sets a limit by the gear and sees who would be over before saving", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = (await scene.api(people.kim)).me.person;
  const { field } = await api.create("/objects/employee/fields", { key: "deal_quota", label: { en: "Deal quota", "zh-CN": "商机限额" }, type: "number", scale: 0 });
  const person = await api.read(`/records/employee/${kim.id}`);
  const given = await api.call("PATCH", `/records/employee/${kim.id}`, { fields: { [field.key]: "3" } }, { "if-match": `"${person.version}"` });
  assert.equal(given.status, 200, JSON.stringify(given.body));

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  // The place is found under the name that people ask for.
  await page.getByRole("button", { name: /^Search or go/ }).click();
  await onTop(page).getByRole("combobox").fill("opportunity holding");
  await onTop(page).getByRole("option", { name: "Opportunity holding rules" }).click();
  await page.getByRole("heading", { name: "Opportunity holding rules" }).waitFor();
  await page.getByText("Stage status is In progress").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "holding rules"), []);

  await page.getByRole("link", { name: "New rule" }).click();
  await page.getByRole("textbox", { name: /^Name/ }).fill("As agreed with each");
  await page.getByText("Each person may have at most 10 opportunities.").waitFor();
  await page.getByRole("button", { name: "Choose a variable" }).click();
  await page.getByRole("menuitem", { name: "Deal quota" }).click();
  await page.getByText(/as many opportunities as the field “Deal quota” says/).waitFor();
  const beside = page.getByRole("complementary", { name: "What this change would do" });
  await beside.getByText("1 newly over").waitFor();
  await beside.getByRole("listitem").filter({ hasText: kim.name }).getByText("newly over").waitFor();
  await beside.getByText(/^No limit is set for .*: the field is blank\.$/).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a new holding rule"), []);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("heading", { name: "As agreed with each" }).waitFor();
  const reached = page.getByRole("complementary", { name: "Whom it reaches" });
  await reached.getByText("1 over the limit").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a holding rule"), []);

  // What is begun and not saved is asked about.
  await page.getByRole("button", { name: "A fixed number instead" }).click();
  await page.getByRole("link", { name: /^Opportunity holding rules/ }).click();
  await page.getByRole("button", { name: "Stay here" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await onTop(page).getByRole("button", { name: "Delete" }).click();
  await page.getByText("No holding rules yet").waitFor();
});

story("Two administrators at one holding rule, on a phone", async (scene) => {
  const api = await scene.api(people.ada);
  const rule = await api.create("/holding-rules", { object: "lead", name: "Leads of each", subject: { kind: "employees" }, limit: { kind: "number", number: 50 } });
  const ada = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  ada.expectRefusal(409, /\/holding-rules\//);
  const { page } = ada;
  await ada.go(`/admin/holding?rule=${rule.id}`);
  const limit = page.getByRole("textbox", { name: /^Limit/ });
  await limit.fill("20");
  assert.equal((await api.call("PUT", `/holding-rules/${rule.id}`, { ...rule, name: "Leads of everybody" }, { "if-match": `"${rule.version}"` })).status, 200);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed this meanwhile").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a holding rule meanwhile"), []);
  await page.getByRole("button", { name: "Take theirs" }).click();
  assert.equal(await page.getByRole("textbox", { name: /^Name/ }).inputValue(), "Leads of everybody");
  assert.equal(await limit.inputValue(), "50");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
});
