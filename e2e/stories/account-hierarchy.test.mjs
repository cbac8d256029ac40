import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("A group of companies adds up, opens what is behind its figures, and nobody is put below himself", async (scene) => {
  const api = await scene.api(people.kim);
  /** @type {Record<string, string>} */
  const ids = {};
  for (const [name, parent] of [["Orbis Group"], ["Orbis North", "Orbis Group"], ["Orbis Harbour", "Orbis North"], ["Orbis South"]]) {
    const { record } = await api.create("/records/account", { fields: { name, ...(parent ? { parent: ids[parent] } : {}) } });
    ids[name ?? ""] = record.id;
  }
  const deals = [["Orbis Group", "1000"], ["Orbis North", "2000"], ["Orbis North", "4000"], ["Orbis Harbour", "8000"]];
  for (const [at, [account, amount]] of deals.entries()) await api.create("/records/opportunity", { fields: { name: `Orbis deal ${at + 1}`, account: ids[account ?? ""], amount: { amount, currency: "USD" } } });

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/account/${ids["Orbis Harbour"]}#hierarchy`);
  const tree = page.getByRole("treegrid", { name: "Accounts that belong together" });
  const row = (/** @type {string} */ name) => tree.getByRole("row", { name: new RegExp(`^(Hide|Show) what is below ${name}|^${name}`) });
  const figures = async (/** @type {string} */ name) => (await row(name).getByRole("gridcell").allInnerTexts()).slice(1, 3).map((text) => text.split("\n").map((line) => line.trim()).filter(Boolean));
  await row("Orbis Group").waitFor();
  // Open deals and what they come to: with all below, and itself.
  assert.deepEqual(await figures("Orbis Group"), [["4", "itself 1"], ["$15,000", "itself $1,000"]]);
  assert.deepEqual(await figures("Orbis North"), [["3", "itself 2"], ["$14,000", "itself $6,000"]]);
  assert.deepEqual(await figures("Orbis Harbour"), [["1"], ["$8,000"]]);
  assert.deepEqual(await accessibilityFindings(page, "account hierarchy"), []);

  // By the keyboard: up to the top, folded, opened again.
  await row("Orbis Harbour").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await row("Orbis Harbour").waitFor({ state: "hidden" });
  assert.equal(await row("Orbis North").getAttribute("aria-expanded"), "false");
  await page.keyboard.press("ArrowRight");
  await row("Orbis Harbour").waitFor();
  await page.keyboard.press("Home");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-level")), "1");

  // What is behind a figure.
  await tree.getByRole("link", { name: "Orbis North with all below it: Open deals, 3" }).click();
  await page.waitForURL("**/o/opportunity?*");
  for (const [name, there] of /** @type {[string, boolean][]} */ ([["Orbis deal 2", true], ["Orbis deal 3", true], ["Orbis deal 4", true], ["Orbis deal 1", false]])) {
    if (there) await page.getByRole("link", { name, exact: true }).waitFor();
    else assert.equal(await page.getByRole("link", { name, exact: true }).count(), 0);
  }
  await page.getByText(/^3 records/).waitFor();
  await page.goBack();

  // Put somewhere else, in place; a circle is refused with words.
  kim.expectRefusal(422, /\/records\/account\//);
  await row("Orbis Group").getByRole("button", { name: "More about Orbis Group" }).click();
  await page.getByRole("menuitem", { name: "Change what is above it" }).click();
  const above = onTop(page).getByRole("combobox", { name: "Account above it" });
  await above.click();
  await above.fill("Orbis Harbour");
  await page.getByRole("option", { name: "Orbis Harbour" }).click();
  await onTop(page).getByRole("button", { name: "Save" }).click();
  await onTop(page).getByText(/below (itself|himself)|circle/i).first().waitFor();
  await above.click();
  await above.fill("Orbis South");
  await page.getByRole("option", { name: "Orbis South" }).click();
  await onTop(page).getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await row("Orbis South").waitFor();
  assert.deepEqual(await figures("Orbis South"), [["4", "itself 0"], ["$15,000", "itself $0"]]);
  await page.getByRole("button", { name: "Undo" }).click();
  await row("Orbis South").waitFor({ state: "hidden" });
  assert.equal((await api.read(`/records/account/${ids["Orbis Group"]}`)).fields.parent ?? null, null);

  // Another one comes below, and one that stands alone says so.
  await row("Orbis Group").getByRole("button", { name: "More about Orbis Group" }).click();
  await page.getByRole("menuitem", { name: "Add an account below it" }).click();
  await onTop(page).getByRole("textbox", { name: /^Account name|^Name/ }).fill("Orbis East");
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await row("Orbis East").waitFor();
  await kim.go(`/o/account/${ids["Orbis South"]}#hierarchy`);
  await page.getByText("This account stands alone").waitFor();
});
