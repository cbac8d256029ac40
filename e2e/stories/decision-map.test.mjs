import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * A deal of Kim's whose account has these contacts, each with a role where one is given.
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} name
 * @param {[string, string?][]} contacts
 */
async function plantDeal(api, name, contacts) {
  const { record: account } = await api.create("/records/account", { fields: { name: `${name} works` } });
  const { record: deal } = await api.create("/records/opportunity", { fields: { name, account: account.id } });
  /** @type {Record<string, any>} */
  const roles = {};
  for (const [called, role] of contacts) {
    const { record: contact } = await api.create("/records/contact", { fields: { name: called, account: account.id } });
    if (role) roles[called] = (await api.create("/records/contact_role", { fields: { opportunity: deal.id, contact: contact.id, role } })).record;
  }
  return { deal, roles };
}

/** @param {import("playwright-core").Page} page @param {string} what of whom @param {string} choice */
async function say(page, what, choice) {
  await page.getByRole("button", { name: what }).click();
  await page.getByRole("menuitemradio", { name: choice, exact: true }).click();
}

/** @param {import("playwright-core").Page} page @param {string} name */
const cardOf = (page, name) => page.getByRole("list", { name: "People who have a say" }).getByRole("link", { name, exact: true });

/** @param {import("playwright-core").Page} page @param {import("playwright-core").Locator} from @param {import("playwright-core").Locator} to */
async function drag(page, from, to) {
  const [begin, end] = [await from.boundingBox(), await to.boundingBox()];
  assert.ok(begin && end);
  // By the empty right of the name's line: a press on the name itself opens the contact.
  await page.mouse.move(begin.x + 4, begin.y + begin.height + 26);
  await page.mouse.down();
  await page.mouse.move(begin.x + 20, begin.y + begin.height + 30, { steps: 4 });
  await page.mouse.move(end.x + 30, end.y + end.height, { steps: 12 });
  await page.waitForTimeout(120);
  await page.mouse.up();
}

story("Kim draws who decides: people are added, judged in place and dragged under each other; circles are refused with words", async (scene) => {
  const api = await scene.api(people.kim);
  const { deal } = await plantDeal(api, "Mapped valley", [["Berta Chief"], ["Carl Head"], ["Dora Clerk"]]);
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/opportunity/${deal.id}`);
  await page.getByRole("tab", { name: "Decision map" }).click();
  await page.getByText("Nobody is in the map yet").waitFor();

  // Whom the account has is offered; without a role nobody is put in.
  kim.expectRefusal(422, /\/records\/contact_role/);
  await page.getByRole("button", { name: "Add a person" }).click();
  await onTop(page).getByRole("button", { name: "Add", exact: true }).click();
  await onTop(page).getByRole("combobox", { name: "Role" }).and(page.locator("[aria-invalid=true]")).waitFor();
  for (const [name, role, above] of [["Berta Chief", "Economic buyer"], ["Carl Head", "Technical evaluator", "Berta Chief"], ["Dora Clerk", "User"]]) {
    if (!(await page.getByRole("dialog").isVisible())) await page.getByRole("button", { name: "Add a person" }).click();
    await onTop(page).getByRole("combobox", { name: "Contact" }).click();
    await page.getByRole("option", { name }).click();
    await onTop(page).getByRole("combobox", { name: "Role" }).click();
    await page.getByRole("option", { name: role }).click();
    if (above) {
      await onTop(page).getByRole("combobox", { name: "Reports to" }).click();
      await page.getByRole("option", { name: above }).click();
    }
    await onTop(page).getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await cardOf(page, name ?? "").waitFor();
  }
  await page.getByRole("button", { name: "Carl Head reports to Berta Chief" }).waitFor();

  // What is missing is said, and goes as it is filled in.
  const gaps = page.getByRole("list", { name: "What is missing" });
  await gaps.getByText("Nobody in the map is the decision maker.").waitFor();
  await gaps.getByText("How Berta Chief stands towards us is not known.").waitFor();
  await say(page, "Role of Berta Chief: Economic buyer", "Decision maker");
  await say(page, "Attitude of Berta Chief: not known", "Opponent");
  await say(page, "Influence of Berta Chief: not known", "High");
  await gaps.getByText("Berta Chief is against us and counts for much, and no supporter stands above or weighs as much.").waitFor();
  await say(page, "Attitude of Carl Head: not known", "Supporter");
  await say(page, "Influence of Carl Head: not known", "High");
  await gaps.waitFor({ state: "hidden" });

  // Dragged under somebody, and taken back.
  await drag(page, cardOf(page, "Dora Clerk"), cardOf(page, "Carl Head"));
  await page.getByRole("button", { name: "Dora Clerk reports to Carl Head" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Dora Clerk reports to nobody" }).waitFor();

  // The same by the keyboard alone.
  await page.getByRole("button", { name: "Dora Clerk reports to nobody" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: "Carl Head" }).waitFor();
  await page.keyboard.type("C");
  await page.getByRole("menuitemradio", { name: "Carl Head" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Dora Clerk reports to Carl Head" }).waitFor();

  // Berta under Dora would be a circle.
  await say(page, "Berta Chief reports to nobody", "Dora Clerk");
  await page.getByText("Nobody reports to himself, not even by way of others.").waitFor();
  await page.getByRole("button", { name: "Berta Chief reports to nobody" }).waitFor();

  const { people: drawn, gaps: none } = await api.read(`/records/opportunity/${deal.id}/decision-map`);
  const of = (/** @type {string} */ name) => drawn.find((/** @type {any} */ one) => one.name === name);
  assert.deepEqual(none, []);
  assert.deepEqual([of("Carl Head").reports_to, of("Dora Clerk").reports_to, of("Berta Chief").reports_to], [of("Berta Chief").id, of("Carl Head").id, null]);
  assert.deepEqual([of("Berta Chief").role, of("Berta Chief").attitude, of("Berta Chief").influence], ["decision_maker", "opponent", "high"]);

  // Off the map, and back on it with whoever reported there.
  await page.getByRole("button", { name: "More about Dora Clerk" }).click();
  await page.getByRole("menuitem", { name: "Take off the map" }).click();
  await cardOf(page, "Dora Clerk").waitFor({ state: "hidden" });
  await page.getByText("Dora Clerk is off the map").waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByRole("button", { name: "Dora Clerk reports to Carl Head" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "decision map"), []);
});

story("Two draw in one map: different things of one person go together, the same thing is asked about", async (scene) => {
  const api = await scene.api(people.kim);
  const { deal, roles } = await plantDeal(api, "Mapped by two", [["Egon Both", "user"]]);
  const role = roles["Egon Both"];
  const mona = await scene.windowOf(people.mona, { viewport: phone });
  mona.expectRefusal(409, /\/records\/contact_role/);
  const { page } = mona;
  // She looks at the map as it was, as if the news had not come through yet.
  let stale = true;
  /** @type {unknown} */
  let first;
  await page.route("**/decision-map", async (route) => {
    if (first && stale) return route.fulfill({ json: first });
    const answer = await route.fetch();
    first ??= await answer.json();
    return route.fulfill({ response: answer });
  });
  await mona.go(`/o/opportunity/${deal.id}#map`);
  await page.getByRole("button", { name: "Influence of Egon Both: not known" }).waitFor();
  const change = async (/** @type {Record<string, string>} */ fields) => {
    const { version } = await api.read(`/records/contact_role/${role.id}`);
    assert.equal((await api.call("PATCH", `/records/contact_role/${role.id}`, { fields }, { "if-match": `"${version}"` })).status, 200);
  };

  await change({ attitude: "supporter" });
  await say(page, "Influence of Egon Both: not known", "High");
  await page.getByRole("button", { name: "Influence of Egon Both: High" }).waitFor();
  const of = async () => (await api.read(`/records/contact_role/${role.id}`)).fields;
  // What is drawn at once is saved a moment later.
  for (const until = Date.now() + 10_000; (await of()).influence !== "high" && Date.now() < until; ) await page.waitForTimeout(50);
  assert.deepEqual([(await of()).attitude, (await of()).influence], ["supporter", "high"]);

  // She has not seen that Kim thinks him a supporter.
  await page.getByRole("button", { name: /^Attitude of Egon Both/ }).waitFor();
  await say(page, "Attitude of Egon Both: not known", "Opponent");
  stale = false;
  const asked = page.getByRole("alert").filter({ hasText: "Attitude is Supporter now" });
  await asked.waitFor();
  assert.equal((await of()).attitude, "supporter");
  await asked.getByRole("button", { name: "Set it to Opponent" }).click();
  await page.getByRole("button", { name: "Attitude of Egon Both: Opponent" }).waitFor();
  await asked.waitFor({ state: "hidden" });
  assert.deepEqual([(await of()).attitude, (await of()).influence], ["opponent", "high"]);
});
