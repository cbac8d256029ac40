import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Mona sees the deal of one who reports to her, and not that of another team", async (scene) => {
  const kim = await scene.api(people.kim);
  const lee = await scene.api(people.lee);
  const below = (await kim.create("/records/opportunity", { fields: { name: "Silo in the north" } })).record;
  const beside = (await lee.create("/records/opportunity", { fields: { name: "Silo in the south" } })).record;
  const mona = await scene.windowOf(people.mona);
  mona.expectRefusal(404, new RegExp(beside.id));
  await mona.go("/o/opportunity?q=silo%20in");
  await mona.page.getByRole("link", { name: "Silo in the north" }).waitFor();
  assert.equal(await mona.page.getByRole("link", { name: "Silo in the south" }).count(), 0);
  await mona.go(`/o/opportunity/${below.id}`);
  await mona.page.getByRole("heading", { name: "Silo in the north" }).waitFor();
  await mona.go(`/o/opportunity/${beside.id}`);
  await mona.page.getByText("It does not exist, or it is not yours to see.").waitFor();
});

story("Ada explains why somebody sees a deal and another does not, and mends it", async (scene) => {
  const kim = await scene.api(people.kim);
  const { record } = await kim.create("/records/opportunity", { fields: { name: "Rail yard" } });
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go(`/o/opportunity/${record.id}`);
  await page.getByRole("button", { name: "Who can see this" }).click();
  const panel = onTop(page);
  const of = (/** @type {string} */ name) => panel.getByRole("listitem").filter({ has: page.locator("b", { hasText: name }) }).first();
  await of("Kim Park").getByText("Owns it").waitFor();
  await of("Mona Keller").getByText("Manager of the owner", { exact: true }).waitFor();
  await of("Jonas Berg").getByText("Manager of the owner’s manager").waitFor();
  assert.match(await of("Jonas Berg").innerText(), /Kim Park\s*Mona Keller\s*Jonas Berg/);
  await of("Ines Duarte").getByText("The role Auditor sees all records").waitFor();
  assert.equal(await panel.getByText("Lee Moreno").count(), 0);
  assert.deepEqual(await accessibilityFindings(page, "who sees"), []);

  await panel.getByRole("combobox", { name: "Ask about a person" }).fill("Lee");
  await page.getByRole("option", { name: "Lee Moreno" }).click();
  await panel.getByText("Lee Moreno does not see it.").waitFor();
  await panel.getByText("The person neither owns it nor is above the owner").waitFor();
  await panel.getByRole("button", { name: "Add to the team" }).click();
  await page.getByRole("menuitem", { name: "may read" }).click();
  await panel.getByText("Lee Moreno sees it: reads.").waitFor();
  await panel.getByText("In the team as Member").first().waitFor();

  await panel.getByRole("link", { name: "What Lee Moreno can see" }).click();
  await page.getByRole("heading", { name: "What Lee Moreno can see" }).waitFor();
  await page.getByRole("row", { name: /^Opportunities/ }).getByText("team 1", { exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "what a person sees"), []);
  await page.getByRole("button", { name: /^Opportunities: .* show which/ }).click();
  await onTop(page).getByRole("link").first().waitFor();
});

story("Kim looks on a phone at who sees her deal", async (scene) => {
  const api = await scene.api(people.kim);
  const { record } = await api.create("/records/opportunity", { fields: { name: "Grain store" } });
  const kim = await scene.windowOf(people.kim, { viewport: phone, colorScheme: "dark" });
  await kim.go(`/o/opportunity/${record.id}`);
  await kim.page.getByRole("button", { name: "Who can see this" }).click();
  await onTop(kim.page).getByText("Manager of the owner", { exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(kim.page, "who sees on a phone"), []);
  // She leads to no screen of administrators.
  assert.equal(await onTop(kim.page).getByRole("link").count(), 0);

  await kim.go("/me");
  await kim.page.getByRole("link", { name: "What I can see" }).click();
  await kim.page.getByRole("heading", { name: "What I can see" }).waitFor();
  await kim.page.getByRole("button", { name: /^Opportunities: \d+ seen/ }).waitFor();
  assert.deepEqual(await accessibilityFindings(kim.page, "what I can see"), []);
  assert.equal(await kim.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
});
