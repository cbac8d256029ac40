import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { beginFlow, drawing as drawingOf, nameStep, openStep, putIn, saveFlow, stepDone } from "../harness/flows.mjs";
import { choose, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

/**
 * Sets the one line of a condition: the amount is more than so much.
 * @param {Page} page
 * @param {Locator} place
 * @param {string} amount
 */
async function amountMoreThan(page, place, amount) {
  await place.getByRole("button", { name: "Add a line" }).click();
  await place.getByRole("button", { name: /^Field:/ }).click();
  await page.getByRole("combobox", { name: /^Find a field/ }).fill("opportunity amount");
  await page.getByRole("option", { name: "Opportunity amount", exact: true }).click();
  await place.getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: "more than" }).first().click();
  await place.getByRole("textbox", { name: "Value" }).first().fill(amount);
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
  await amountMoreThan(page, onTop(page), "2500");
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

story("A time limit, a task with fields to fill in, and what follows either way: drawn, and as they happen", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/approval-flows");
  await beginFlow(page, "Opportunities", "Lava deals");
  await amountMoreThan(page, page.getByRole("region", { name: "What it catches" }), "900");

  // Each way of answering stands in the drawing as it is chosen; a time limit does, too.
  await openStep(page, "Approval");
  await nameStep(page, "Two of us");
  const step = drawingOf(page).getByRole("button", { name: /^Two of us/, includeHidden: true });
  for (const [method, said] of /** @type {const} */ ([["A share of them", "50 %"], ["One after another, in this order", "in order"], ["Up the line of managers", "The managers of the submitter"], ["All of them", "all"]])) {
    await choose(page, "How they answer", method);
    await step.filter({ hasText: said }).waitFor();
  }
  await choose(page, "If nobody is found", "Pass the step by");
  await choose(page, /^If the submitter is asked/, "counts as agreeing");
  const drawer = onTop(page);
  await drawer.getByRole("checkbox", { name: "A comment is required to agree" }).check();
  await drawer.getByRole("combobox", { name: "May be changed while agreeing" }).fill("Expected close");
  await page.getByRole("option", { name: "Expected close date" }).click();
  await page.keyboard.press("Tab");
  await drawer.getByRole("switch", { name: "Limit the time" }).check();
  await drawer.getByRole("textbox", { name: "Hours" }).fill("24");
  await drawer.getByRole("textbox", { name: "Remind before it is over" }).fill("6, 2");
  await choose(page, "When it is over", "hand it to the manager");
  await stepDone(page);
  await drawingOf(page).getByRole("button", { name: /^Two of us.*within.24.h/ }).waitFor();

  // A task for the owner.
  await putIn(page, "Put in before Approved", "Task");
  await nameStep(page, "Say what is next");
  await drawer.getByRole("combobox", { name: "Must be filled in" }).fill("Next step");
  await page.getByRole("option", { name: "Next step" }).click();
  await page.keyboard.press("Tab");
  await drawer.getByRole("textbox", { name: "What is to be done" }).fill("One sentence will do.");
  assert.deepEqual(await accessibilityFindings(page, "a task of a flow"), []);
  await stepDone(page);

  // What follows.
  const approved = page.getByRole("group", { name: "When approved" });
  const rejected = page.getByRole("group", { name: "When rejected or withdrawn" });
  const follow = async (/** @type {Locator} */ outcome, /** @type {string} */ effect) => {
    await outcome.getByRole("button", { name: /^Add:/ }).click();
    await page.getByRole("menuitem", { name: effect, exact: true }).click();
  };
  await follow(approved, "Set a field");
  await approved.getByRole("combobox", { name: "Field" }).click();
  await page.getByRole("option", { name: "Description", exact: true }).click();
  await approved.getByRole("textbox", { name: "Value" }).fill("Looked at twice");
  await follow(approved, "Create a task");
  await approved.getByRole("textbox", { name: "Subject" }).fill("Call them about it");
  await follow(rejected, "Notify somebody");
  await rejected.getByRole("textbox", { name: "Message" }).fill("Lava is not for us.");
  await follow(rejected, "Lock the record");
  assert.deepEqual(await accessibilityFindings(page, "what follows from a flow"), []);
  await saveFlow(page, "Lava deals");

  // The first is agreed to, its owner does the task, and it counts with what follows.
  const api = await scene.api(people.kim);
  const amount = { amount: "950", currency: "EUR" };
  const good = (await api.create("/records/opportunity", { fields: { name: "Lava stones", amount } })).record;
  const bad = (await api.create("/records/opportunity", { fields: { name: "Lava lamps", amount } })).record;
  const mona = await scene.windowOf(people.mona);
  await mona.go("/approvals");
  await mona.page.getByRole("link", { name: /Lava stones.* due / }).click();
  await mona.page.getByRole("textbox", { name: /^Comment/ }).fill("Fine stones");
  await mona.page.getByRole("button", { name: "Agree", exact: true }).click();
  await mona.page.getByText("You have agreed").waitFor();

  const kim = await scene.windowOf(people.kim);
  await kim.go("/approvals");
  await kim.page.getByRole("link", { name: /Lava stones/ }).click();
  await kim.page.getByText("One sentence will do.").waitFor();
  await kim.page.getByRole("textbox", { name: /^Next step/ }).fill("Weigh them");
  assert.deepEqual(await accessibilityFindings(kim.page, "a task of an approval"), []);
  await kim.page.getByRole("button", { name: "Done", exact: true }).click();
  await kim.page.getByText("Approved", { exact: true }).waitFor();
  await kim.page.getByRole("link", { name: "Open the opportunity" }).click();
  await kim.page.getByRole("tabpanel", { name: "Details" }).getByText("Looked at twice").waitFor();
  await kim.page.getByText("Call them about it").first().waitFor();
  const { fields } = await api.read(`/records/opportunity/${good.id}`);
  assert.deepEqual([fields.lifecycle_status, fields.next_step, fields.description], ["normal", "Weigh them", "Looked at twice"]);

  // The other is not: it is locked, and she is told. Among what is decided it says how.
  await mona.go("/approvals");
  await mona.page.getByRole("link", { name: /Lava lamps/ }).click();
  await mona.page.getByRole("textbox", { name: /^Comment/ }).fill("They leak");
  await mona.page.getByRole("button", { name: "Reject", exact: true }).click();
  await mona.page.getByText("Rejected", { exact: true }).waitFor();
  await mona.go("/approvals?which=done");
  await mona.page.getByRole("link", { name: /Lava lamps.*You rejected it/ }).waitFor();
  await mona.page.getByRole("link", { name: /Lava stones.*You agreed/ }).waitFor();
  await kim.go("/notifications");
  await kim.page.getByText("Lava is not for us.").waitFor();
  await kim.go(`/o/opportunity/${bad.id}`);
  await kim.page.getByLabel(/^Locked by/).waitFor();
});
