import { walk } from "../harness/everyScreen.mjs";
import { story } from "../harness/story.mjs";

for (const part of /** @type {const} */ (["records", "others"])) {
  story(`Nothing keeps a salesperson out of any screen of hers, in dark colours and in Chinese: ${part}`, (scene) => walk(scene, "kim", { part, language: "zh-CN", colorScheme: "dark", layout: true }));
}
