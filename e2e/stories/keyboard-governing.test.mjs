import assert from "node:assert/strict";
import { stagesOf } from "../harness/board.mjs";
import { demoPassword } from "../harness/api.mjs";
import { keyboardOf } from "../harness/keyboard.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { draftSaved, stageRow } from "../harness/pipelines.mjs";
import { story } from "../harness/story.mjs";

/**
 * Signs in and gives the hands.
 * @param {import("../harness/browser.mjs").Window} window
 * @param {string} email
 */
async function begin(window, email) {
  const hands = await keyboardOf(window);
  await window.go("/sign-in");
  await hands.write(window.page.getByLabel("E-mail"), email);
  await hands.write(window.page.getByLabel("Password", { exact: true }), demoPassword);
  await hands.press("Enter");
  await window.page.getByRole("navigation").first().waitFor();
  return hands;
}

/**
 * Goes to a place by the palette.
 * @param {import("playwright-core").Page} page
 * @param {import("../harness/keyboard.mjs").Keyboard} hands
 * @param {string} words
 * @param {string} place
 */
async function goTo(page, hands, words, place) {
  await hands.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await hands.type(words);
  await page.getByRole("option", { name: place, exact: true }).waitFor();
  for (let steps = 0; steps < 12 && (await page.getByRole("option", { name: place, exact: true }).getAttribute("aria-selected")) !== "true"; steps += 1) await hands.press("ArrowDown");
  await hands.press("Enter");
  await page.getByRole("heading", { level: 1, name: place }).waitFor();
}

story("Ada draws a process, limits what one may hold and adds a field, without a mouse", async (scene) => {
  const api = await scene.api(people.ada);
  const { lost } = await stagesOf(api);
  const ada = await scene.window();
  const { page } = ada;
  const hands = await begin(ada, people.ada);
  const dialog = onTop(page);

  await goTo(page, hands, "Pipelines", "Pipelines");
  await hands.act(page.getByRole("button", { name: "New pipeline" }));
  await dialog.getByLabel("Name").waitFor();
  await hands.write(dialog.getByLabel("Name"), "Tenders by hand");
  await hands.act(dialog.getByRole("button", { name: "Begin", exact: true }));
  await page.getByRole("heading", { level: 1, name: "Tenders by hand" }).waitFor();
  for (const stage of ["Prospecting", "Proposal", "Won", lost.label]) {
    await hands.act(page.getByRole("button", { name: `Add ${stage}`, exact: true }));
    await stageRow(page, stage).waitFor();
  }
  // A stage is carried by its handle, and what is set for it lies in a drawer that gives the focus back.
  await hands.tabTo(page.getByRole("button", { name: "Move Proposal", exact: true }), "Shift+Tab");
  await hands.press("Space");
  await page.getByText(/^Proposal picked up/).first().waitFor({ state: "attached" });
  await hands.press("ArrowUp");
  await page.waitForFunction(() => document.querySelectorAll("[data-stage]")[0]?.getAttribute("data-stage") === "proposal");
  await hands.press("Space");
  await hands.act(page.getByRole("button", { name: "Settings of Proposal", exact: true }));
  await dialog.getByLabel("Win rate").waitFor();
  await hands.write(dialog.getByLabel("Win rate"), "40");
  await hands.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await hands.expectFocus(page.getByRole("button", { name: "Settings of Proposal", exact: true }));
  await draftSaved(page);
  await hands.act(page.getByRole("button", { name: "Publish", exact: true }));
  await dialog.getByRole("heading", { name: /^Publish/ }).waitFor();
  await hands.act(dialog.getByRole("button", { name: "Publish", exact: true }));
  await page.getByText(/Tenders by hand: .*in force/).first().waitFor();

  await goTo(page, hands, "opportunity holding", "Opportunity holding rules");
  await hands.act(page.getByRole("link", { name: "New rule" }));
  await page.getByRole("textbox", { name: /^Name/ }).waitFor();
  await hands.write(page.getByRole("textbox", { name: /^Name/ }), "No more than one can care for");
  await hands.act(page.getByRole("button", { name: "Create", exact: true }));
  await page.getByRole("heading", { name: "No more than one can care for" }).waitFor();
  const rule = (await api.read("/holding-rules")).items.find((/** @type {any} */ one) => one.name === "No more than one can care for");
  assert.ok(rule);
  assert.equal((await api.call("DELETE", `/holding-rules/${rule.id}`, undefined, { "if-match": `"${rule.version}"` })).status, 204);

  await goTo(page, hands, "Objects", "Objects and fields");
  await hands.act(page.getByRole("main").getByRole("link", { name: /^Competitor/ }).first());
  await page.getByRole("heading", { level: 1, name: /Competitor/ }).waitFor();
  await hands.act(page.getByRole("button", { name: "New field", exact: true }));
  await dialog.getByRole("button").filter({ has: page.locator("b", { hasText: /^Text$/ }) }).waitFor();
  await hands.act(dialog.getByRole("button").filter({ has: page.locator("b", { hasText: /^Text$/ }) }));
  await dialog.getByRole("textbox", { name: /^Label \(English\)/ }).waitFor();
  await hands.write(dialog.getByRole("textbox", { name: /^Label \(English\)/ }), "Strong in");
  await hands.act(dialog.getByRole("button", { name: "Create", exact: true }));
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("row").filter({ hasText: "Strong in" }).getByText("In use", { exact: true }).waitFor();
});

story("Mona agrees to a deal, gives one to somebody else and adjusts a forecast, without a mouse", async (scene) => {
  const api = await scene.api(people.ada);
  const mona = await scene.api(people.mona);
  const { person } = (await scene.api(people.kim)).me;
  await api.create("/approval-flows", {
    api_name: "by_hand", name: "Registration of cableways", object: "opportunity", trigger: "create", active: true,
    condition: { field: "name", op: "contains", value: "Cableway" },
    nodes: [
      { key: "start", does: { type: "start", next: "n0" } },
      { key: "n0", name: "Manager", does: { type: "approve", method: { type: "standard" }, who: [{ type: "person", id: mona.me.person.id }], next: "approved" } },
      { key: "approved", does: { type: "approved" } },
    ],
  });
  const kim = await scene.api(people.kim);
  await kim.create("/records/opportunity", { fields: { name: "Cableway to the glacier" } });
  const { record: given } = await mona.create("/records/opportunity", { fields: { name: "Ropeway to be given away" } });

  const window = await scene.window();
  const { page } = window;
  const hands = await begin(window, people.mona);
  const dialog = onTop(page);
  await hands.act(page.getByRole("navigation").first().getByRole("link", { name: /^Approvals/ }));
  await hands.act(page.getByRole("main").getByRole("link", { name: /Cableway to the glacier/ }));
  await page.getByRole("heading", { level: 1, name: /Cableway/ }).waitFor();
  await hands.write(page.getByRole("textbox", { name: "Comment" }), "We have built there before");
  await hands.act(page.getByRole("button", { name: "Agree", exact: true }));
  await page.getByText("Approved", { exact: true }).waitFor();

  await goTo(page, hands, "Ropeway to be given", "Ropeway to be given away");
  await hands.act(page.getByRole("button", { name: /^(More|More acts)/ }).first());
  const item = page.getByRole("menuitem", { name: "Change owner" });
  await item.waitFor();
  for (let steps = 0; steps < 12 && !(await item.evaluate((one) => one === document.activeElement)); steps += 1) await hands.press("ArrowDown");
  await hands.press("Enter");
  await dialog.getByRole("combobox", { name: /New owner/ }).or(dialog.getByRole("textbox", { name: /New owner/ })).first().waitFor();
  await hands.choose(dialog.getByRole("combobox", { name: /New owner/ }).or(dialog.getByRole("textbox", { name: /New owner/ })).first(), person.name, person.name.slice(0, 3));
  await hands.act(dialog.getByRole("button", { name: "Hand over" }));
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await mona.read(`/records/opportunity/${given.id}`)).fields.owner, person.id);

  await hands.act(page.getByRole("navigation").first().getByRole("link", { name: "Analysis" }));
  await hands.act(page.getByRole("main").getByRole("link", { name: /^Forecast/ }));
  await page.getByRole("heading", { level: 1, name: /Forecast/ }).waitFor();
  await hands.act(page.getByRole("button", { name: `Adjust: ${person.name}` }));
  await dialog.getByRole("textbox", { name: /^Commit/ }).waitFor();
  await hands.write(dialog.getByRole("textbox", { name: /^Commit/ }), "100000");
  await hands.write(dialog.getByRole("textbox", { name: /^Why/ }), "The board meets later");
  await hands.act(dialog.getByRole("button", { name: "Adjust", exact: true }));
  await dialog.waitFor({ state: "hidden" });
  await hands.expectFocus(page.getByRole("button", { name: `Adjust: ${person.name}` }));
});
