import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { startMailServer } from "../harness/mail.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Ada names a mail server, is told what is wrong, tries it, and sees what has gone out", async (scene) => {
  const server = await startMailServer();
  try {
    const ada = await scene.windowOf(people.ada);
    const { page } = ada;
    await ada.go("/admin/mail");
    await page.getByRole("textbox", { name: "Server" }).fill("127.0.0.1");
    await page.getByRole("textbox", { name: "Port" }).fill("1");
    await page.getByRole("combobox", { name: "Encryption" }).click();
    await page.getByRole("option", { name: "None" }).click();
    ada.expectRefusal(422, /\/organisation\/mail$/);
    await page.getByRole("textbox", { name: "Sender’s address" }).fill("nobody");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[aria-invalid=true]").first().waitFor();
    await page.getByRole("textbox", { name: "Sender’s address" }).fill("crm@demo.stagecraft.example");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("E-mail goes out by this server from now on").waitFor();
    await page.getByRole("button", { name: "Send me a test" }).click();
    await page.getByText("It could not be sent:").waitFor();

    await page.getByRole("textbox", { name: "Port" }).fill(String(server.port));
    // What was told of the first saving may still stand there.
    const saved = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/organisation/mail"));
    await page.getByRole("button", { name: "Save" }).click();
    assert.equal((await saved).status(), 200);
    await page.getByRole("button", { name: "Send me a test" }).click();
    await page.getByText(`The server has taken an e-mail to ${people.ada}`).waitFor();
    assert.equal(server.taken.length, 1);
    assert.deepEqual(await accessibilityFindings(page, "mail"), []);

    // A lead becomes Ada's own, which is mailed at once if she wishes so.
    const api = await scene.api(people.ada);
    const { version, kinds, digest_at, digest_days } = await api.read("/me/notification-preferences");
    const wished = kinds.map((/** @type {any} */ { kind, in_app }) => ({ kind, in_app, email: "at_once" }));
    assert.equal((await api.call("PUT", "/me/notification-preferences", { kinds: wished, digest_at, digest_days }, { "if-match": `"${version}"` })).status, 200);
    const mona = await scene.api(people.mona);
    const { record } = await mona.create("/records/opportunity", { fields: { name: "Weighbridge, Graz" } });
    assert.equal((await mona.call("POST", `/records/opportunity/${record.id}/change-owner`, { owner: api.me.person.id }, { "if-match": `"${record.version}"` })).status, 200);
    for (let waits = 0; waits < 100 && server.taken.length < 2; waits += 1) await new Promise((done) => setTimeout(done, 200));
    assert.match(server.taken[1]?.headers["message-id"] ?? "", /^<.+@.+>$/);
    await page.reload();
    await page.getByRole("region", { name: "Outgoing e-mail" }).getByRole("listitem").filter({ hasText: "Sent" }).getByText(people.ada).waitFor();
  } finally {
    await server.stop();
  }
});
