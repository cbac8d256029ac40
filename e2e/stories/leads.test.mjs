import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { choose, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { openSite } from "../harness/site.mjs";
import { story } from "../harness/story.mjs";

story("A web lead arrives, is followed, and is converted with an account that is there already", async (scene) => {
  const [ada, kim] = [await scene.api(people.ada), await scene.api(people.kim)];
  const site = await openSite();
  try {
    const person = kim.me.person.id;
    const rule = await ada.create("/lead-assignment-rules", { name: "All to Kim", to: [{ kind: "person", id: person }] });
    const form = await ada.create("/web-forms", {
      name: "Ask for an offer",
      fields: [{ field: "name", required: true }, { field: "company" }, { field: "email", required: true }, { field: "description", label: "What do you need?" }],
      values: { lead_source: "website" },
      origins: [site.url],
      thanks_url: `${site.url}/thanks`,
      minimum_seconds: 1,
    });
    const { html } = await ada.read(`/web-forms/${form.id}/snippet`);
    site.put({ "/": `<h1>Aurora Instruments</h1>${html}`, "/thanks": "<h1>Thank you!</h1>" });

    const window = await scene.windowOf(people.kim);
    const { page } = window;
    await page.getByRole("button", { name: "Notifications", exact: true }).waitFor();

    // A visitor of the site, whom nobody knows.
    const visitor = await scene.window();
    await visitor.page.goto(site.url);
    await visitor.page.getByRole("textbox", { name: /^Name/ }).fill("Greta Visser");
    await visitor.page.getByRole("textbox", { name: "Company" }).fill("Westerveld Dairy");
    await visitor.page.getByRole("textbox", { name: /^E-mail/ }).fill("greta@westerveld.example");
    await visitor.page.getByRole("textbox", { name: "What do you need?" }).fill("Flow meters for the new cheese line.");
    await visitor.page.waitForTimeout(1_100);
    await visitor.page.getByRole("button", { name: "Send" }).dblclick();
    await visitor.page.getByRole("heading", { name: "Thank you!" }).waitFor();

    // Kim is told at once, and once.
    await page.getByRole("button", { name: "Notifications, 1 unread" }).click();
    await page.getByRole("dialog", { name: "Notifications" }).getByRole("link", { name: /Greta Visser/ }).click();
    await page.getByRole("heading", { name: "Greta Visser", level: 1 }).waitFor();
    await page.getByText("To follow up", { exact: true }).first().waitFor();
    assert.deepEqual(await accessibilityFindings(page, "a lead"), []);

    // She calls.
    const { items } = await kim.read(`/records/lead?filter=${encodeURIComponent(JSON.stringify({ field: "name", op: "eq", value: "Greta Visser" }))}`);
    assert.equal(items.length, 1, "a double click makes one lead");
    await kim.create("/records/activity", { fields: { name: "Rang her: wants an offer", activity_type: "call", regarding: { object: "lead", id: items[0].id } } });
    await page.getByText("Following", { exact: true }).first().waitFor();

    await page.getByRole("button", { name: "Convert", exact: true }).click();
    const dialog = onTop(page);
    const account = dialog.getByRole("region", { name: "Account" });
    assert.ok(await account.getByRole("radio", { name: /Westerveld Dairy/ }).isChecked(), "the account that is there is chosen beforehand");
    await account.getByText(/Account name equal/).waitFor();
    assert.deepEqual(await accessibilityFindings(page, "converting"), []);
    // The name is asked for, and without one nothing is made.
    const deal = dialog.getByRole("region", { name: "Opportunity" });
    const name = deal.getByRole("textbox", { name: /^Opportunity name/ });
    assert.equal(await name.inputValue(), "Westerveld Dairy");
    await name.fill("");
    window.expectRefusal(422, /\/convert$/);
    await dialog.getByRole("button", { name: "Convert", exact: true }).click();
    await deal.getByText("Opportunity name must be filled.").waitFor();
    await name.fill("Cheese line, Westerveld");
    await dialog.getByRole("button", { name: "Convert", exact: true }).click();

    await page.waitForURL("**/o/opportunity/*");
    await page.getByRole("heading", { name: "Cheese line, Westerveld", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Westerveld Dairy" }).first().waitFor();
    await page.getByRole("link", { name: "Greta Visser" }).first().waitFor();
    const lead = await kim.read(`/records/lead/${items[0].id}`);
    assert.equal(lead.fields.lead_status, "converted");
    const opportunity = await kim.read(`/records/opportunity/${lead.fields.opportunity}`);
    assert.equal(opportunity.fields.account, lead.fields.account);
    assert.equal((await ada.call("DELETE", `/lead-assignment-rules/${rule.id}`)).status, 204);
    assert.equal((await ada.call("DELETE", `/web-forms/${form.id}`)).status, 204);
  } finally {
    await site.stop();
  }
});

story("An administrator sets up a form, a rule and the mapping", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/leads");
  await page.getByText("No web forms yet").waitFor();
  await page.getByRole("button", { name: "New form" }).click();
  let drawer = onTop(page);
  await drawer.getByRole("textbox", { name: /^Name/ }).fill("Trade fair");
  await drawer.getByRole("button", { name: "Remove Phone" }).click();
  await drawer.getByRole("textbox", { name: "Label of Request" }).fill("Which device?");
  assert.deepEqual(await accessibilityFindings(page, "a web form"), []);
  await drawer.getByRole("button", { name: "Save" }).click();
  const html = onTop(page).getByRole("textbox", { name: "HTML for your page" });
  await html.waitFor();
  assert.match(await html.inputValue(), /Which device\?/);
  assert.deepEqual(await accessibilityFindings(page, "the HTML of a form"), []);
  await page.keyboard.press("Escape");
  await page.getByText("Name, Company, E-mail, Which device?").waitFor();

  // Its own page, as a visitor meets it on a phone in the dark.
  const address = await page.getByRole("link", { name: "Open the form’s page: Trade fair" }).getAttribute("href");
  const visitor = await scene.window({ viewport: phone, colorScheme: "dark" });
  await visitor.go(address ?? "");
  await visitor.page.getByRole("heading", { name: "Trade fair" }).waitFor();
  assert.deepEqual(await accessibilityFindings(visitor.page, "a form's page"), []);
  await visitor.page.getByRole("textbox", { name: /^Name/ }).fill("Paul");
  await visitor.page.getByRole("textbox", { name: /^E-mail/ }).fill("paul@trade");
  await visitor.page.waitForTimeout(2_100);
  visitor.expectRefusal(422, /\/public\/leads\//);
  await visitor.page.getByRole("button", { name: "Send" }).click();
  await visitor.page.getByText(/^E-mail cannot be read/).waitFor();
  assert.equal(await visitor.page.getByRole("textbox", { name: /^Name/ }).inputValue(), "Paul");
  assert.deepEqual(await accessibilityFindings(visitor.page, "a form with a finding"), []);
  await visitor.page.getByRole("textbox", { name: /^E-mail/ }).fill("paul@trade.example");
  await visitor.page.waitForTimeout(2_100);
  await visitor.page.getByRole("button", { name: "Send" }).click();
  await visitor.page.getByText("Thank you. We will get in touch.").waitFor();

  await page.getByRole("tab", { name: "Assignment" }).click();
  await page.getByText("No assignment rules yet").waitFor();
  for (const [name, department] of [["Germany", "Sales North"], ["The rest", "Sales South"]]) {
    await page.getByRole("button", { name: "New rule" }).click();
    drawer = onTop(page);
    await drawer.getByRole("textbox", { name: /^Name/ }).fill(/** @type {string} */ (name));
    if (name === "Germany") {
      await drawer.getByRole("button", { name: "Add a line" }).click();
      await drawer.getByRole("button", { name: /^Field:/ }).click();
      await page.getByRole("combobox", { name: "Find a field" }).fill("country");
      await page.getByRole("option", { name: "Country", exact: true }).first().click();
      await choose(page, "Comparison", /^is$|^equals$/);
      await drawer.getByRole("textbox", { name: "Value" }).fill("Germany");
    }
    await drawer.getByRole("combobox", { name: /^Departments/ }).fill(/** @type {string} */ (department));
    await page.getByRole("option", { name: department }).click();
    await drawer.getByRole("textbox", { name: /^Name/ }).click();
    await drawer.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name, exact: true }).waitFor();
  }
  assert.deepEqual(await accessibilityFindings(page, "assignment rules"), []);
  await page.getByRole("button", { name: "Try it" }).click();
  drawer = onTop(page);
  await drawer.getByRole("textbox", { name: "Country" }).fill("Germany");
  await drawer.getByRole("button", { name: "Try it" }).click();
  await drawer.getByText(/“Germany” takes it/).waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("tab", { name: "Conversion" }).click();
  const account = page.getByRole("region", { name: "Account" });
  await account.getByRole("button", { name: "Add a line" }).click();
  await account.getByRole("combobox", { name: "Field of the lead" }).last().click();
  await page.getByRole("option", { name: "Request" }).click();
  await account.getByRole("combobox", { name: "Field of: Account" }).last().click();
  await page.getByRole("option", { name: "Description" }).click();
  assert.deepEqual(await accessibilityFindings(page, "the mapping"), []);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The mapping is saved").waitFor();

  // On a phone, in the dark, in Chinese.
  const api = await scene.api(people.ada);
  await api.call("PATCH", "/me", { language: "zh-CN" });
  try {
    const small = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
    for (const tab of ["forms", "assignment", "conversion"]) {
      await small.go(`/admin/leads?tab=${tab}`);
      await small.page.getByRole("tab", { selected: true }).waitFor();
      await small.page.getByText(tab === "conversion" ? "添加一行" : tab === "forms" ? "Trade fair" : "The rest").first().waitFor();
      assert.equal(await small.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, tab);
      assert.deepEqual(await accessibilityFindings(small.page, `${tab} on a phone`), []);
    }
  } finally {
    await api.call("PATCH", "/me", { language: "en" });
  }
});
