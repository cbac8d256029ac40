import assert from "node:assert/strict";
import { phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { dealIn, plantProjects } from "../harness/projects.mjs";
import { listNamed } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

story("Kim takes a deal through its stages: is stopped, puts each thing right in place, does tasks of every kind, and loses it with a reason", async (scene) => {
  const process = await plantProjects(await scene.api(people.ada));
  const api = await scene.api(people.kim);
  const { id, account } = await dealIn(api, process, "Skid for the filling hall");
  const at = `/records/opportunity/${id}`;

  const kim = await scene.windowOf(people.kim);
  // The dialog asks the server what is still missing.
  kim.expectRefusal(422, /\/move$/);
  const { page } = kim;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await kim.go(`/o/opportunity/${id}`);

  // Looking at a stage moves nothing, and tells what stands between here and it.
  const path = page.getByRole("region", { name: "Stage path" });
  await path.getByRole("button", { name: /^Proposal/ }).click();
  const between = (/** @type {string} */ stage) => page.getByRole("region", { name: `What stands between here and ${stage}` });
  await between("Proposal").getByText("Qualification").first().waitFor();
  await path.getByRole("button", { name: "Back to the current stage" }).click();

  // Of a condition one sees the part that does not hold, and its field.
  const first = between("Qualification");
  assert.equal(await first.getByRole("listitem").count(), 3, "two tasks in one line, a condition of each stage");
  const condition = first.getByRole("listitem").filter({ hasText: "is not complete yet" });
  await condition.getByRole("button", { name: "Fix" }).click();
  await condition.getByText(/Not so yet: Opportunity type/).waitFor();
  await listNamed(condition, /Opportunity type/).click();
  await page.getByRole("option", { name: "New business" }).click();
  await condition.getByRole("button", { name: "Save" }).click();
  await condition.waitFor({ state: "hidden" });

  // Nobody decides yet: the missing record is made from here, with the role filled in.
  const decides = first.getByRole("listitem").filter({ hasText: "cannot be entered yet" });
  await decides.getByRole("button", { name: "Fix" }).click();
  await decides.getByRole("button", { name: "Add contact role" }).click();
  const dialog = page.getByRole("dialog");
  await listNamed(dialog, /^Contact\b/).click();
  await page.getByRole("option").first().click();
  await dialog.getByRole("button", { name: "Create" }).click();
  await decides.waitFor({ state: "hidden" });

  // Fields of the deal; what is missing is told at its field.
  const tasks = page.getByRole("region", { name: /^Tasks in / });
  const task = (/** @type {string} */ name) => tasks.getByRole("listitem").filter({ hasText: name });
  await first.getByRole("button", { name: "Agree on the frame" }).click();
  const frame = task("Agree on the frame");
  kim.expectRefusal(422, /\/complete$/);
  await frame.getByRole("button", { name: "Save & complete task" }).click();
  await frame.locator("[aria-invalid=true]").first().waitFor();
  await frame.getByRole("textbox", { name: /^Opportunity amount/ }).fill("48000");
  await frame.getByLabel(/^Expected close date/).fill("2030-06-30");
  await frame.getByRole("button", { name: "Save & complete task" }).click();

  // A tick, taken back and given again; after the last needed one the next stage is offered.
  const greet = tasks.getByRole("checkbox", { name: "Done: Send a greeting" });
  await greet.click();
  await page.getByText("“Send a greeting” is done").waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await greet.waitFor();
  await greet.click();
  await tasks.getByText("Everything needed in Prospecting is done.").waitFor();
  await tasks.getByRole("button", { name: "Move to Qualification" }).click();
  await path.getByRole("button", { name: /^Qualification.*Current stage/ }).waitFor();

  // Two records that belong to it, from a form that comes filled in.
  await task("Plan two visits").getByRole("button", { name: /^Plan two visits/ }).click();
  const visits = task("Plan two visits");
  await visits.getByRole("textbox", { name: /^Task\b/ }).fill("First visit");
  await visits.getByRole("button", { name: "Create task" }).click();
  await visits.getByText("1 of 2").first().waitFor();
  await visits.getByRole("textbox", { name: /^Task\b/ }).fill("Second visit");
  await visits.getByRole("button", { name: "Save & complete task" }).click();
  // A field of the account, without leaving the deal.
  await task("Complete the customer").getByRole("button", { name: /^Complete the customer/ }).click();
  await task("Complete the customer").getByRole("textbox", { name: /^Website/ }).fill("https://plant.example");
  await task("Complete the customer").getByRole("button", { name: "Save & complete task" }).click();
  await page.getByText("“Complete the customer” is done").waitFor();
  assert.equal((await api.read(`/records/account/${account}`)).fields.website, "https://plant.example");

  // The offered move asks for what entering the stage needs.
  await tasks.getByRole("button", { name: "Move to Proposal" }).click();
  await dialog.getByRole("textbox", { name: /^Next step/ }).fill("Send the offer");
  await dialog.getByRole("button", { name: "Move to Proposal" }).click();
  await path.getByRole("button", { name: /^Proposal.*Current stage/ }).waitFor();

  // Rows in a grid: one typed, two pasted from a spreadsheet.
  await task("Put the offer together").getByRole("button", { name: /^Put the offer together/ }).click();
  const grid = tasks.getByRole("table", { name: /^Rows/ });
  await grid.getByRole("textbox", { name: "Line, row 1" }).fill("Flow meter");
  await grid.getByRole("textbox", { name: "Price, row 1" }).fill("1450");
  await grid.getByRole("textbox", { name: "Price, row 1" }).press("Enter");
  await page.evaluate(() => navigator.clipboard.writeText("Level radar LR-6\tLevel radar\t3\t2,340.00\nGateway GW-2\tGateway\t1\t990"));
  await grid.getByRole("combobox", { name: "Product, row 2" }).focus();
  await page.keyboard.press("ControlOrMeta+v");
  await page.getByRole("button", { name: "Paste 2 rows" }).click();
  await page.getByText("2 rows pasted").waitFor();
  await tasks.getByRole("button", { name: /^Save & complete task/ }).click();
  await tasks.getByText("Everything needed in Proposal is done.").waitFor();
  const lines = await api.read(`/records/opportunity_line?fields=name,product,quantity,price&sort=created_at&filter=${where({ field: "opportunity", op: "eq", value: id })}`);
  assert.deepEqual(lines.items.map((/** @type {any} */ line) => [line.fields.name, line.fields.quantity, line.fields.price.amount]), [["Flow meter", "1", "1450.00"], ["Level radar", "3", "2340.00"], ["Gateway", "1", "990.00"]]);
  assert.ok(lines.items[1].fields.product, "the product was found by its name");

  // Lost: the reason, and a record that is made with the move or not at all.
  await page.getByRole("button", { name: "Deal lost" }).click();
  await listNamed(dialog, /^Lost reason/).click();
  await page.getByRole("option").first().click();
  const review = dialog.getByRole("region", { name: /Created along with it/ });
  await review.getByRole("textbox", { name: /^Task\b/ }).fill("");
  await dialog.getByRole("button", { name: "Move to Deal lost" }).click();
  await review.locator("[aria-invalid=true]").waitFor();
  assert.equal((await api.read(at)).fields.stage, "proposal");
  await review.getByRole("textbox", { name: /^Task\b/ }).fill("Look at it once more");
  await dialog.getByRole("button", { name: "Move to Deal lost" }).click();
  await dialog.waitFor({ state: "hidden" });
  const lost = await api.read(at);
  assert.equal(lost.fields.stage, "lost");
  assert.ok(lost.fields.lost_reason);
  const made = await api.read(`/records/task?filter=${where({ field: "name", op: "eq", value: "Look at it once more" })}`);
  assert.deepEqual(made.items.map((/** @type {any} */ one) => one.fields.regarding.id), [id]);
});

story("With the keyboard alone a stage is done and left", async (scene) => {
  const process = await plantProjects(await scene.api(people.ada));
  const api = await scene.api(people.kim);
  const { id } = await dealIn(api, process, "Keyed through", { opportunity_type: "renewal" });
  const contacts = await api.read("/records/contact?limit=1");
  await api.create("/records/contact_role", { fields: { opportunity: id, contact: contacts.items[0].id, role: "decision_maker" } });

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  const { keyboard } = page;
  await kim.go(`/o/opportunity/${id}`);
  const tasks = page.getByRole("region", { name: /^Tasks in / });
  await tasks.waitFor();
  await keyboard.press("n");
  await tasks.getByRole("textbox", { name: /^Opportunity amount/ }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest("[data-field=amount]") !== null);
  await keyboard.type("12500");
  await tasks.getByLabel(/^Expected close date/).fill("2030-01-31");
  await keyboard.press("Control+Enter");
  // One goes on with the next task.
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("Send a greeting"));
  await keyboard.press("Space");
  // After the last the move has the focus.
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("Move to Qualification"));
  await keyboard.press("Enter");
  await page.getByRole("region", { name: "Stage path" }).getByRole("button", { name: /^Qualification.*Current stage/ }).waitFor();
  assert.equal((await api.read(`/records/opportunity/${id}`)).fields.stage, "qualification");
});

story("On a phone the to-do list leads to the task, and it is done there", async (scene) => {
  const process = await plantProjects(await scene.api(people.ada));
  const api = await scene.api(people.kim);
  const { id } = await dealIn(api, process, "Done on the way");
  const kim = await scene.windowOf(people.kim, { viewport: phone });
  const { page } = kim;
  await kim.go("/todo?kind=stage_task");
  const line = (/** @type {string} */ title) => page.getByRole("listitem").filter({ hasText: title }).filter({ hasText: "Done on the way" });
  // A tick is enough for one, the other is done on its deal.
  await line("Send a greeting").getByRole("checkbox").click();
  await page.getByText("“Send a greeting” is done").waitFor();
  await line("Send a greeting").waitFor({ state: "hidden" });
  await line("Agree on the frame").getByRole("link", { name: "Agree on the frame" }).click();
  await page.getByRole("textbox", { name: /^Opportunity amount/ }).fill("9000");
  await page.getByLabel(/^Expected close date/).fill("2030-03-31");
  await page.getByRole("button", { name: "Save & complete task" }).click();
  await page.getByText("“Agree on the frame” is done").waitFor();
  const { items } = await api.read(`/records/opportunity/${id}/tasks`);
  assert.deepEqual(items.map((/** @type {any} */ one) => one.state), ["done", "done"]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, "nothing is wider than the screen");
});

/** @param {unknown} condition */
const where = (condition) => encodeURIComponent(JSON.stringify(condition));
