import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { setUp } from "../harness/api.mjs";
import { check, countOf, run, send } from "../harness/imports.mjs";
import { story } from "../harness/story.mjs";

const administrator = { name: "Robin Weber", email: "robin@northwind.example", password: "a long enough phrase" };
const place = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const files = [
  ...["accounts.csv", "products.csv", "sales_teams.csv"].map((name) => place(`../../crates/core/tests/data/b2b-sales/${name}`)),
  place("../data/b2b-sales/sales_pipeline.csv"),
];

story(
  "A whole company's sales come in by taking every default and answering one question: 8,800 of 8,800",
  async (scene) => {
    const api = await setUp(scene.url, administrator);
    const robin = await scene.windowOf(administrator.email, {}, administrator.password);
    const { page } = robin;
    await robin.go("/imports");
    await send(page, files);
    await check(page);

    const questions = page.getByRole("region", { name: "Did the file mean…?" });
    await questions.getByText("GTXPro is GTX Pro").waitFor();
    await questions.getByText("(1,480 rows)").waitFor();
    assert.equal(await questions.getByRole("listitem").count(), 1);
    await questions.getByRole("button", { name: "Accept", exact: true }).click();
    await page.getByText("Every row can come in.").waitFor({ timeout: 120_000 });
    await run(page);
    assert.equal(await countOf(page, "failed"), "0");
    const deals = page.getByRole("row", { name: /sales_pipeline\.csv/ });
    await deals.getByRole("cell", { name: "8,800", exact: true }).first().waitFor();

    // The figures, as the product tells them.
    const by = async (/** @type {string} */ stage) => {
      const filter = encodeURIComponent(JSON.stringify({ field: "stage", op: "eq", value: stage }));
      return (await api.read(`/records/opportunity?filter=${filter}&count=exact&limit=1`)).count;
    };
    assert.deepEqual(await Promise.all(["won", "lost", "engaging", "prospecting"].map(by)), [4_238, 2_473, 1_589, 500]);
    await robin.go("/o/opportunity");
    await page.getByText(/8,800/).first().waitFor();
    const without = encodeURIComponent(JSON.stringify({ field: "product", op: "is_empty" }));
    assert.equal((await api.read(`/records/opportunity?filter=${without}&count=exact&limit=1`)).count, 0);
  },
  { empty: true },
);
