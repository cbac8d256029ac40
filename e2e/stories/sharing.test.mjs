import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { choose, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("A share opens and closes: Lee sees Kim's crane come and go without reloading", async (scene) => {
  const kim = await scene.api(people.kim);
  await kim.create("/records/opportunity", { fields: { name: "Crane for the quay" } });
  await kim.create("/records/opportunity", { fields: { name: "Lift for the tower" } });
  const lee = await scene.windowOf(people.lee);
  await lee.go("/o/opportunity?q=crane");
  await lee.page.getByText("Nothing matches").waitFor();
  const crane = lee.page.getByRole("link", { name: "Crane for the quay" });

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/sharing");
  await page.getByText("No sharing rules yet").waitFor();
  await page.getByRole("button", { name: "New rule" }).click();
  const drawer = onTop(page);
  await drawer.getByRole("textbox", { name: /^Name/ }).fill("Cranes for the south");
  await drawer.getByRole("button", { name: "Add a line" }).click();
  await drawer.getByRole("button", { name: /^Field:/ }).click();
  await page.getByRole("combobox", { name: "Find a field" }).fill("opportunity name");
  await page.getByRole("option", { name: "Opportunity name", exact: true }).click();
  await choose(page, "Comparison", "begins with");
  await drawer.getByRole("textbox", { name: "Value" }).fill("Crane");
  await drawer.getByText("This would give 1 record.").waitFor();
  await drawer.getByRole("combobox", { name: /^Departments/ }).fill("south");
  await page.getByRole("option", { name: "Sales South" }).click();
  await drawer.getByRole("textbox", { name: /^Name/ }).click();
  assert.deepEqual(await accessibilityFindings(page, "a sharing rule"), []);
  await drawer.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Gives 1 record now").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "sharing rules"), []);

  // It comes by itself, and may be read, not edited.
  await crane.waitFor();
  await crane.click();
  await lee.page.getByRole("heading", { name: "Crane for the quay" }).waitFor();
  assert.equal(await lee.page.getByRole("button", { name: "Edit", exact: true }).count(), 0);
  await lee.page.goBack();
  await crane.waitFor();

  const on = page.getByRole("switch", { name: "In force: Cranes for the south" });
  await on.press("Space");
  await page.getByText("switched off", { exact: true }).waitFor();
  await crane.waitFor({ state: "hidden" });
  await on.press("Space");
  await crane.waitFor();

  await page.getByRole("button", { name: "Delete: Cranes for the south" }).click();
  await onTop(page).getByRole("button", { name: "Delete" }).click();
  await page.getByText("No sharing rules yet").waitFor();
  await crane.waitFor({ state: "hidden" });
});

story("Two administrators at one sharing rule, on a phone", async (scene) => {
  const api = await scene.api(people.ada);
  const { items } = await api.read("/records/department?limit=50");
  const south = items.find((/** @type {any} */ one) => one.fields.name === "Sales South").id;
  const rule = await api.create("/sharing-rules", { object: "opportunity", name: "Everything", active: true, condition: null, to: [{ kind: "department", id: south }], level: "read" });
  const ada = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  ada.expectRefusal(409, /\/sharing-rules\//);
  const { page } = ada;
  await ada.go("/admin/sharing");
  await page.getByRole("button", { name: "Everything", exact: true }).click();
  await onTop(page).getByRole("radio", { name: "Read and edit" }).check();
  assert.equal((await api.call("PUT", `/sharing-rules/${rule.id}`, { ...rule, name: "All for the south" }, { "if-match": `"${rule.version}"` })).status, 200);
  await onTop(page).getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed this meanwhile").waitFor();
  await page.getByRole("row", { name: /^Name All for the south Everything/ }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a sharing rule meanwhile"), []);
  await page.getByRole("button", { name: "Take theirs" }).click();
  assert.equal(await onTop(page).getByRole("textbox", { name: /^Name/ }).inputValue(), "All for the south");
  await onTop(page).getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
});
