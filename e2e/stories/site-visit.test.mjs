import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { addField, choose, onTop, openField, row } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Ada makes site visits an object of their own, and salespeople work with them at once", async (scene) => {
  const api = await scene.api(people.ada);
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  // Formulas are judged while they are written, and wrong ones among them are no surprise.
  ada.expectRefusal(422, /\/formula$/);

  await ada.go("/admin/objects");
  await page.getByRole("button", { name: "New object", exact: true }).click();
  await onTop(page).getByRole("textbox", { name: /^Name of one \(English\)/ }).fill("Site visit");
  await onTop(page).getByRole("textbox", { name: /^Name of one \(Chinese\)/ }).fill("现场拜访");
  await onTop(page).getByRole("textbox", { name: /^Name of many \(English\)/ }).fill("Site visits");
  // Everything of the name in it is found by its label: the last of the dialog's.
  await onTop(page).getByRole("radio", { name: "Place" }).check({ force: true });
  await choose(page, /^Who sees the records/, /^Everybody reads and writes/);
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL(/\/admin\/objects\/x_site_visit$/);
  await page.getByRole("link", { name: "Site visits", exact: true }).first().waitFor();

  // Ten fields of ten types.
  await addField(page, "Reference", "Deal", () => choose(page, /^Refers to/, /^Opportunity$/));
  await addField(page, "Date", "Day");
  await addField(page, "Text", "City");
  await addField(page, "Number", "People met");
  await addField(page, "Amount", "Cost");
  await addField(page, "Yes or no", "Done");
  await addField(page, "Phone", "Reception");
  await addField(page, "Long text", "Report");
  await addField(page, "Choice", "Outcome", async (drawer) => {
    for (const [index, words] of ["Good", "Fair", "Poor"].entries()) {
      await drawer.getByRole("button", { name: "Add an option" }).click();
      await drawer.getByRole("textbox", { name: "Option in English" }).nth(index).fill(words);
    }
  });
  await addField(page, "Calculated", "Cost per person", async (drawer) => {
    const formula = drawer.getByRole("combobox", { name: /^Formula/ });
    // Names come as one writes; the last thing is put right before it is saved.
    await formula.pressSequentially("x_co");
    await page.getByRole("option", { name: /x_cost/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type(" / x_peoples");
    await drawer.locator("mark").waitFor({ state: "attached" });
    assert.equal(await drawer.locator("mark").textContent(), "x_peoples");
    await formula.fill("x_cost / x_people_met");
    await choose(page, /^Result/, /^Amount$/);
    await drawer.locator("mark").waitFor({ state: "detached" });
  });
  assert.deepEqual(await accessibilityFindings(page, "fields"), []);

  // A figure of each deal: how many visits there have been.
  await ada.go("/admin/objects/opportunity");
  await addField(page, "Statistical", "Visits", async () => {
    await choose(page, /^Records counted/, /^Site visits, by Deal/);
  });

  // Kim visits. Nobody has restarted anything, nor has she loaded a page anew.
  const kimApi = await scene.api(people.kim);
  const { record: deal } = await kimApi.create("/records/opportunity", { fields: { name: "Wind park at the fjord" } });
  const kim = await scene.windowOf(people.kim);
  await kim.go("/");
  await kim.page.getByRole("link", { name: "Site visits", exact: true }).click();
  for (const [name, cost, met] of [
    ["First look", "600", "4"],
    ["Second look", "90", ""],
  ]) {
    await kim.page.getByRole("button", { name: /^New site visit$/i }).click();
    const dialog = onTop(kim.page);
    await dialog.getByRole("textbox", { name: /^Name/ }).fill(String(name));
    const more = dialog.getByRole("button", { name: "More fields" });
    if (await more.isVisible()) await more.click();
    await dialog.getByRole("textbox", { name: /^Cost/ }).fill(String(cost));
    if (met) await dialog.getByRole("textbox", { name: /^People met/ }).fill(met);
    await dialog.getByRole("combobox", { name: /^Deal/ }).fill("Wind park");
    await kim.page.getByRole("option", { name: "Wind park at the fjord" }).click();
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
  }

  // The figures are right at once, where a formula has nothing to divide by they are blank, and the deal lists its visits.
  const { items } = await kimApi.read("/records/x_site_visit?sort=name");
  assert.deepEqual(items.map((/** @type {any} */ one) => one.fields.x_cost_per_person?.amount ?? null).map((/** @type {string | null} */ it) => it && Number(it)), [150, null]);
  assert.equal(Number((await kimApi.read(`/records/opportunity/${deal.id}`)).fields.x_visits), 2);
  await kim.go(`/o/opportunity/${deal.id}`);
  await kim.page.getByRole("region", { name: "Site visits" }).getByRole("link", { name: "First look" }).waitFor();
  await kim.page.getByText("Visits", { exact: true }).first().waitFor();
  await kim.page.getByRole("region", { name: "Site visits" }).getByRole("link", { name: "First look" }).click();
  await kim.page.getByRole("heading", { name: "First look" }).waitFor();
  assert.deepEqual(await accessibilityFindings(kim.page, "a site visit"), []);

  // Programs find the new object in the description of the API.
  const described = await api.read("/openapi.json");
  assert.match(JSON.stringify(described), /x_site_visit/);
  const { objects } = await api.read("/objects");
  const own = objects.find((/** @type {any} */ one) => one.key === "x_site_visit");
  assert.equal(own.fields.filter((/** @type {any} */ field) => field.own).length, 10);
});

story("A field in use is not lost by mistake: every use is listed, and what was deleted comes back with its data", async (scene) => {
  const api = await scene.api(people.ada);
  await api.create("/objects/account/fields", { key: "x_floors", type: "number", scale: 0, label: { en: "Floors", "zh-CN": "楼层" } });
  await api.create("/objects/account/fields", { key: "x_lifts", type: "calculated", formula: "x_floors * 2", result: "number", scale: 0, indexed: true, label: { en: "Lifts", "zh-CN": "电梯" } });
  const { record } = await api.create("/records/account", { fields: { name: "Tower of Pisa Ltd", x_floors: "8" } });
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  ada.expectRefusal(422, /\/act$/);
  ada.expectRefusal(409, /\/act$/);

  await ada.go("/admin/objects/account");
  const drawer = await openField(page, "Floors");
  await drawer.getByRole("listitem").filter({ hasText: "Lifts" }).waitFor();
  await drawer.getByRole("button", { name: "Delete", exact: true }).click();
  await confirm(page);
  const refusal = drawer.getByRole("alert");
  await refusal.getByText("It is in use. Take it out of these first:").waitFor();
  await refusal.getByRole("link", { name: /Lifts/ }).click();
  await onTop(page).getByText("Field Lifts").waitFor();

  // What uses it goes first.
  await onTop(page).getByRole("button", { name: "Delete", exact: true }).click();
  await confirm(page);
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const again = await openField(page, "Floors");
  await again.getByText("Nothing uses it.").waitFor();
  await again.getByRole("button", { name: "Delete", exact: true }).click();
  await confirm(page);
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await row(page, "Floors").getByText(/^recoverable until/).waitFor();
  assert.equal((await api.read(`/records/account/${record.id}`)).fields.x_floors, undefined);

  await (await openField(page, "Floors")).getByRole("button", { name: "Recover", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await row(page, "Floors").getByText("In use", { exact: true }).waitFor();
  assert.equal(Number((await api.read(`/records/account/${record.id}`)).fields.x_floors), 8);
});

story("Files hang on a record, and only those who see it get them", async (scene) => {
  const api = await scene.api(people.ada);
  await api.create("/objects/opportunity/fields", { key: "x_plans", type: "attachment", label: { en: "Plans", "zh-CN": "图纸" } });
  const kimApi = await scene.api(people.kim);
  const { record } = await kimApi.create("/records/opportunity", { fields: { name: "A deal with plans" } });
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/opportunity/${record.id}`);
  await page.getByRole("button", { name: "Edit Plans" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Plans", exact: true }).click()]);
  await chooser.setFiles([
    { name: "ground floor.txt", mimeType: "text/plain", buffer: Buffer.from("a door, a window") },
    { name: "roof.txt", mimeType: "text/plain", buffer: Buffer.from("leaks") },
  ]);
  await page.getByRole("button", { name: "Remove roof.txt" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Edit Plans" }).waitFor();

  // What was kept stands there with its kind and size, after a reload as well, and comes down as it went up.
  await page.reload();
  await page.getByText("TXT · 16 B").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "ground floor.txt" }).click()]);
  assert.equal(download.suggestedFilename(), "ground floor.txt");
  assert.equal(await page.getByRole("link", { name: "roof.txt" }).count(), 0);
  assert.deepEqual(await accessibilityFindings(page, "files"), []);

  const { fields } = await kimApi.read(`/records/opportunity/${record.id}`);
  const stranger = await scene.api(people.lee);
  assert.equal((await stranger.call("GET", `/files/${fields.x_plans[0]}`)).status, 404);
});

story("What is laid out and forbidden holds on the next form", async (scene) => {
  const api = await scene.api(people.ada);
  for (const [key, en] of [["x_height", "Height"], ["x_depth", "Depth"]]) {
    await api.create("/objects/competitor/fields", { key, type: "number", scale: 0, label: { en, "zh-CN": en } });
  }
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  ada.expectRefusal(422, /\/records\/competitor$/);

  // A section that begins folded, filled with the buttons; Height is carried before Depth with the keyboard.
  await ada.go("/admin/objects/competitor?tab=layouts");
  await page.getByRole("button", { name: "Lay out the form" }).click();
  await page.getByRole("button", { name: "Add a section" }).click();
  await page.getByRole("textbox", { name: "Heading (English)" }).last().fill("Measures");
  await page.getByRole("checkbox", { name: "Begin folded" }).last().check();
  for (const field of ["Depth", "Height"]) {
    await page.getByRole("button", { name: `Take ${field} off the form` }).click();
    await page.getByRole("button", { name: `Put ${field} into the last section` }).click();
  }
  await page.getByRole("button", { name: "Move Height", exact: true }).focus();
  await page.keyboard.press("Space");
  await page.getByText(/^Height picked up/).first().waitFor({ state: "attached" });
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => document.querySelector("[aria-label=Measures] [data-field]")?.getAttribute("data-field") === "x_height");
  await page.keyboard.press("Space");
  await page.getByText(/^Height put down/).first().waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The layouts are saved").waitFor();

  await ada.go("/admin/objects/competitor?tab=rules");
  await page.getByRole("button", { name: "New rule" }).click();
  await onTop(page).getByRole("button", { name: "Add a line" }).click();
  await onTop(page).getByRole("button", { name: /^Field: / }).click();
  await page.getByRole("option", { name: "Height" }).click();
  await onTop(page).getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: "more than" }).click();
  await onTop(page).getByRole("textbox", { name: "Value" }).fill("100");
  await onTop(page).getByRole("textbox", { name: /^Message \(English\)/ }).fill("Nobody is that high.");
  await choose(page, "Shown at the field", "Height");
  await onTop(page).getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Nobody is that high.").first().waitFor();

  // On the form the section waits folded, in the order it was given, and opens for what the rule says.
  await ada.go("/o/competitor?create=true");
  await onTop(page).getByRole("textbox", { name: /name/i }).first().fill("Giants");
  await onTop(page).getByRole("button", { name: "Measures", expanded: false }).click();
  const measures = onTop(page).locator("[data-field=x_height] input, [data-field=x_depth] input");
  assert.equal(await measures.count(), 2);
  await measures.first().fill("101");
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await onTop(page).getByText("Nobody is that high.").waitFor();
  await onTop(page).getByRole("textbox", { name: /^Height/ }).fill("99");
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const { items } = await api.read("/records/competitor?q=Giants");
  assert.equal(Number(items[0].fields.x_height), 99);
});

/**
 * Says yes to being asked whether to delete.
 * @param {import("playwright-core").Page} page
 */
async function confirm(page) {
  const question = page.getByRole("dialog", { name: /^Delete “/ });
  await question.getByRole("button", { name: "Delete", exact: true }).click();
  await question.waitFor({ state: "hidden" });
}

story("Object Management keeps nobody out", async (scene) => {
  const findings = [];
  for (const options of [{ colorScheme: /** @type {const} */ ("light") }, { colorScheme: /** @type {const} */ ("dark"), viewport: phone }]) {
    const ada = await scene.windowOf(people.ada, options);
    const { page } = ada;
    for (const path of ["/admin/objects", "/admin/objects/opportunity", "/admin/objects/opportunity?tab=layouts", "/admin/objects/opportunity?tab=rules", "/admin/objects/opportunity?tab=about"]) {
      await ada.go(path);
      await page.locator("main h1").waitFor();
      await page.waitForTimeout(400);
      findings.push(...(await accessibilityFindings(page, path)));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) findings.push(`${path} is ${over} px wider than the screen`);
    }
    await ada.go("/admin/objects/opportunity");
    await page.getByRole("button", { name: "New field", exact: true }).click();
    await onTop(page).getByText("What kind of field?").waitFor();
    findings.push(...(await accessibilityFindings(page, "types")));
    await onTop(page).getByRole("button", { name: /^Calculated/ }).click();
    await onTop(page).getByRole("combobox", { name: /^Formula/ }).press("Control+Space");
    await page.getByRole("listbox", { name: "Suggestions" }).waitFor();
    findings.push(...(await accessibilityFindings(page, "formula")));
  }
  assert.deepEqual(findings, []);
});
