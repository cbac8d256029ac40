import assert from "node:assert/strict";
import { stagesOf } from "../harness/board.mjs";
import { accessibilityFindings } from "../harness/browser.mjs";
import { money } from "../harness/money.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim keeps an eye on who else is after a deal, loses it to one of them, and says why", async (scene) => {
  const ada = await scene.api(people.ada);
  const api = await scene.api(people.kim);
  const { lost } = await stagesOf(api);
  for (const name of ["Kestrel Gauges", "Heron Flow"]) await ada.create("/records/competitor", { fields: { name } });
  const { record: account } = await api.create("/records/account", { fields: { name: "Contested waterworks" } });
  const { record: deal } = await api.create("/records/opportunity", { fields: { name: "Contested pumps", account: account.id, amount: { amount: "100000", currency: "USD" } } });
  const rivals = async () => (await api.read(`/records/opportunity_competitor?filter=${encodeURIComponent(JSON.stringify({ field: "opportunity", op: "eq", value: deal.id }))}&fields=competitor,won,quoted_price,strengths`)).items;

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/opportunity/${deal.id}`);
  assert.equal(await page.getByRole("button", { name: "Write a review" }).count(), 0, "an open deal is not looked back at");
  await page.getByRole("tab", { name: "Competition" }).click();
  await page.getByText("Nobody else is known to be after it").waitFor();

  // Somebody must be named.
  kim.expectRefusal(422, /\/records\/opportunity_competitor$/);
  await page.getByRole("button", { name: "Add a competitor" }).click();
  await onTop(page).getByRole("textbox", { name: /^What they offer/ }).fill("Complete package");
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await onTop(page).getByRole("combobox", { name: /^Competitor/ }).and(page.locator("[aria-invalid=true]")).waitFor();
  await onTop(page).getByRole("combobox", { name: /^Competitor/ }).click();
  await page.getByRole("option", { name: "Kestrel Gauges" }).click();
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const kestrel = page.getByRole("region", { name: "Competitors" }).getByRole("listitem", { name: "Kestrel Gauges" });
  await kestrel.waitFor();

  // Their price beside ours, typed in place.
  await kestrel.getByRole("button", { name: "Edit Quoted price" }).click();
  await kestrel.getByRole("textbox", { name: "Quoted price" }).fill("93,125.50");
  await kestrel.getByRole("textbox", { name: "Quoted price" }).press("Enter");
  await kestrel.getByText("$6,874.50 below ours (6.9%)").waitFor();
  await kestrel.getByRole("button", { name: "Edit Strengths in this deal" }).click();
  await kestrel.getByRole("textbox", { name: "Strengths in this deal" }).fill("Service next door");
  await kestrel.getByRole("button", { name: "Save" }).click();
  await kestrel.getByRole("textbox", { name: "Strengths in this deal" }).waitFor({ state: "hidden" });
  await kestrel.getByText("Service next door").waitFor();
  assert.deepEqual((await rivals()).map((/** @type {any} */ one) => [money(one.fields.quoted_price), one.fields.strengths, one.fields.won]), [["93125.50 USD", "Service next door", false]]);
  assert.deepEqual(await accessibilityFindings(page, "competition"), []);

  // Lost to a competitor: to whom is asked, and whoever was after it is offered first.
  kim.expectRefusal(422, /\/move$/);
  await page.getByRole("button", { name: lost.label, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Lost reason" }).click();
  await page.getByRole("option", { name: "Price", exact: true }).click();
  assert.equal(await dialog.getByRole("combobox", { name: "Competitor" }).count(), 0);
  await dialog.getByRole("combobox", { name: "Lost reason" }).click();
  await page.getByRole("option", { name: "Lost to a competitor" }).click();
  await dialog.getByRole("combobox", { name: "Competitor" }).click();
  await page.getByRole("option", { name: "Kestrel Gauges" }).waitFor();
  assert.equal(await page.getByRole("option", { name: "Heron Flow" }).count(), 0, "those of the deal first");
  await page.getByRole("option", { name: "Kestrel Gauges" }).click();
  for (const field of await dialog.locator("textarea:visible, input[type=text]:visible:not([aria-haspopup])").all()) {
    if ((await field.inputValue()) === "") await field.fill("It was time");
  }
  await dialog.getByRole("button", { name: `Move to ${lost.label}` }).click();
  await dialog.waitFor({ state: "hidden" });
  await kestrel.getByText("Won the deal").waitFor();
  const ended = await api.read(`/records/opportunity/${deal.id}`);
  assert.equal(ended.refs[ended.fields.competitor].name, "Kestrel Gauges");
  assert.deepEqual((await rivals()).map((/** @type {any} */ one) => one.fields.won), [true]);

  // Taken back, and said again from here.
  await kestrel.getByRole("button", { name: "More about Kestrel Gauges" }).click();
  await page.getByRole("menuitem", { name: "They did not win it" }).click();
  await kestrel.getByRole("button", { name: "They won it" }).click();
  await kestrel.getByText("Won the deal").waitFor();

  // The review begins with what is known; what only Kim can say is asked for.
  await page.getByRole("button", { name: "Write a review" }).first().click();
  const value = (/** @type {RegExp} */ name) => onTop(page).getByRole("combobox", { name }).inputValue();
  await onTop(page).getByRole("textbox", { name: /^Subject/ }).waitFor();
  assert.deepEqual([await value(/^Outcome/), await value(/^Main reason/), await value(/^Competitor/), await value(/^Reviewed by/)], ["Lost", "Competitor", "Kestrel Gauges", "Kim Park"]);
  // It did not end otherwise than it did.
  kim.expectRefusal(422, /\/records\/win_loss_review$/);
  await onTop(page).getByRole("combobox", { name: /^Outcome/ }).click();
  await page.getByRole("option", { name: "Won", exact: true }).click();
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await onTop(page).getByRole("combobox", { name: /^Outcome/ }).and(page.locator("[aria-invalid=true]")).waitFor();
  await onTop(page).getByRole("combobox", { name: /^Outcome/ }).click();
  await page.getByRole("option", { name: "Lost", exact: true }).click();
  await onTop(page).getByRole("textbox", { name: "What to do better" }).fill("Name a service partner before the offer goes out.");
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  const review = page.getByRole("region", { name: "Win/loss review" });
  await review.getByText("Name a service partner before the offer goes out.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Write a review" }).count(), 0, "once is enough");

  // Reviews are a list of their own.
  await page.getByRole("navigation").getByRole("link", { name: "Win/loss reviews" }).click();
  await page.getByRole("link", { name: "Contested pumps" }).first().waitFor();
});
