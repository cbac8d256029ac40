import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** A deal with two lines. @param {import("../harness/api.mjs").Session} api @param {string} name */
async function dealWithLines(api, name) {
  const { record } = await api.create("/records/opportunity", { fields: { name, amount: "1000" } });
  for (const price of ["10", "20"]) {
    await api.create("/records/opportunity_line", { fields: { opportunity: record.id, name: `Line at ${price}`, price } });
  }
  return record.id;
}

story("A locked deal stands still with its lines until it is unlocked", async (scene) => {
  const kim = await scene.api(people.kim);
  const deal = await dealWithLines(kim, "Lock works");
  const ada = await scene.windowOf(people.ada);
  await ada.go(`/o/opportunity/${deal}`);
  await ada.page.getByRole("button", { name: "More acts" }).click();
  await ada.page.getByRole("menuitem", { name: "Lock" }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Lock", exact: true }).click();
  await ada.page.getByText("Locked", { exact: true }).waitFor();

  const window = await scene.windowOf(people.kim);
  const { page } = window;
  await window.go(`/o/opportunity/${deal}`);
  await page.getByLabel(/^Locked by Ada/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Edit", exact: true }).count(), 0);
  await page.getByRole("button", { name: "More acts" }).click();
  assert.ok(await page.getByRole("menuitem", { name: /Void/ }).isDisabled(), "what the lock stands against says so");
  assert.deepEqual(await accessibilityFindings(page, "a locked deal"), []);
  await page.keyboard.press("Escape");
  const lines = (await kim.read(`/records/opportunity_line?filter=${encodeURIComponent(JSON.stringify({ field: "opportunity", op: "eq", value: deal }))}`)).items;
  await window.go(`/o/opportunity_line/${lines[0].id}`);
  await page.getByText("Locked with “Lock works”").waitFor();
  assert.equal(await page.getByRole("button", { name: "Edit", exact: true }).count(), 0);

  await ada.page.getByRole("button", { name: "More acts" }).click();
  await ada.page.getByRole("menuitem", { name: "Unlock" }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Unlock", exact: true }).click();
  await ada.page.getByText("Lock works is unlocked").waitFor();
  await window.go(`/o/opportunity_line/${lines[0].id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
});

story("A deal is cloned with its lines, on a phone too", async (scene) => {
  const api = await scene.api(people.kim);
  const deal = await dealWithLines(api, "Clone works");
  const window = await scene.windowOf(people.kim, { viewport: phone, hasTouch: true });
  const { page } = window;
  await window.go(`/o/opportunity/${deal}`);
  await page.getByRole("button", { name: "More acts" }).click();
  await page.getByRole("menuitem", { name: "Clone" }).click();
  const dialog = page.getByRole("dialog", { name: "Clone “Clone works”" });
  await dialog.getByRole("textbox", { name: "Opportunity name" }).waitFor();
  assert.equal(await dialog.getByRole("textbox", { name: "Opportunity name" }).inputValue(), "Clone works (copy)");
  assert.ok(await dialog.getByRole("checkbox", { name: "Opportunity lines (2)" }).isChecked());
  assert.deepEqual(await accessibilityFindings(page, "cloning"), []);
  await dialog.getByRole("textbox", { name: "Opportunity name" }).fill("Clone works twice");
  await dialog.getByRole("button", { name: "Clone", exact: true }).click();
  await page.getByRole("heading", { name: "Clone works twice" }).waitFor();
  const found = (await api.read("/records/opportunity?q=twice")).items;
  assert.equal(found.length, 1);
  assert.equal(found[0].fields.lines_total.amount, "30.00");
  assert.equal(found[0].fields.stage, "prospecting");
});

story("An auditor's log tells of a refused move and of an export, and is taken away as a file", async (scene) => {
  const kim = await scene.api(people.kim);
  const { record } = await kim.create("/records/opportunity", { fields: { name: "Too early" } });
  await kim.create(`/records/opportunity/${record.id}/move`, { stage: "won" }).then(
    () => assert.fail("the move should have been refused"),
    () => undefined,
  );
  const window = await scene.windowOf(people.ada);
  const { page } = window;
  await window.go("/o/opportunity?q=early");
  const listed = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export what the list shows" }).click();
  await page.getByRole("menuitem", { name: /CSV/ }).click();
  await listed;

  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByText("Export", { exact: false }).first().waitFor();
  await page.getByText("Refused", { exact: true }).first().click();
  const refusal = page.getByRole("button", { name: /moved Opportunity Too early/ });
  await refusal.click();
  await page.getByText(/^stage\./).first().waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the audit log"), []);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: /exported Opportunity/ }).first().waitFor();

  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export the log" }).click();
  await page.getByRole("menuitem", { name: "As CSV" }).click();
  assert.match((await file).suggestedFilename(), /^audit-\d{4}-\d\d-\d\d\.csv$/);
});

story("What is in the recycle bin is deleted for good, one by one and many at once", async (scene) => {
  const api = await scene.api(people.ada);
  const deal = await dealWithLines(api, "Gone works");
  for (const name of ["Gone too", "Gone as well"]) {
    const { record } = await api.create("/records/opportunity", { fields: { name } });
    await api.create(`/records/opportunity/${record.id}/void`, {});
  }
  await api.create(`/records/opportunity/${deal}/void`, {});
  const window = await scene.windowOf(people.ada);
  const { page } = window;
  await window.go(`/o/opportunity/${deal}`);
  await page.getByRole("button", { name: "Delete for good" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete “Gone works” for good?" });
  await dialog.getByText("2 Opportunity lines are deleted along with it.").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "deleting for good"), []);
  // The live changes may tell that it is gone before the screen has been left.
  window.expectRefusal(404, new RegExp(deal));
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await page.getByText("Gone works has been deleted for good").waitFor();

  await window.go("/o/opportunity?q=gone");
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("button", { name: /^View:/ }).click();
  await page.getByRole("option", { name: "Recycle bin" }).click();
  await page.getByRole("link", { name: "Gone too", exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Gone works", exact: true }).count(), 0);
  await page.getByRole("checkbox", { name: "Select all rows loaded" }).check();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete 2 records for good" }).click();
  await page.getByRole("dialog").getByText("2 changed").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByText("2 records have been deleted for good.").waitFor();
  assert.equal((await api.read("/records/opportunity?q=gone&voided=only&count=exact")).count, 0);
  // The trace still names what is gone.
  await window.go(`/admin/audit?object=opportunity&record=${deal}`);
  await page.getByRole("button", { name: /deleted for good Opportunity Gone works/ }).first().waitFor();
});
