import assert from "node:assert/strict";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("A misspelt product in a CSV file is named with a likely correction, which is taken with one click", async (scene) => {
  const api = await scene.api(people.ada);
  const { items } = await api.read("/records/product?limit=200");
  const product = items.map((/** @type {any} */ one) => String(one.fields.name)).find((/** @type {string} */ name) => name.includes(" "));
  assert.ok(product, "a product whose name has two words");
  const misspelt = product.replace(" ", "");
  const file = ["Deal,Product", `Imported one,${product}`, `Imported two,${misspelt}`, `Imported three,${misspelt}`].join("\n");

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await page.locator("input[type=file]").setInputFiles({ name: "deals.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  assert.ok(page.url());
});
