import assert from "node:assert/strict";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("A misspelt product in a CSV file is named with a likely correction, which is taken with one click", async (scene) => {
  const api = await scene.api(people.ada);
  const { items } = await api.read("/records/product?limit=200");
  const product = items.map((/** @type {any} */ one) => String(one.fields.name)).find((/** @type {string} */ name) => name.includes(" ") && !name.includes(","));
  assert.ok(product, "a product whose name has two words");
  const misspelt = product.replace(" ", "");
  const file = ["Name,Product", `Imported one,${product}`, `Imported two,${misspelt}`, `Imported three,${misspelt}`].join("\n");

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await page.locator("input[type=file]").setInputFiles({ name: "deals.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByRole("button", { name: "Check the file" }).click();

  // Nothing is guessed silently: the two rows wait for an answer, and nothing has been written.
  const offers = page.getByRole("region", { name: "Did the file mean…?" });
  await offers.getByText(`${misspelt} is ${product}`).waitFor();
  await offers.getByText("(2 rows)").waitFor();
  assert.equal(await imported(api), 0);

  await offers.getByRole("button", { name: "Accept", exact: true }).click();
  await offers.getByText("Accepted").waitFor();
  await page.getByText("No problems.").waitFor();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByText("The import is done.").waitFor();
  assert.equal(await imported(api), 3);
  const { items: past } = await api.read("/imports");
  const [last] = past.filter((/** @type {any} */ one) => one.file === "deals.csv");
  assert.equal(last.failed, 0);
});

/**
 * How many deals of the file there are.
 * @param {import("../harness/api.mjs").Session} api
 */
async function imported(api) {
  const { count } = await api.read("/records/opportunity?q=Imported&count=exact&limit=1");
  return count;
}
