import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** One dot, as a PNG. */
const DOT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

story("Ada gives the organisation a letterhead in two languages, looks at a sample, and is not overtaken by somebody else", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/organisation");
  const letterhead = page.getByRole("region", { name: "Letterhead" });
  await letterhead.getByRole("tab", { name: "English paper" }).click();
  await letterhead.getByRole("textbox", { name: "Name" }).fill("Northwind Pumps Ltd.");
  await letterhead.getByRole("textbox", { name: "Address" }).fill("14 Quay Street\nPortsmouth");
  await letterhead.getByRole("tab", { name: "Chinese paper" }).click();
  await letterhead.getByRole("textbox", { name: "Name" }).fill("北风泵业有限公司");
  await letterhead.locator("input[type=file]").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: DOT });
  await letterhead.getByRole("img", { name: "The logo" }).waitFor();

  // The sample is of what is typed, before it is saved.
  const asked = page.waitForResponse((answer) => answer.url().includes("/organisation/letterhead/sample"));
  const [shown] = await Promise.all([page.waitForEvent("popup"), letterhead.getByRole("button", { name: "Sample PDF" }).click()]);
  const sample = await asked;
  assert.equal(sample.status(), 200);
  assert.equal(sample.headers()["content-type"], "application/pdf");
  assert.match(sample.url(), /language=zh-CN/);
  await shown.close();

  const saved = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/organisation/letterhead"));
  await letterhead.getByRole("button", { name: "Save" }).click();
  assert.equal((await saved).status(), 200);
  await page.getByText("The letterhead is saved").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "letterhead"), []);

  // Somebody else is faster: nothing of his is written over.
  const api = await scene.api(people.ada);
  const present = await api.read("/organisation/letterhead");
  assert.equal(present.zh.name, "北风泵业有限公司");
  present.en.phone = "+44 23 9200 0000";
  assert.equal((await api.call("PUT", "/organisation/letterhead", present, { "if-match": `"${present.version}"` })).status, 200);
  ada.expectRefusal(409, /\/organisation\/letterhead$/);
  await letterhead.getByRole("textbox", { name: "Name" }).fill("北风");
  await letterhead.getByRole("button", { name: "Save" }).click();
  await letterhead.getByText("Somebody else has changed the letterhead meanwhile").waitFor();
  await letterhead.getByRole("button", { name: "Show what holds now" }).click();
  await letterhead.getByRole("tab", { name: "English paper" }).click();
  await letterhead.getByRole("textbox", { name: "Phone" }).and(page.locator("[value='+44 23 9200 0000']")).waitFor();
});
