import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

story("An administrator makes a rule, and a salesperson is warned, goes back, goes on, and is stopped by another", async (scene) => {
  const kim = await scene.api(people.kim);
  const { record: first } = await kim.create("/records/account", { fields: { name: "Hollendieck Bridge Works", website: "https://hollendieck.example" } });
  const admin = await scene.api(people.ada);

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/duplicate-rules");
  // What is shipped is said in words.
  const shipped = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Same customer", exact: true }) });
  await shipped.getByText(/Account name equal/).waitFor();
  await shipped.getByText(/Account name alike from 85 %/).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "duplicate rules"), []);

  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByRole("menuitem", { name: "Accounts" }).click();
  await page.getByRole("heading", { name: "New rule for Accounts" }).waitFor();
  await page.getByRole("textbox", { name: /^Name/ }).fill("Same website");
  const group = page.getByRole("region", { name: "Group 1" });
  await group.getByRole("combobox", { name: "Field of the Account" }).click();
  await page.getByRole("option", { name: "Website", exact: true }).click();
  await group.getByRole("combobox", { name: "How" }).click();
  await page.getByRole("option", { name: "Same domain" }).click();
  await group.getByText("Warns").waitFor();
  // Before it is saved, it shows what it would find.
  await admin.create("/records/account", { fields: { name: "Quayside Holdings", website: "https://www.hollendieck.example/quay" } });
  await page.getByRole("button", { name: "Try it now" }).click();
  const preview = page.getByRole("region", { name: "Try it" });
  await preview.getByRole("link", { name: "Hollendieck Bridge Works" }).waitFor();
  await preview.getByText("Website equal").first().waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a duplicate rule"), []);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Same website", exact: true }).waitFor();

  // The salesperson.
  const window = await scene.windowOf(people.kim);
  const kims = window.page;
  await window.go("/o/account");
  await kims.getByRole("button", { name: /^New account$/i }).click();
  const form = onTop(kims);
  await form.getByRole("textbox", { name: /^Account name/ }).fill("Riverbank Steel");
  if (!(await form.getByRole("textbox", { name: "Website" }).isVisible())) await form.getByRole("button", { name: "More fields" }).click();
  await form.getByRole("textbox", { name: "Website" }).fill("https://hollendieck.example/contact");
  // As she types.
  const panel = form.getByRole("region", { name: "Alike records" });
  await panel.getByText(/\d alike/).waitFor();
  await panel.getByText("Website equal").first().waitFor();
  assert.deepEqual(await accessibilityFindings(kims, "alike while one types"), []);

  window.expectRefusal(422, /\/records\/account/);
  await form.getByRole("button", { name: "Create", exact: true }).click();
  const dialog = kims.getByRole("dialog", { name: "Is it one of these?" });
  await dialog.getByRole("link", { name: "Hollendieck Bridge Works", exact: true }).waitFor();
  await dialog.getByText("Rule: Same website.").waitFor();
  assert.deepEqual(await accessibilityFindings(kims, "a warning"), []);
  await dialog.getByRole("button", { name: "Go back" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await form.getByRole("textbox", { name: /^Account name/ }).inputValue(), "Riverbank Steel");
  await form.getByRole("button", { name: "Create", exact: true }).click();
  await dialog.getByRole("button", { name: "Save all the same" }).click();
  await kims.getByText(/Riverbank Steel/).first().waitFor();
  await form.waitFor({ state: "hidden" });

  // It is kept with the record.
  await window.go("/o/account?q=Riverbank");
  await kims.getByRole("link", { name: "Riverbank Steel" }).first().click();
  const card = kims.getByRole("region", { name: /^Alike records/ });
  await card.getByRole("button", { name: /^Alike records/ }).click();
  await card.getByText("Saved all the same").waitFor();
  await card.getByText(/Same website/).first().waitFor();
  assert.deepEqual(await accessibilityFindings(kims, "alike records on a record"), []);

  // The same name is refused, in a form and in a cell.
  await window.go("/o/account");
  await kims.getByRole("button", { name: /^New account$/i }).click();
  await onTop(kims).getByRole("textbox", { name: /^Account name/ }).fill("HOLLENDIECK bridge works");
  await onTop(kims).getByText("This cannot be saved as it is.").waitFor();
  await onTop(kims).getByRole("button", { name: "Create", exact: true }).click();
  const refused = kims.getByRole("dialog", { name: "There is one already" });
  await refused.getByText("stands in the way").first().waitFor();
  assert.equal(await refused.getByRole("button", { name: "Save all the same" }).count(), 0);
  await refused.getByRole("button", { name: "Go back" }).click();
  await onTop(kims).getByRole("button", { name: "Cancel" }).click();

  await window.go(`/o/account/${first.id}`);
  await kims.getByRole("heading", { name: "Hollendieck Bridge Works", level: 1 }).waitFor();
  await kims.getByRole("button", { name: "Edit Website" }).click();
  await kims.getByRole("textbox", { name: "Website" }).fill("https://hollendieck.example/en");
  await kims.keyboard.press("Enter");
  await kims.getByRole("dialog", { name: "Is it one of these?" }).getByRole("button", { name: "Save all the same" }).click();
  await kims.getByRole("link", { name: "https://hollendieck.example/en" }).or(kims.getByText("hollendieck.example/en")).first().waitFor();

  // And away with it.
  await ada.go("/admin/duplicate-rules");
  await page.getByRole("button", { name: "Delete: Same website" }).click();
  await onTop(page).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Same website", exact: true }).waitFor({ state: "hidden" });
});

story("Two administrators at one duplicate rule, on a phone", async (scene) => {
  const admin = await scene.api(people.ada);
  const rule = await admin.create("/duplicate-rules", { object: "contact", name: "One of each name", groups: [{ object: "contact", rows: [{ field: "name", other: "name", method: "exact" }] }] });
  const ada = await scene.windowOf(people.ada, { viewport: phone });
  const { page } = ada;
  await ada.go(`/admin/duplicate-rules/${rule.id}`);
  const name = page.getByRole("textbox", { name: /^Name/ });
  await name.fill("Contacts once");
  await admin.call("PUT", `/duplicate-rules/${rule.id}`, { ...rule, name: "Each contact once" }, { "If-Match": `"${rule.version}"` });
  ada.expectRefusal(409, /\/duplicate-rules\//);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("Each contact once").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "two at one rule"), []);
  await page.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("link", { name: "Contacts once", exact: true }).waitFor();
  // Nobody leaves with changes unseen.
  await page.getByRole("link", { name: "Contacts once", exact: true }).click();
  await name.fill("Contacts twice");
  await page.getByRole("link", { name: "Duplicate rules" }).first().click();
  await onTop(page).getByRole("button", { name: /Leave/ }).click();
  await page.getByRole("link", { name: "Contacts once", exact: true }).waitFor();
  assert.equal((await admin.call("DELETE", `/duplicate-rules/${rule.id}`)).status, 204);
});
