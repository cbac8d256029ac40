import { expect, it } from "vitest";
import { newReclaim, warningsOf } from "./reclaim";

it("takes days out of what was typed, the earliest warning first", () => {
  expect(warningsOf(["1", " 7 ", "x", "7", "0", "2.5"])).toEqual([7, 1]);
});

it("gives every rule a key of its own", () => {
  const first = newReclaim([]);
  const second = newReclaim([first]);
  expect(newReclaim([second]).key).not.toBe(second.key);
  expect(new Set([first, second, newReclaim([first, second])].map((it) => it.key)).size).toBe(3);
});
