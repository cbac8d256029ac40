import { walk } from "../harness/everyScreen.mjs";
import { story } from "../harness/story.mjs";

for (const part of /** @type {const} */ (["records", "administration", "others"])) {
  story(`Nothing keeps an administrator out of any screen: ${part}`, (scene) => walk(scene, "ada", { part, layout: true, opens: true }));
}
