// What is being done about a record, as a person sees it beside the record.

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * @param {Page} page
 * @returns {Locator}
 */
export function composer(page) {
  return page.getByRole("region", { name: "Write down" });
}

/**
 * @param {Page} page
 * @returns {Locator}
 */
export function timeline(page) {
  return page.getByRole("region", { name: "Timeline" });
}

/**
 * Begins a call, a task, a comment.
 * @param {Page} page
 * @param {"Call" | "Visit" | "E-mail" | "Note" | "Task" | "Comment"} what
 * @returns {Promise<Locator>} the form
 */
export async function begin(page, what) {
  await composer(page).getByRole("button", { name: what, exact: true }).click();
  return composer(page).locator("form");
}

/**
 * Mentions somebody in the comment that is being written, with the keyboard.
 * @param {Page} page
 * @param {string} words typed after the @
 * @param {RegExp} person as offered
 */
export async function mention(page, words, person) {
  await page.keyboard.type(`@${words}`);
  const option = page.getByRole("option", { name: person });
  await option.waitFor();
  for (let tries = 0; tries < 20 && (await option.getAttribute("aria-selected")) !== "true"; tries += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}

/**
 * The line of something that waits.
 * @param {Page} page
 * @param {string | RegExp} title
 * @returns {Locator}
 */
export function waiting(page, title) {
  return page.getByRole("main").getByRole("listitem").filter({ hasText: title });
}
