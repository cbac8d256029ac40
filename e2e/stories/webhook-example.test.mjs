// The example of the API's documentation, as it stands there, takes a message that is signed and refuses one that was changed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import { freePort } from "../harness/receiver.mjs";

test("The documented receiver runs, and can tell what comes from here", async () => {
  const text = await readFile(new URL("../../docs/api-design.md", import.meta.url), "utf8");
  const example = /```js\n([\s\S]*?standardwebhooks[\s\S]*?)```/.exec(text)?.[1];
  assert.ok(example, "the example is there");
  const port = await freePort();
  const secret = `whsec_${Buffer.from("a secret of thirty-two bytes, so").toString("base64")}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", example.replace("listen(3000)", `listen(${port})`)], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, WEBHOOK_SECRET: secret },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  try {
    const body = JSON.stringify({ type: "opportunity.updated", timestamp: new Date().toISOString(), data: { id: "1", revision: 7 } });
    const now = new Date();
    const headers = {
      "webhook-id": "msg_1", "webhook-timestamp": String(Math.floor(now.getTime() / 1000)), "webhook-signature": new Webhook(secret).sign("msg_1", now, body),
    };
    const send = (/** @type {string} */ content) => fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: content });
    for (let tries = 0; tries < 200; tries += 1) {
      const there = await send(body).catch(() => undefined);
      if (there) {
        assert.equal(there.status, 204);
        break;
      }
      await pause(50);
    }
    assert.match(said, /opportunity\.updated 1 7/);
    assert.equal((await send(body.replace("7", "8"))).status, 400);
  } finally {
    child.kill();
    await exited;
  }
});
