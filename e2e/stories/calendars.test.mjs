import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Ada puts the holidays into the calendar and tries how long ten hours of work take", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/organisation");
  await page.getByRole("link", { name: "Monday to Friday", exact: true }).click();
  await page.getByRole("heading", { name: "Monday to Friday" }).waitFor();

  // A Saturday that is worked, and days out of a text.
  await page.getByLabel("Saturday", { exact: true }).fill("9-12");
  await page.getByRole("button", { name: "Import days" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("2026-10-01..2026-10-07, National Day\nsoon\n2026-12-24, Christmas Eve, 9:00-12:00");
  await dialog.getByRole("button", { name: "Read", exact: true }).click();
  await dialog.getByText("Line 2 is no day: soon").waitFor();
  await dialog.getByRole("button", { name: "Add 2 days" }).click();
  assert.deepEqual(await accessibilityFindings(page, "a calendar"), []);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The calendar is saved").waitFor();

  // The evening before the feast: eight hours of work later it is over.
  await page.getByLabel("From", { exact: true }).last().fill("2026-09-30T18:00");
  await page.getByText(/^8 working hours later it is .*October 8, 2026/).waitFor();
  const stored = (await (await scene.api(people.ada)).read("/calendars")).items[0];
  assert.deepEqual(stored.week.saturday, [{ from: "09:00", to: "12:00" }]);
  assert.deepEqual(stored.days.map((/** @type {{ name: string }} */ day) => day.name), ["National Day", "Christmas Eve"]);
});

story("Ada mends a rate, pastes others and says which currencies are in use", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/organisation");
  await page.getByRole("button", { name: "Paste rates" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("CHF, 2026-01-01, 1.1\nCHF, 2026-06-01, 11.2");
  await dialog.getByRole("button", { name: "Set 2 rates" }).click();
  await page.getByText("2 rates are set.").waitFor();
  const francs = page.getByRole("row").filter({ hasText: "CHF" });
  await francs.getByText("11.2").waitFor();
  await francs.getByRole("button", { name: "Remove the rate of CHF from 2026-06-01" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await francs.getByText("1.1", { exact: true }).waitFor();
  const rates = (await (await scene.api(people.ada)).read("/currency-rates")).items;
  assert.deepEqual(rates.filter((/** @type {{ currency: string }} */ rate) => rate.currency === "CHF").map((/** @type {{ rate: string }} */ rate) => rate.rate), ["1.1"]);
});
