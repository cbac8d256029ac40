import assert from "node:assert/strict";
import { setUp } from "../harness/api.mjs";
import { codeOf, secretOnScreen } from "../harness/authenticator.mjs";
import { accessibilityFindings } from "../harness/browser.mjs";
import { story } from "../harness/story.mjs";

const ada = { name: "Ada Lind", email: "ada@northwind.example", password: "a-long-enough-secret" };

/** @param {import("playwright-core").Page} page */
async function passwordOf(page) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** @param {import("playwright-core").Page} page */
async function signedIn(page) {
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.getByRole("navigation", { name: "Main navigation" }).waitFor();
}

story(
  "A person signs in by password and code, with a recovery code once, and ends a session elsewhere",
  async (scene) => {
    await setUp(scene.url, ada);
    const desk = await scene.windowOf(ada.email, {}, ada.password);
    await desk.go("/me");

    // A second factor is set up with what an authenticator would make of the secret.
    await desk.page.getByRole("button", { name: "Set up" }).click();
    const dialog = desk.page.getByRole("dialog", { name: "Set up your second factor" });
    await dialog.getByRole("img", { name: /QR code/ }).waitFor();
    assert.deepEqual(await accessibilityFindings(desk.page, "second factor"), []);
    const secret = await secretOnScreen(dialog);
    desk.expectRefusal(422, /second-factor\/confirm$/);
    await dialog.getByLabel("The code that it shows now").fill("000000");
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await dialog.getByText("The code is wrong").waitFor();
    // The code of the step before confirms too, which leaves the present one for signing in.
    await dialog.getByLabel("The code that it shows now").fill(codeOf(secret, -1));
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await dialog.getByText("Keep these recovery codes").waitFor();
    const codes = await dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
    assert.equal(codes.length, 10);
    assert.deepEqual(await accessibilityFindings(desk.page, "recovery codes"), []);
    await dialog.getByLabel("I have kept them in a safe place").check();
    await dialog.getByRole("button", { name: "Done" }).click();
    await desk.page.getByText("10 recovery codes left").waitFor();

    // Another browser: password, then code.
    const elsewhere = await scene.window();
    await passwordOf(elsewhere.page);
    await elsewhere.page.getByRole("heading", { name: "Your second factor" }).waitFor();
    assert.deepEqual(await accessibilityFindings(elsewhere.page, "code step"), []);
    elsewhere.expectRefusal(401, /auth\/second-factor$/);
    await elsewhere.page.getByLabel("Code", { exact: true }).fill("123");
    await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
    await elsewhere.page.getByRole("alert").getByText(/six digits/).waitFor();
    await elsewhere.page.getByLabel("Code", { exact: true }).fill(codeOf(secret));
    await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
    await signedIn(elsewhere.page);

    // A third one by a recovery code, which is good once.
    const phone = await scene.window();
    await passwordOf(phone.page);
    await phone.page.getByRole("button", { name: "Use a recovery code" }).click();
    await phone.page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await phone.page.getByRole("button", { name: "Sign in" }).click();
    await signedIn(phone.page);
    const again = await scene.window();
    again.expectRefusal(401, /auth\/second-factor$/);
    await passwordOf(again.page);
    await again.page.getByRole("button", { name: "Use a recovery code" }).click();
    await again.page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await again.page.getByRole("button", { name: "Sign in" }).click();
    await again.page.getByRole("alert").waitFor();
    assert.match(again.page.url(), /sign-in/);

    // At the desk all three are seen; the others are ended, and find out by themselves.
    await desk.page.reload();
    const sessions = desk.page.getByRole("table", { name: "Sessions" });
    await sessions.getByText("by recovery code").waitFor();
    // The head, these three, and the program that set the house up.
    assert.equal(await sessions.getByRole("row").count(), 5);
    assert.deepEqual(await accessibilityFindings(desk.page, "profile"), []);
    await desk.page.getByRole("button", { name: "End all others" }).click();
    await desk.page.getByRole("dialog").getByRole("button", { name: "End all others" }).click();
    await sessions.getByText("by recovery code").waitFor({ state: "detached" });
    assert.equal(await sessions.getByRole("row").count(), 2);
    for (const other of [elsewhere, phone]) {
      other.expectRefusal(401, /^\/api\/v1\//);
      await other.go("/me");
      await other.page.getByRole("heading", { name: /Sign in/ }).waitFor();
    }
  },
  { empty: true },
);

story(
  "An administrator asks everybody for a second factor, and helps one who has lost the phone",
  async (scene) => {
    const api = await setUp(scene.url, ada);
    const rosa = await api.create("/records/employee", { fields: { name: "Rosa Quill", email: "rosa@northwind.example", roles: ["salesperson"], active: true } });
    await api.create(`/people/${rosa.record.id}/password`, { password: "quiet-evening-walk" });
    const desk = await scene.windowOf(ada.email, {}, ada.password);
    await desk.go("/admin/sign-in");
    await desk.page.getByLabel("Shortest password, in characters").fill("4");
    await desk.page.getByLabel("Everybody must have one").check();
    desk.expectRefusal(422, /sign-in-settings$/);
    await desk.page.getByRole("button", { name: "Save", exact: true }).click();
    await desk.page.getByText(/out of range/).waitFor();
    await desk.page.getByLabel("Shortest password, in characters").fill("12");
    assert.deepEqual(await accessibilityFindings(desk.page, "sign-in settings"), []);
    desk.expectRefusal(403, /^\/api\/v1\//);
    await desk.page.getByRole("button", { name: "Save", exact: true }).click();

    // From now on nothing else is open, to the administrator either.
    await desk.page.waitForURL("**/enrol**");
    await enrol(desk.page);
    await desk.page.waitForURL("**/admin/sign-in");

    const rosas = await scene.window();
    rosas.expectRefusal(403, /^\/api\/v1\//);
    await rosas.page.goto("/sign-in");
    await rosas.page.getByLabel("E-mail").fill("rosa@northwind.example");
    await rosas.page.getByLabel("Password", { exact: true }).fill("quiet-evening-walk");
    await rosas.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await rosas.page.waitForURL("**/enrol**");
    assert.deepEqual(await accessibilityFindings(rosas.page, "enrolment"), []);
    await enrol(rosas.page);
    await rosas.page.getByRole("navigation", { name: "Main navigation" }).waitFor();

    // Her phone is lost: the administrator forgets the factor, and ends where she is signed in.
    await desk.go("/admin/people");
    await desk.page.getByRole("button", { name: "Acts for Rosa Quill" }).click();
    await desk.page.getByRole("menuitem", { name: "Security…" }).click();
    const dialog = desk.page.getByRole("dialog", { name: "How Rosa Quill signs in" });
    await dialog.getByText("10 recovery codes left").waitFor();
    assert.deepEqual(await accessibilityFindings(desk.page, "security of a person"), []);
    await dialog.getByRole("button", { name: "Reset" }).click();
    await desk.page.getByRole("dialog", { name: /Forget the second factor/ }).getByRole("button", { name: "Reset" }).click();
    await dialog.getByText("not set up").waitFor();
    await dialog.getByRole("button", { name: "End all" }).click();
    await desk.page.getByRole("dialog", { name: /End all sessions/ }).getByRole("button", { name: "End all" }).click();
    await dialog.getByText("Not signed in anywhere.").waitFor();
    rosas.expectRefusal(401, /^\/api\/v1\//);
    await rosas.go("/");
    await rosas.page.getByRole("heading", { name: /Sign in/ }).waitFor();
  },
  { empty: true },
);

story(
  "A token that may only read is made on screen and writes nothing",
  async (scene) => {
    await setUp(scene.url, ada);
    const desk = await scene.windowOf(ada.email, {}, ada.password);
    await desk.go("/me");
    const { page } = desk;
    await page.getByLabel("What it is for").fill("nightly export");
    await page.getByRole("combobox", { name: "May" }).click();
    await page.getByRole("option", { name: "read everything" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Create token" }).click();
    const token = await page.getByRole("status").filter({ hasText: "Copy it now" }).locator("code").innerText();
    await page.getByRole("row", { name: /nightly export/ }).getByText("read everything").waitFor();
    const ask = (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) =>
      fetch(`${scene.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
        body: body ? JSON.stringify(body) : undefined,
      });
    assert.equal((await ask("GET", "/records/opportunity", undefined)).status, 200);
    const refused = await ask("POST", "/records/opportunity", { fields: { name: "Stolen" } });
    assert.deepEqual([refused.status, (await refused.json()).code], [403, "auth.scope"]);
    assert.equal((await ask("GET", "/sign-in-settings", undefined)).status, 403);
  },
  { empty: true },
);

/** @param {import("playwright-core").Page} page */
async function enrol(page) {
  const main = page.getByRole("main");
  await main.getByRole("img", { name: /QR code/ }).waitFor();
  await main.getByLabel("The code that it shows now").fill(codeOf(await secretOnScreen(main)));
  await main.getByRole("button", { name: "Confirm" }).click();
  await main.getByLabel("I have kept them in a safe place").check();
  await main.getByRole("button", { name: "Done" }).click();
}
