import assert from "node:assert/strict";
import { begin, composer, mention, timeline, waiting } from "../harness/activity.mjs";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} name
 * @returns {Promise<{id: string, address: string}>}
 */
async function dealNamed(api, name) {
  const { record } = await api.create("/records/opportunity", { fields: { name } });
  return { id: record.id, address: `/o/opportunity/${record.id}` };
}

story("Kim logs a call with a next step: it is in the timeline, the deal counts as followed up, and the next step waits in her to-do list", async (scene) => {
  const api = await scene.api(people.kim);
  const { id, address } = await dealNamed(api, "Bottling line, Aalborg");
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(address);
  await composer(page).waitFor();
  await page.keyboard.press("l");
  const form = composer(page).locator("form");
  await form.getByRole("textbox", { name: "What happened" }).waitFor();
  await page.keyboard.type("They want eight percent off for two years.");
  await form.getByRole("textbox", { name: "Next step" }).fill("Send the reworked offer");
  await form.getByRole("group", { name: "Next step at" }).getByRole("button", { name: "Today" }).click();
  assert.deepEqual(await accessibilityFindings(page, "composer"), []);
  await page.keyboard.press("Control+Enter");

  const entry = timeline(page).getByRole("article", { name: "They want eight percent off for two years." });
  await entry.getByText("Send the reworked offer").waitFor();
  await entry.getByText("Kim Park").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "timeline"), []);
  const { fields } = await api.read(`/records/opportunity/${id}`);
  assert.ok(Date.now() - Date.parse(fields.last_followed_at) < 120_000, `followed up at ${fields.last_followed_at}`);

  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL("**/todo");
  const line = waiting(page, "Send the reworked offer");
  await line.getByText("Bottling line, Aalborg").waitFor();
  await page.getByRole("region", { name: /^Today/ }).getByRole("link", { name: "Send the reworked offer", exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "to-do"), []);
  await line.getByRole("button", { name: "Put off: Send the reworked offer" }).click();
  await page.getByRole("button", { name: /^Next Monday/ }).click();
  await page.getByText("“Send the reworked offer” is put off to").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("“Send the reworked offer” is due as before").waitFor();
  // What came of it is logged from there, and is what ends it.
  await line.getByRole("link", { name: "Log what came of: Send the reworked offer" }).click();
  await composer(page).getByRole("textbox", { name: "What happened" }).fill("They have it and will answer on Friday.");
  await page.keyboard.press("Control+Enter");
  await timeline(page).getByRole("article", { name: "They have it and will answer on Friday." }).waitFor();
  await page.getByRole("link", { name: /^To-do/ }).first().click();
  await page.waitForURL("**/todo");
  await page.getByRole("heading", { name: "To-do", level: 1 }).waitFor();
  await line.waitFor({ state: "hidden" });
});

story("Kim mentions Mona, who is told while she looks elsewhere and opens the comment; Lee does not see the deal, and the comment says that he was not told", async (scene) => {
  const api = await scene.api(people.kim);
  const { address } = await dealNamed(api, "Dryer hoods, Linz");
  const mona = await scene.windowOf(people.mona);
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(address);
  await composer(page).waitFor();
  await page.keyboard.press("w");
  await composer(page).getByRole("textbox", { name: "Comment" }).waitFor();
  await page.keyboard.type("Please look at the terms, ");
  await mention(page, "Mona", /^Mona Keller/);
  await page.keyboard.type("and ");
  await mention(page, "Lee", /^Lee Moreno.*does not see this/);
  assert.deepEqual(await accessibilityFindings(page, "mention"), []);
  await page.keyboard.press("Control+Enter");
  const comment = timeline(page).getByRole("article", { name: "Comment by Kim Park" });
  await comment.getByText("Lee Moreno does not see this record and has not been told.").waitFor();

  await mona.page.getByRole("button", { name: /^Notifications, \d+ unread/ }).click();
  await mona.page.getByRole("dialog", { name: "Notifications" }).getByRole("link", { name: /Dryer hoods, Linz/ }).click();
  await mona.page.waitForURL((url) => url.pathname === address);
  await timeline(mona.page).getByRole("article", { name: "Comment by Kim Park" }).getByText("@Mona Keller").waitFor();
  assert.equal((await (await scene.api(people.lee)).read("/notifications")).unread, 0);

  // Mona answers while Kim looks on; Kim takes hers back, and thinks again.
  await begin(mona.page, "Comment");
  await mona.page.keyboard.type("The terms are fine.");
  await mona.page.keyboard.press("Control+Enter");
  await timeline(page).getByRole("article", { name: "Comment by Mona Keller" }).getByText("The terms are fine.").waitFor();
  await comment.getByRole("button", { name: /^What to do with/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await comment.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Undo" }).click();
  await comment.waitFor();
  await comment.getByRole("button", { name: /^What to do with/ }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await timeline(page).getByRole("textbox", { name: "Edit the comment" }).fill("Done, thank you.");
  await page.keyboard.press("Control+Enter");
  await timeline(mona.page).getByText("Done, thank you.").waitFor();
});

story("Kim gives Lee a task; he sees the deal by it, does it from his to-do list with the keyboard, takes that back and does it again", async (scene) => {
  const api = await scene.api(people.kim);
  const { address } = await dealNamed(api, "Ring main, Trondheim");
  const kim = await scene.windowOf(people.kim);
  const lee = await scene.windowOf(people.lee);
  await kim.go(address);
  await composer(kim.page).waitFor();
  await kim.page.keyboard.press("t");
  const form = composer(kim.page).locator("form");
  await form.getByRole("textbox", { name: "Task" }).fill("Draw the ring main");
  await form.getByRole("combobox", { name: "Assignee" }).fill("Lee");
  await kim.page.getByRole("option", { name: /^Lee/ }).click();
  await form.getByRole("group", { name: "Due at" }).getByRole("button", { name: "Tomorrow" }).click();
  await form.getByRole("button", { name: /^Add task/ }).click();
  await kim.page.getByRole("region", { name: "Open tasks" }).getByText("Draw the ring main").waitFor();

  await lee.page.getByRole("button", { name: /^Notifications, \d+ unread/ }).waitFor();
  await lee.go("/todo");
  await waiting(lee.page, "Draw the ring main").getByText("Ring main, Trondheim").waitFor();
  const { keyboard } = lee.page;
  const at = () => lee.page.locator("li[aria-current=true]").innerText();
  await keyboard.press("j");
  for (let steps = 0; steps < 30 && !(await at()).includes("Draw the ring main"); steps += 1) await keyboard.press("j");
  await keyboard.press("x");
  await waiting(lee.page, "Draw the ring main").waitFor({ state: "hidden" });
  await kim.page.getByRole("region", { name: "Open tasks" }).waitFor({ state: "hidden" });
  await lee.page.getByRole("button", { name: "Undo" }).click();
  await waiting(lee.page, "Draw the ring main").waitFor();
  await waiting(lee.page, "Draw the ring main").getByRole("link", { name: "Draw the ring main" }).click();
  await lee.page.waitForURL((url) => url.pathname === address);
  await lee.page.getByRole("heading", { name: "Ring main, Trondheim", level: 1 }).waitFor();
  // The deal goes out of his sight with the task, so he ends it where it waits.
  await lee.page.getByRole("link", { name: /^To-do/ }).first().click();
  await waiting(lee.page, "Draw the ring main").getByRole("checkbox", { name: "Done: Draw the ring main" }).click();
  await timeline(kim.page).getByRole("article", { name: "Draw the ring main" }).getByRole("checkbox", { checked: true }).waitFor();
});

story("What Kim has begun on her phone is there when she comes back; nothing is sent twice or lost", async (scene) => {
  const api = await scene.api(people.kim);
  const { id, address } = await dealNamed(api, "Silo weighing, Parma");
  const kim = await scene.windowOf(people.kim, { viewport: phone });
  const { page } = kim;
  await kim.go(address);
  await page.getByRole("tab", { name: "Activity" }).click();
  const form = await begin(page, "Visit");
  await form.getByRole("textbox", { name: "What happened" }).fill("Stood on the roof");
  await kim.go("/todo");
  await page.getByRole("heading", { name: "To-do", level: 1 }).waitFor();
  await kim.go(address);
  await page.getByRole("tab", { name: "Activity" }).click();
  const kept = composer(page).locator("form").getByRole("textbox", { name: "What happened" });
  assert.equal(await kept.inputValue(), "Stood on the roof");
  assert.deepEqual(await accessibilityFindings(page, "activity on a phone"), []);
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await kept.inputValue(), "Stood on the roof");
  await page.getByRole("button", { name: /^Log visit/ }).click();
  await timeline(page).getByRole("article", { name: "Stood on the roof" }).waitFor();
  await kept.waitFor({ state: "hidden" });
  const where = encodeURIComponent(JSON.stringify({ field: "regarding", op: "eq", value: { object: "opportunity", id } }));
  assert.equal((await api.read(`/records/activity?filter=${where}`)).items.length, 1);

  // Quick work at the bus stop: a task of her own, ticked off.
  await page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name: /^To-do/ }).click();
  await page.getByRole("textbox", { name: "New task" }).fill("Buy roof shoes");
  await page.getByRole("group", { name: "Due" }).getByRole("button", { name: "Tomorrow" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("checkbox", { name: "Done: Buy roof shoes" }).check();
  await page.getByText("“Buy roof shoes” is done").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "to-do on a phone"), []);
});
