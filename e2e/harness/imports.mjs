// The import wizard as a person goes through it.

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {{name: string, mimeType?: string, buffer: Buffer}} Sent
 */

/**
 * A file of text, in bytes as they are to arrive.
 * @param {string} name
 * @param {string | Buffer} content
 * @returns {Sent}
 */
export function fileOf(name, content) {
  return { name, mimeType: "text/csv", buffer: typeof content === "string" ? Buffer.from(content) : content };
}

/**
 * Sends files by the drop zone and waits until what was found in them is shown.
 * @param {Page} page which shows the imports
 * @param {Sent[] | string[]} files
 */
export async function send(page, files) {
  await page.getByRole("button", { name: "Drop files here, or choose them" }).waitFor();
  await page.locator("input[type=file]").first().setInputFiles(/** @type {any} */ (files));
  await page.getByRole("button", { name: "Continue" }).waitFor({ timeout: 60_000 });
}

/**
 * Goes on to the mapping and has the rows checked.
 * @param {Page} page
 */
export async function check(page) {
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Check", exact: true }).last().click();
  await checked(page);
}

/**
 * Waits for the end of a check.
 * @param {Page} page
 */
export async function checked(page) {
  await page.getByText("Nothing has been written yet.").waitFor({ timeout: 120_000 });
}

/**
 * Has the checked rows imported and waits for the end.
 * @param {Page} page
 * @param {string | RegExp} [said] how it ended
 */
export async function run(page, said = "Everything came in.") {
  await page.getByRole("button", { name: /^Import [\d,]+ rows?$/ }).click();
  await page.getByText(said).waitFor({ timeout: 120_000 });
}

/**
 * A count of the result or the check.
 * @param {Page} page
 * @param {string} word
 * @returns {Promise<string>}
 */
export async function countOf(page, word) {
  const box = page.locator("dl > div").filter({ has: page.locator("dt", { hasText: new RegExp(`^${word}$`) }) });
  return box.locator("dd").innerText();
}
