import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Ada opens all opportunities to be read, and closes them again", async (scene) => {
  const kim = await scene.api(people.kim);
  await kim.create("/records/opportunity", { fields: { name: "Weir on the river" } });
  const lee = await scene.windowOf(people.lee);
  await lee.go("/o/opportunity?q=weir");
  await lee.page.getByText("Nothing matches").waitFor();
  const weir = lee.page.getByRole("link", { name: "Weir on the river" });

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/objects/opportunity?tab=access");
  const save = page.getByRole("button", { name: "Save", exact: true });
  await page.getByRole("radio", { name: /^Public, read-only/ }).check();
  assert.deepEqual(await accessibilityFindings(page, "access of an object"), []);
  await save.click();
  await weir.waitFor();
  await page.getByRole("radio", { name: /^Private/ }).check();
  await save.click();
  await weir.waitFor({ state: "hidden" });

  // What roles may do with them, the other way round.
  await page.getByRole("checkbox", { name: "Clone: Auditor" }).click();
  await page.getByRole("checkbox", { name: "Export: Salesperson" }).click();
  await page.getByRole("button", { name: "Save rights" }).click();
  await page.getByText("The rights to Opportunities are saved").waitFor();
  const { items } = await (await scene.api(people.ada)).read("/roles");
  const acts = (/** @type {string} */ key) => items.find((/** @type {any} */ role) => role.key === key).objects.opportunity.acts;
  assert.ok(acts("auditor").includes("clone") && acts("salesperson").includes("export"));
  assert.ok(!items.find((/** @type {any} */ role) => role.key === "sales_operations").objects.opportunity);
});

story("Rights by object on a phone, in the dark", async (scene) => {
  const ada = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  const { page } = ada;
  await ada.go("/admin/objects/product?tab=access");
  await page.getByRole("button", { name: /^Salesperson/ }).click();
  await onTop(page).getByRole("checkbox", { name: "Create", exact: true }).check();
  await onTop(page).getByText("It has rights of its own.").waitFor();
  await onTop(page).getByRole("button", { name: "Done" }).click();
  assert.deepEqual(await accessibilityFindings(page, "access of an object on a phone"), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await page.getByRole("button", { name: "Save rights" }).click();
  await page.getByText("The rights to Products are saved").waitFor();
});
