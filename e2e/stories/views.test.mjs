import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { filterBy, groupBy, groupHead, saveView, viewButton } from "../harness/lists.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim keeps her deals in food as a view of her own", async (scene) => {
  const api = await scene.api(people.kim);
  const filter = { all: [{ field: "account.sector", op: "eq", value: "Food and drink" }] };
  const groups = await api.read(`/records/opportunity/groups?group=stage&filter=${encodeURIComponent(JSON.stringify(filter))}`);
  const largest = groups.items.reduce((/** @type {any} */ a, /** @type {any} */ b) => (b.count > a.count ? b : a));
  const objects = await api.read("/objects");
  const stages = objects.objects.find((/** @type {any} */ one) => one.key === "opportunity").fields.find((/** @type {any} */ one) => one.key === "stage").options;
  const stage = stages.find((/** @type {any} */ one) => one.key === largest.value).label.en;

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/o/opportunity");
  await page.getByRole("grid").waitFor();
  await filterBy(page, "account sector", "Account › Sector", "is", "Food and drink");
  await page.getByText("Account › Sector is Food and drink").waitFor();
  await page.getByRole("button", { name: "Opportunity amount" }).click();
  await page.getByRole("columnheader", { name: "Opportunity amount" }).and(page.locator("[aria-sort=ascending]")).waitFor();
  await groupBy(page, "Opportunity stage");
  await saveView(page, "Food deals");
  assert.equal(await page.getByRole("button", { name: "Discard" }).count(), 0);

  await page.reload();
  await viewButton(page, "Food deals").waitFor();
  await page.getByText("Account › Sector is Food and drink").waitFor();
  const head = groupHead(page, stage);
  await head.click();
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  await rows.first().waitFor();
  assert.equal(await rows.count(), largest.count);

  // A change over the view is offered for keeping, and can be dropped.
  await page.getByRole("combobox", { name: "Group by" }).click();
  await page.getByRole("option", { name: "Owner", exact: true }).click();
  await page.getByText("Changed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Discard" }).click();
  await head.waitFor();

  // It is nobody else's.
  const mona = await scene.api(people.mona);
  const theirs = await mona.read("/views?object=opportunity");
  assert.ok(!theirs.items.some((/** @type {any} */ view) => view.name === "Food deals"));
});

story("Ada lets salespeople begin with a view, and hands the list out as a file", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/o/account");
  await page.getByRole("grid").waitFor();
  await page.getByRole("button", { name: "Annual revenue" }).click();
  await page.getByRole("button", { name: "Annual revenue" }).click();
  await page.getByRole("columnheader", { name: "Annual revenue" }).and(page.locator("[aria-sort=descending]")).waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Employees" }).uncheck();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Employees" }).waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Save as…" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as a view" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Largest accounts");
  await dialog.getByRole("radio", { name: "Everybody" }).check();
  const beginners = dialog.getByRole("combobox", { name: "Where people begin" });
  await beginners.press("ArrowDown");
  await page.getByRole("option", { name: "Salesperson" }).click();
  await beginners.press("Tab");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  await viewButton(page, "Largest accounts").waitFor();

  const firstNames = async (/** @type {import("playwright-core").Page} */ screen) => (await screen.getByRole("row").getByRole("link").allInnerTexts()).slice(0, 5);
  await page.getByRole("button", { name: "Export what the list shows" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).replace(/^\uFEFF/, "").trim().split(/\r?\n/);
  const api = await scene.api(people.ada);
  const { count } = await api.read("/records/account?limit=1&count=exact");
  assert.equal(lines.length, count + 1);
  assert.match(lines[0] ?? "", /^Account name,.*Annual revenue/);
  assert.ok(!lines[0]?.includes("Employees"));
  const shown = await firstNames(page);
  assert.deepEqual(lines.slice(1, 6).map((line) => line.split(",")[0]?.replaceAll('"', "")), shown);

  const kim = await scene.windowOf(people.kim);
  await kim.go("/o/account");
  await viewButton(kim.page, "Largest accounts").waitFor();
  await kim.page.getByRole("columnheader", { name: "Annual revenue" }).and(kim.page.locator("[aria-sort=descending]")).waitFor();
  // She may leave it, and sees all accounts as they were before.
  await viewButton(kim.page, "Largest accounts").click();
  await kim.page.getByRole("option", { name: "All accounts" }).click();
  await kim.page.getByRole("columnheader", { name: "Employees" }).waitFor();
});
