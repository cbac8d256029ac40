import assert from "node:assert/strict";
import { setUp } from "../harness/api.mjs";
import { accessibilityFindings } from "../harness/browser.mjs";
import { client, startProvider } from "../harness/provider.mjs";
import { story } from "../harness/story.mjs";

const ada = { name: "Ada Lind", email: "ada@northwind.example", password: "a-long-enough-secret" };

/**
 * The provider's own form asks for a font elsewhere, which is none of this story.
 * @param {import("../harness/browser.mjs").Window} window
 */
async function withoutFonts(window) {
  await window.context.route("https://fonts.googleapis.com/**", (route) => route.fulfill({ status: 200, contentType: "text/css", body: "" }));
  return window;
}

/**
 * At the provider: who one is, and that Stagecraft may know.
 * @param {import("playwright-core").Page} page
 * @param {string} email
 */
async function signsInThere(page, email) {
  await page.getByPlaceholder(/login/i).fill(email);
  await page.getByPlaceholder(/password/i).fill("whatever");
  await page.getByRole("button", { name: /sign-in/i }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

story(
  "People sign in with their organisation's account, known by their e-mail, or are told why not",
  async (scene) => {
    const api = await setUp(scene.url, ada);
    const provider = await startProvider(scene.url);
    try {
      await api.create("/records/employee", { fields: { name: "Rosa Quill", email: "rosa@northwind.example", roles: ["salesperson"], active: true } });

      // The administrator connects the provider.
      const desk = await scene.windowOf(ada.email, {}, ada.password);
      await desk.go("/admin/sign-in");
      const form = desk.page.getByRole("region", { name: "Sign-in provider" });
      await form.getByText(`${scene.url}/api/v1/auth/provider/callback`).waitFor();
      await form.getByLabel("Issuer").fill(provider.issuer);
      await form.getByRole("button", { name: "Try" }).click();
      await form.getByText("The provider answers, with one key.").waitFor();
      await form.getByLabel("Client id").fill(client.id);
      await form.getByLabel("Client secret").fill(client.secret);
      await form.getByLabel("Text of the button").fill("Northwind account");
      await form.getByLabel("Sign out there too").check();
      assert.deepEqual(await accessibilityFindings(desk.page, "provider"), []);
      await form.getByRole("button", { name: "Save provider" }).click();
      await form.getByPlaceholder("kept; type only a new one").waitFor();

      // Rosa comes in by it, and to where she wanted to go.
      const rosas = await withoutFonts(await scene.window());
      const { page } = rosas;
      await rosas.go("/o/account");
      await page.waitForURL("**/sign-in**");
      assert.deepEqual(await accessibilityFindings(page, "sign-in with a provider"), []);
      await page.getByRole("link", { name: "Northwind account" }).click();
      await signsInThere(page, "rosa@northwind.example");
      await page.waitForURL(`${scene.url}/o/account`);
      await page.getByText("Rosa Quill").first().waitFor();
      await rosas.go("/me");
      await page.getByText("by the provider").waitFor();

      // Signing out leads to the provider's own sign-out, and back.
      await page.getByRole("button", { name: /Account of Rosa Quill/ }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(`${provider.issuer}/session/end**`);
      await page.getByRole("button", { name: /yes/i }).click();
      await page.waitForURL(`${scene.url}/sign-in**`);

      // Somebody whom nobody here knows is told so; so is one whose address is not verified.
      for (const [email, sentence] of /** @type {const} */ ([
        ["noor@northwind.example", /Nobody here has your e-mail/],
        ["unverified@northwind.example", /not verified/],
      ])) {
        const stranger = await withoutFonts(await scene.window());
        await stranger.go("/sign-in");
        await stranger.page.getByRole("link", { name: "Northwind account" }).click();
        await signsInThere(stranger.page, email);
        await stranger.page.getByRole("alert").getByText(sentence).waitFor();
      }

      // The administrator comes in by it as well, and takes the passwords away: the button alone is left.
      const others = await withoutFonts(await scene.window());
      await others.go("/sign-in");
      await others.page.getByRole("link", { name: "Northwind account" }).click();
      await signsInThere(others.page, ada.email);
      await others.page.getByRole("navigation", { name: "Main navigation" }).waitFor();
      await others.go("/admin/sign-in");
      await others.page.getByLabel("One may sign in by password").uncheck();
      await others.page.getByRole("button", { name: "Save", exact: true }).click();
      await others.page.getByText("Saved").first().waitFor();
      const bare = await scene.window();
      await bare.go("/sign-in");
      await bare.page.getByRole("link", { name: "Northwind account" }).waitFor();
      assert.equal(await bare.page.getByLabel("Password", { exact: true }).count(), 0);
      assert.deepEqual(await accessibilityFindings(bare.page, "sign-in without passwords"), []);

      // Who gives it up at the provider comes back to the form.
      const hesitant = await withoutFonts(await scene.window());
      await hesitant.go("/sign-in");
      await hesitant.page.getByRole("link", { name: "Northwind account" }).click();
      await hesitant.page.getByRole("link", { name: /cancel/i }).click();
      await hesitant.page.getByRole("alert").getByText(/refused you, or you gave it up/).waitFor();
    } finally {
      await provider.stop();
    }
  },
  { empty: true },
);
