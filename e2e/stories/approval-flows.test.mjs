import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { choose, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Sets the one line of a condition in the drawer on top: the amount is more than so much.
 * @param {Page} page
 * @param {string} amount
 */
async function amountMoreThan(page, amount) {
  const drawer = onTop(page);
  await drawer.getByRole("button", { name: "Add a line" }).click();
  await drawer.getByRole("button", { name: /^Field:/ }).click();
  await page.getByRole("combobox", { name: /^Find a field/ }).fill("opportunity amount");
  await page.getByRole("option", { name: "Opportunity amount", exact: true }).click();
  await choose(page, "Comparison", "more than");
  await drawer.getByRole("textbox", { name: "Value" }).first().fill(amount);
}

story("An administrator draws a flow with two steps and a branch, is shown a fault where it is, saves and tries it", async (scene) => {
  const mona = (await scene.api(people.mona)).me.person.name;
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/approval-flows");
  await page.getByRole("heading", { name: "Approval flows" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "approval flows"), []);
  await page.getByRole("button", { name: "New flow" }).click();
  await page.getByRole("menuitem", { name: "Opportunities" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Crane deals");
  assert.equal(await page.getByRole("textbox", { name: "API name" }).inputValue(), "crane_deals");

  // A branch, with a second step on its first way.
  const drawing = page.getByRole("group", { name: "The flow, drawn" });
  await drawing.getByRole("button", { name: "Put in before Approved" }).click();
  await page.getByRole("menuitem", { name: /^Branch/ }).click();
  await onTop(page).getByRole("button", { name: "Done" }).click();
  await drawing.getByRole("alert").waitFor();
  await page.getByText("1 thing to mend before it can be saved").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a flow with a fault"), []);
  await drawing.getByRole("button", { name: "Condition not set" }).click();
  await amountMoreThan(page, "2500");
  await onTop(page).getByRole("button", { name: "Done" }).click();
  const way = drawing.getByRole("listitem", { name: /Opportunity amount more than/ });
  await drawing.getByRole("alert").waitFor({ state: "hidden" });
  await way.getByRole("button", { name: "Put in at the end of this way" }).click();
  await page.getByRole("menuitem", { name: /^Approval/ }).click();

  // By the keyboard alone: its name, and whom it asks.
  const drawer = onTop(page);
  await drawer.getByRole("textbox", { name: "Name of the step" }).fill("Controlling");
  await drawer.getByRole("button", { name: /^Remove Manager/ }).click();
  await drawer.getByText(/asks nobody/).waitFor();
  await drawer.getByRole("button", { name: "Add somebody" }).click();
  await page.getByRole("menuitem", { name: "A person" }).click();
  await drawer.getByRole("combobox", { name: "A person" }).fill(mona);
  await page.getByRole("option", { name: mona }).click();
  await drawer.getByText(/asks nobody/).waitFor({ state: "hidden" });
  assert.deepEqual(await accessibilityFindings(page, "a step of a flow"), []);
  await page.keyboard.press("Escape");
  await way.getByRole("button", { name: new RegExp(`Controlling.*${mona}`) }).waitFor();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Crane deals is saved").waitFor();

  await page.getByRole("button", { name: "Try out" }).click();
  await onTop(page).getByRole("textbox", { name: "Opportunity name" }).fill("Crane");
  await onTop(page).getByRole("textbox", { name: /^Opportunity amount/ }).first().fill("3000");
  await onTop(page).getByRole("button", { name: "Try", exact: true }).click();
  const result = onTop(page).getByRole("status");
  await result.getByText("“Crane deals” catches it").waitFor();
  await result.getByText(mona).waitFor();
  await result.getByText("Then it is approved.").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a trial of flows"), []);
  await page.keyboard.press("Escape");

  // A step goes with a key, and what is begun is asked about.
  await drawing.getByRole("button", { name: /^Controlling/ }).press("Delete");
  await drawing.getByRole("button", { name: /^Controlling/ }).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Undo" }).click();
  await drawing.getByRole("button", { name: /^Controlling/ }).press("Delete");
  await drawing.getByRole("button", { name: /^Controlling/ }).waitFor({ state: "hidden" });
  await page.getByRole("link", { name: /^Approval flows · / }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  const line = page.getByRole("listitem").filter({ hasText: "Crane deals" });
  await line.getByRole("button", { name: "More for Crane deals" }).click();
  assert.equal(await page.getByRole("menuitem", { name: "Switch it off to delete it" }).isDisabled(), true);
  await page.getByRole("menuitem", { name: "Move up" }).click();
  await page.getByText("The order is saved").waitFor();
  const { items } = await (await scene.api(people.ada)).read("/approval-flows");
  const order = items.filter((/** @type {{ object: string }} */ it) => it.object === "opportunity").map((/** @type {{ name: string }} */ it) => it.name);
  assert.equal(order.indexOf("Crane deals"), order.length - 2);
  await line.getByRole("button", { name: "More for Crane deals" }).click();
  await page.getByRole("menuitem", { name: "Copy" }).click();
  await page.getByRole("heading", { name: "Copy of Crane deals" }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "API name" }).inputValue(), "crane_deals_copy");
  await page.goBack();
  await line.getByRole("switch", { name: "In force: Crane deals" }).press("Space");
  await page.getByText("Crane deals is switched off").waitFor();
  await line.getByRole("button", { name: "More for Crane deals" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await onTop(page).getByRole("button", { name: "Delete" }).click();
  await page.getByText("Crane deals is gone").waitFor();
});

story("Two administrators at one flow, on a phone", async (scene) => {
  const api = await scene.api(people.ada);
  const nodes = [
    { key: "start", does: { type: "start", next: "a" } },
    { key: "a", name: "Manager", does: { type: "approve", method: { type: "standard" }, who: [{ type: "manager", of: "submitter", up: 0 }], next: "approved" } },
    { key: "approved", does: { type: "approved" } },
  ];
  const flow = await api.create("/approval-flows", { api_name: "phone", name: "Ours", object: "opportunity", trigger: "create", active: false, nodes });
  const ada = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  ada.expectRefusal(409, /\/approval-flows\//);
  const { page } = ada;
  await ada.go(`/admin/approval-flows/${flow.id}`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Mine");
  const { id, version, ...document } = flow;
  assert.equal((await api.call("PUT", `/approval-flows/${id}`, { ...document, name: "Theirs" }, { "if-match": `"${version}"` })).status, 200);
  const drawing = page.getByRole("group", { name: "The flow, drawn" });
  await drawing.getByRole("button", { name: "Put in before Manager" }).click();
  await page.getByRole("menuitem", { name: /^In parallel/ }).click();
  await onTop(page).getByRole("button", { name: "Done" }).click();
  await drawing.getByRole("listitem", { name: "Way 2" }).waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed this meanwhile").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a flow meanwhile"), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await page.getByRole("button", { name: "Keep mine" }).click();
  await page.getByText("Mine is saved").waitFor();
  await page.getByRole("button", { name: "Versions" }).click();
  await onTop(page).getByText("Version 3").waitFor();
});
