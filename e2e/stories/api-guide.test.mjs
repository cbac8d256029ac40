// The examples of the API guide, as they stand there, run from top to bottom, and what they answer has the shape that is shown.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

const run = promisify(execFile);
const MARK = "--- example";

/**
 * @typedef {object} Example
 * @property {"sh" | "js"} language
 * @property {string} code
 * @property {string} shown the answer as the page shows it; empty where it shows none
 */

/** @returns {Promise<Example[]>} */
async function examples() {
  const text = await readFile(new URL("../../docs/api-guide.md", import.meta.url), "utf8");
  const fences = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code: code ?? "" }));
  return fences.flatMap(({ language, code }, index) => {
    if (language !== "sh" && language !== "js") {
      assert.ok(language === "json" || language === "text", `a fence of ${language || "nothing"}: what is not run is marked as text`);
      return [];
    }
    const next = fences[index + 1];
    return [{ language, code, shown: next?.language === "json" ? next.code : "" }];
  });
}

story("Every example of the API guide runs, and answers as the guide shows", async (scene) => {
  const mona = await scene.api(people.mona);
  const { token } = await mona.create("/me/tokens", { name: "the guide" });
  const folder = await mkdtemp(path.join(tmpdir(), "stagecraft-guide-"));
  const all = await examples();
  assert.ok(all.length >= 12, `${all.length} examples`);
  const parts = { sh: all.filter(({ language }) => language === "sh"), js: all.filter(({ language }) => language === "js") };
  const env = { ...process.env, STAGECRAFT: scene.url, TOKEN: token, TMPDIR: folder };
  try {
    // Examples build upon each other, across the two languages: what stands first on the page is run first.
    /** @type {Map<Example, string>} */
    const said = new Map();
    for (let at = 0; at < all.length; at += 1) {
      const example = /** @type {Example} */ (all[at]);
      // A program is what was declared until here; only the last example of it says something.
      const until = parts[example.language].filter((one) => all.indexOf(one) <= at);
      const source = example.language === "js" ? program(until) : `set -u\n${until.filter((one) => one === example || /^ID=/.test(one.code)).map((one) => one.code).join(`\necho '${MARK}'\n`)}`;
      const [command, words] = example.language === "js" ? [process.execPath, ["--input-type=module", "--eval", source]] : ["bash", ["-c", source]];
      const { stdout } = await run(command, words, { env, timeout: 60_000 }).catch((error) => {
        throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
      });
      said.set(example, stdout.split(MARK).at(-1) ?? "");
    }
    for (const example of all.filter(({ shown }) => shown !== "")) {
      const shown = JSON.parse(example.shown);
      const lines = /** @type {string} */ (said.get(example)).trim().split("\n");
      const last = lines.at(-1) ?? "";
      let answered;
      try {
        answered = JSON.parse(last);
      } catch {
        assert.fail(`no JSON: ${last.slice(0, 300)}\n${example.code}`);
      }
      assert.deepEqual(differences(shown, answered, "answer"), [], example.code);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/**
 * The examples as one program of which only the last speaks and acts; those before it give their declarations.
 * @param {Example[]} until
 */
function program(until) {
  const last = /** @type {Example} */ (until.at(-1));
  const declarations = until.slice(0, -1).map(({ code }) => {
    const functions = code.match(/^(?:async )?function[* ][\s\S]*?^}$/gm) ?? [];
    const constants = code.match(/^const \{ STAGECRAFT.*$/gm) ?? [];
    return [...constants, ...functions].join("\n");
  });
  return `${declarations.join("\n")}\n${last.code}`;
}

/**
 * Where an answer is not of the shape that is shown: members that are missing, of another type, or words that mean something.
 * @param {any} shown
 * @param {any} answered
 * @param {string} at
 * @returns {string[]}
 */
function differences(shown, answered, at) {
  const kind = (/** @type {any} */ value) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);
  if (shown === "…" && answered !== null && answered !== undefined) return [];
  if (kind(shown) !== kind(answered)) return [`${at} is ${kind(answered)}, not ${kind(shown)}`];
  if (Array.isArray(shown)) {
    if (shown.length === 0) return [];
    return answered.length === 0 ? [`${at} is empty`] : differences(shown[0], answered[0], `${at}[0]`);
  }
  if (kind(shown) === "object") return Object.keys(shown).flatMap((key) => differences(shown[key], answered[key], `${at}.${key}`));
  const meant = /\.(code|result|state|status|object|path|reachable|name|source|key|created|failed|dry_run|allSeen|genuine|changed|refused|moved|type|email)$/.test(at);
  return meant && shown !== answered ? [`${at} is ${JSON.stringify(answered)}, not ${JSON.stringify(shown)}`] : [];
}
