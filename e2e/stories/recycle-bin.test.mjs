import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("What was voided by mistake is found in the recycle bin and comes back, one by one and many at once", async (scene) => {
  const api = await scene.api(people.kim);
  for (const name of ["Pump A", "Pump B", "Pump C"]) {
    const { record } = await api.create("/records/opportunity", { fields: { name } });
    await api.create(`/records/opportunity/${record.id}/void`, {});
  }
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/o/opportunity?q=pump");
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("button", { name: /^View:/ }).click();
  await page.getByRole("option", { name: "Recycle bin" }).click();
  await page.getByRole("columnheader", { name: "Voided by" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the recycle bin"), []);

  await page.getByRole("link", { name: "Pump A", exact: true }).click();
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Pump B", exact: true }).waitFor();
  await page.getByRole("link", { name: "Pump A", exact: true }).waitFor({ state: "detached" });

  await page.getByRole("checkbox", { name: "Select all rows loaded" }).check();
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore 2 records" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByText("2 records are back.").waitFor();
  assert.equal((await api.read("/records/opportunity?q=pump&count=exact")).count, 3);
});

story("On a phone, too, many records are chosen and changed at once", async (scene) => {
  const api = await scene.api(people.lee);
  for (const name of ["Valve A", "Valve B", "Valve C"]) await api.create("/records/opportunity", { fields: { name } });
  const lee = await scene.windowOf(people.lee, { viewport: phone, hasTouch: true });
  const { page } = lee;
  await lee.go("/o/opportunity?q=valve");
  await page.getByRole("link", { name: /^Valve A/ }).waitFor();
  await page.getByRole("button", { name: "List", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "List" });
  await sheet.getByRole("combobox", { name: "Sort by" }).click();
  await page.getByRole("option", { name: "Opportunity name" }).click();
  assert.deepEqual(await accessibilityFindings(page, "the sheet of a list"), []);
  await sheet.getByRole("button", { name: "Select records" }).click();
  await page.getByRole("checkbox", { name: "Select Valve A" }).check();
  await page.getByRole("checkbox", { name: "Select Valve C" }).check();
  await page.getByText("2 selected").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "choosing on a phone"), []);
  await page.getByRole("button", { name: "Void", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Void 2 records" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: /^Valve B/ }).waitFor();
  assert.equal(await page.getByRole("link", { name: /^Valve/ }).count(), 1);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: /^Valve C/ }).waitFor();
});
