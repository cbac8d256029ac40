import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { check, countOf, fileOf, run, send } from "../harness/imports.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Lee looks before she begins, asks Kim to join, and is let in", async (scene) => {
  const kim = await scene.api(people.kim);
  const { record } = await kim.create("/records/lead", { fields: { name: "Ines Vandermolen", company: "Vandermolen Ropeways", email: "ines@vandermolen.example" } });
  const lee = await scene.windowOf(people.lee);
  const { page } = lee;
  await page.getByRole("link", { name: "Duplicate check" }).click();
  await page.getByText("Type what you know").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the tool"), []);
  await page.getByRole("textbox", { name: /^Name, phone/ }).fill("Ines@Vandermolen.example");
  await page.keyboard.press("Enter");
  const found = page.getByRole("listitem").filter({ hasText: "you may not open it" });
  await found.getByText("E-mail equal").waitFor();
  await found.getByText("Kim").first().waitFor();
  assert.equal((await (await scene.api(people.lee)).call("GET", `/records/lead/${record.id}`)).status, 404);
  assert.deepEqual(await accessibilityFindings(page, "what the tool found"), []);
  await found.getByRole("button", { name: /^Ask to join/ }).click();
  await found.getByRole("textbox", { name: "Why you want to join" }).fill("I sold her the first ropeway.");
  await found.getByRole("button", { name: "Ask", exact: true }).click();
  await found.getByText(/has been asked/).waitFor();

  // Kim finds it with what waits for her, on her phone.
  const phones = await scene.windowOf(people.kim, { viewport: phone });
  await phones.go("/todo");
  const request = phones.page.getByRole("region", { name: /^Requests to join/ });
  await request.getByText("I sold her the first ropeway.").waitFor();
  assert.deepEqual(await accessibilityFindings(phones.page, "a request to join"), []);
  await request.getByRole("button", { name: "Accept" }).click();
  await onTop(phones.page).getByRole("radio", { name: "Read and edit" }).click();
  await onTop(phones.page).getByRole("button", { name: "Accept" }).click();
  await phones.page.getByText(/is in the team now/).waitFor();

  await lee.go("/join-requests?box=mine");
  await page.getByText("Accepted", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Ines Vandermolen" }).click();
  await page.getByRole("heading", { name: "Ines Vandermolen", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).first().waitFor();
});

story("Nothing is alike: the record is begun with what was typed", async (scene) => {
  const lee = await scene.windowOf(people.lee, { viewport: phone });
  const { page } = lee;
  await lee.go("/duplicates");
  await page.getByRole("textbox", { name: /^Name, phone/ }).fill("Xanthippe Quarry Railways");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByText("You may go ahead.").waitFor();
  await page.getByRole("button", { name: "Account", exact: true }).click();
  const form = onTop(page);
  assert.equal(await form.getByRole("textbox", { name: /^Account name/ }).inputValue(), "Xanthippe Quarry Railways");
  await form.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("heading", { name: "Xanthippe Quarry Railways", level: 1 }).waitFor();
});

story("An import meets a record and a row of its own, and each is done as one likes", async (scene) => {
  const kim = await scene.api(people.kim);
  await kim.create("/records/account", { fields: { name: "Ostergaard Crane Hire" } });
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await send(page, [fileOf("accounts.csv", ["Account name,City", "Ostergaard Crane Hire Ltd,Aarhus", "Lindqvist Scaffolding,Lund", "Lindqvist Scaffolding Ltd,Malmö", "Tamarind Rigging,Pune"].join("\n"))]);
  await check(page);
  const met = page.getByRole("region", { name: "Duplicates" }).first();
  await met.getByText(/Ostergaard Crane Hire/).waitFor();
  await met.getByText(/Row 3 of the file is like it/).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "alike rows"), []);
  await met.getByRole("combobox", { name: "What is done with line 2" }).click();
  await page.getByRole("option", { name: "Update the record" }).click();
  await met.getByRole("combobox", { name: "What is done with line 4" }).click();
  await page.getByRole("option", { name: "Skip", exact: true }).click();
  await page.getByRole("button", { name: "Check again" }).click();
  await page.getByText("to skip").waitFor();
  await run(page);
  assert.equal(await countOf(page, "created"), "2");
  assert.equal(await countOf(page, "changed"), "1");
  assert.equal(await countOf(page, "skipped"), "1");
  // What came of each alike row is told with what it is like, and leads there.
  const became = page.getByRole("region", { name: "Duplicates" }).first();
  await became.getByRole("row").filter({ hasText: "Ostergaard Crane Hire" }).getByText("changed the record").waitFor();
  await became.getByRole("row").filter({ hasText: "Row 3 of the file is like it" }).getByText("skipped").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "what came of alike rows"), []);
  await became.getByRole("link", { name: "Open what line 2 is alike to" }).click();
  await page.getByRole("heading", { name: "Ostergaard Crane Hire Ltd", level: 1 }).waitFor();
});
