import { phone } from "../harness/browser.mjs";
import { walk } from "../harness/everyScreen.mjs";
import { story } from "../harness/story.mjs";

story("On a phone nothing hangs over its edge, and everything is large enough for a finger", (scene) => walk(scene, "kim", { viewport: phone, axe: false, layout: true, touch: true }));

story("Words that are longer by two fifths have room", (scene) => walk(scene, "kim", { language: "long", axe: false, layout: true }));
