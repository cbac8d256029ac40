import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const built = new URL("../../web/dist/", import.meta.url);

/** What a browser fetches before the first screen: the page, what it names itself, and the texts of one language. */
test("The first load of the app stays under 350 kB", async () => {
  const page = await readFile(new URL("index.html", built), "utf8");
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? "");
  const assets = await readdir(new URL("assets/", built));
  for (const language of ["en", "zh"]) {
    const texts = assets.filter((name) => name.startsWith(`${language}-`) && name.endsWith(".js")).map((name) => `assets/${name}`);
    assert.equal(texts.length, 1, "the texts of one language are one file");
    const sizes = await Promise.all(["index.html", ...named, ...texts].map(async (name) => gzipSync(await readFile(new URL(name, built)), { level: 9 }).length));
    const kilobytes = sizes.reduce((sum, one) => sum + one, 0) / 1024;
    console.log(`First load in ${language}: ${kilobytes.toFixed(0)} kB in ${sizes.length} files`);
    assert.ok(kilobytes < 350, `${kilobytes} kB`);
  }
});
