import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { openEveryFigure } from "../harness/figures.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("What was won and lost, how long deals stand and who leads: every number of the tables opens what is behind it", async (scene) => {
  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/analysis/win-loss?by=owner");
  await page.getByRole("button", { name: "Show as a table" }).click();
  const outcomes = page.getByRole("table", { name: "Won and lost deals by owner" });
  await outcomes.waitFor();
  assert.ok((await openEveryFigure(page, outcomes.locator("tfoot"))) >= 4);
  assert.deepEqual(await accessibilityFindings(page, "won and lost"), []);

  await mona.go("/analysis/ageing");
  const ages = page.getByRole("table", { name: "Open deals by stage and time in it" });
  await ages.waitFor();
  assert.ok((await openEveryFigure(page, ages.locator("tfoot"))) >= 5);
  assert.deepEqual(await accessibilityFindings(page, "ageing"), []);

  await mona.go("/analysis/leaderboard");
  const leaders = page.getByRole("table", { name: "Won amount by person" });
  await leaders.waitFor();
  await openEveryFigure(page, leaders);
  assert.deepEqual(await accessibilityFindings(page, "the leaderboard"), []);
});
