import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

const CHART = "Opportunity 2.0 Stage Conversion Analysis Chart";

/** @param {import("playwright-core").Page} page */
const cardsOf = (page) => page.locator("[data-card]").evaluateAll((cards) => cards.map((card) => card.getAttribute("data-kind")));

/**
 * Opens the page for configuring, with the gallery beside it.
 * @param {import("playwright-core").Page} page
 */
async function configure(page) {
  await page.getByRole("button", { name: "Configure Home" }).click();
  await page.getByRole("heading", { name: "Choose a chart" }).waitFor();
  await page.locator("[data-card]").first().waitFor();
}

/** @param {import("playwright-core").Page} page */
async function save(page) {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Configure Home" }).waitFor();
}

story("Tara drags the stage conversion from the gallery onto her Home, and it stays", async (scene) => {
  const tara = await scene.windowOf(people.tara);
  const { page } = tara;
  await tara.go("/");
  await page.getByText("Waiting for you").waitFor();
  const before = await cardsOf(page);
  await configure(page);
  assert.deepEqual(await accessibilityFindings(page, "Home configuration"), []);

  // Choose Chart > Preset Modules > New Opportunity Insights > Opportunity 2.0 Stage Conversion Analysis Chart.
  const gallery = page.getByRole("complementary", { name: "Choose a chart" });
  for (const folder of ["Preset Modules", "New Opportunity Insights"]) assert.equal(await gallery.getByRole("button", { name: folder }).getAttribute("aria-expanded"), "true");
  const entry = gallery.getByRole("listitem").filter({ has: page.getByRole("button", { name: `Add ${CHART}` }) }).last();
  const from = await entry.boundingBox();
  const to = await page.locator("[data-card]").first().boundingBox();
  assert.ok(from && to);
  await page.mouse.move(from.x + 60, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x - 40, from.y + 10, { steps: 6 });
  await page.mouse.move(to.x + 120, to.y + 60, { steps: 12 });
  await page.locator("[data-over]").first().waitFor();
  await page.mouse.up();
  await page.waitForFunction((count) => document.querySelectorAll("[data-card]").length === count, before.length + 1);
  assert.deepEqual(await cardsOf(page), ["stage_conversion", ...before]);

  // Narrower by keys, named and narrowed to some deals in its settings.
  const name = (/** @type {string} */ text) => page.getByRole("button", { name: new RegExp(`^${text}`) });
  await name(`Size of ${CHART}`).first().focus();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowLeft");
  await page.getByRole("button", { name: `Size of ${CHART}: 8 of 12 wide` }).waitFor();
  await page.getByRole("button", { name: `Settings of ${CHART}` }).first().click();
  const settings = page.getByRole("dialog", { name: CHART });
  await settings.getByLabel("Title").fill("How my deals go");
  await settings.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Settings of How my deals go" }).waitFor();
  await save(page);

  await page.reload();
  const card = page.locator("[data-card]").first();
  await card.getByRole("region", { name: "How my deals go" }).getByRole("button", { name: /^Total opportunities, Prospecting: / }).waitFor();
  const [box, grid] = await Promise.all([card.boundingBox(), card.locator("..").boundingBox()]);
  assert.ok(box && grid && Math.abs(box.width / grid.width - 8 / 12) < 0.02, "eight of twelve columns wide");
  const api = await scene.api(people.tara);
  const kept = await api.read("/home");
  assert.equal(kept.source, "own");
  assert.deepEqual({ ...kept.cards[0], id: "" }, { id: "", kind: "stage_conversion", title: "How my deals go", width: 8, height: kept.cards[0].height, settings: {}, there: true });

  // And back to the page of the role.
  await configure(page);
  await page.getByRole("button", { name: "Back to the role’s page" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Back to the role’s page" }).click();
  await page.getByRole("button", { name: "Configure Home" }).waitFor();
  assert.deepEqual(await cardsOf(page), before);
});

story("Lee arranges her Home by keyboard alone, and goes back a step", async (scene) => {
  const lee = await scene.windowOf(people.lee);
  const { page } = lee;
  await lee.go("/");
  await page.getByText("Waiting for you").waitFor();
  const before = await cardsOf(page);
  await configure(page);
  await page.getByRole("button", { name: "Work", exact: true }).press("Enter");
  const folder = page.getByRole("button", { name: "Pipeline and forecast" });
  await folder.press("Enter");
  await page.getByRole("button", { name: "Add Sales pipeline", exact: true }).press("Enter");
  const handle = page.getByRole("button", { name: "Move Sales pipeline: arrow keys" });
  await handle.focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByText(`Sales pipeline is at place ${before.length} of ${before.length + 1}.`).waitFor({ state: "attached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label")?.startsWith("Move Sales pipeline"));
  await page.keyboard.press("ArrowLeft");
  const after = await cardsOf(page);
  assert.equal(after[before.length - 2], "pipeline");

  // What is not saved is not lost by a slip.
  await page.getByRole("link", { name: "Accounts" }).click();
  const question = page.getByRole("dialog");
  await question.getByRole("button", { name: /stay|keep/i }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal((await cardsOf(page))[before.length - 1], "pipeline");
  await page.getByRole("button", { name: "Take Sales pipeline away" }).click();
  assert.deepEqual(await cardsOf(page), before);
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("button", { name: "Configure Home" }).waitFor();
});

story("Ada arranges the Home of salespeople, who begin with it", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/homes?role=salesperson");
  await configure(page);
  await page.getByRole("button", { name: "Take Holding limits away" }).click();
  await page.getByRole("button", { name: "Move To do: arrow keys" }).focus();
  await page.keyboard.press("ArrowLeft");
  await save(page);
  const kim = await scene.windowOf(people.kim);
  await kim.go("/");
  await kim.page.getByText("Waiting for you").waitFor();
  const cards = await cardsOf(kim.page);
  assert.equal(cards[0], "todo");
  assert.ok(!cards.includes("holdings"));
  const api = await scene.api(people.ada);
  assert.equal((await api.call("DELETE", "/homes/salesperson")).status, 200);
});

story("A card that fails leaves the others alone, also on a phone", async (scene) => {
  const kim = await scene.windowOf(people.kim, { viewport: phone });
  const { page } = kim;
  kim.expectRefusal(500, /stage-conversion$/);
  await page.route(/\/analysis\/stage-conversion(\?|$)/, (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify({ title: "Fault", status: 500, code: "internal" }) }));
  await kim.go("/");
  await page.getByText("Waiting for you").waitFor();
  await page.locator("[data-kind=stage_conversion]").scrollIntoViewIfNeeded();
  const failed = page.locator("[data-kind=stage_conversion]");
  await failed.getByRole("alert").waitFor();
  await page.unroute(/\/analysis\/stage-conversion(\?|$)/);
  await failed.getByRole("button", { name: /again|retry/i }).click();
  await failed.getByRole("button", { name: /^Total opportunities, Prospecting: / }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "Home on a phone"), []);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= phone.width, "nothing hangs over");
});
