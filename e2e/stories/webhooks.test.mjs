import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { choose, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { freePort, startReceiver } from "../harness/receiver.mjs";
import { story } from "../harness/story.mjs";

// Tried twice a second for five minutes, so that the story waits for nothing.
const more = ["--webhook-allow", "127.0.0.1", "--webhook-retries", Array.from({ length: 600 }, () => "500ms").join(",")];

story(
  "A warehouse hears of deals: told once it is there, after it was away, and again when asked",
  async (scene) => {
    const port = await freePort();
    const ada = await scene.windowOf(people.ada);
    const { page } = ada;
    await ada.go("/admin/webhooks");
    await page.getByText("No webhooks yet").waitFor();
    await page.getByRole("button", { name: "New webhook" }).click();
    const drawer = onTop(page);
    await drawer.getByRole("textbox", { name: /^Name/ }).fill("Warehouse");
    // What leads inside is refused where it is typed.
    await drawer.getByRole("textbox", { name: /^Address/ }).fill("http://169.254.169.254/latest");
    ada.expectRefusal(422, /\/webhooks$/);
    await drawer.getByRole("button", { name: "Create", exact: true }).click();
    await drawer.getByText("This address is not a public one.").waitFor();
    await drawer.getByRole("textbox", { name: /^Address/ }).fill(`http://127.0.0.1:${port}/in`);
    await drawer.getByRole("checkbox", { name: "edited" }).uncheck();
    await drawer.getByRole("button", { name: "Add a line" }).click();
    await drawer.getByRole("button", { name: /^Field:/ }).click();
    await page.getByRole("combobox", { name: "Find a field" }).fill("opportunity name");
    await page.getByRole("option", { name: "Opportunity name", exact: true }).click();
    await choose(page, "Comparison", "begins with");
    await drawer.getByRole("textbox", { name: "Value" }).fill("Crane");
    assert.deepEqual(await accessibilityFindings(page, "a new webhook"), []);
    await drawer.getByRole("button", { name: "Create", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "The signing secret" });
    const secret = await dialog.getByText(/^whsec_/).innerText();
    assert.deepEqual(await accessibilityFindings(page, "the secret"), []);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("heading", { name: "Warehouse" }).waitFor();
    assert.equal(await page.getByText(secret).count(), 0);

    /** @type {import("../harness/receiver.mjs").Heard[]} */
    const heard = [];
    const hear = () => startReceiver(port, [secret], (one) => heard.push(one));
    let receiver = await hear();
    const kim = await scene.api(people.kim);
    await kim.create("/records/opportunity", { fields: { name: "Crane for the quay" } });
    await kim.create("/records/opportunity", { fields: { name: "Lift for the tower" } });
    const arrived = page.getByRole("button", { name: /opportunity\.created Crane for the quay .*Arrived/ });
    await arrived.waitFor();
    assert.deepEqual(heard.map(({ holds, event }) => [holds, event.type, event.data.fields.name]), [[true, "opportunity.created", "Crane for the quay"]]);

    await receiver.kill();
    await kim.create("/records/opportunity", { fields: { name: "Crane for the yard" } });
    await page.getByRole("alert").getByText("Failing").waitFor();
    await page.getByRole("button", { name: /Crane for the yard .*Waiting/ }).click();
    await onTop(page).getByText("Nobody answers at that address").first().waitFor();
    assert.deepEqual(await accessibilityFindings(page, "a message"), []);
    receiver = await hear();
    await onTop(page).getByText("Arrived").waitFor();
    // Again, by hand, under the same id.
    await onTop(page).getByRole("button", { name: "Send again" }).click();
    await page.getByRole("dialog", { name: "Send this message again?" }).getByRole("button", { name: "Send again" }).click();
    await page.getByText("Queued to be sent again").waitFor();
    while (heard.length < 3) await page.waitForTimeout(50);
    assert.equal(heard[1]?.id, heard[2]?.id);
    assert.ok(heard.every(({ holds }) => holds));
    await page.keyboard.press("Escape");
    assert.deepEqual(await accessibilityFindings(page, "a webhook"), []);

    // The same on a phone, in the dark.
    const small = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
    await small.go("/admin/webhooks");
    await small.page.getByRole("link", { name: "Warehouse" }).click();
    await small.page.getByRole("button", { name: /Crane for the yard/ }).waitFor();
    assert.deepEqual(await accessibilityFindings(small.page, "a webhook on a phone"), []);
    assert.equal(await small.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await receiver.kill();
  },
  { more },
);
