import { describe, expect, it } from "vitest";
import { keyOfName } from "./optionKeys";

describe("keyOfName", () => {
  it.each([
    ["On hold", [], "on_hold"],
    ["On hold", ["on_hold"], "on_hold_2"],
    ["On hold", ["on_hold", "on_hold_2"], "on_hold_3"],
    ["  Prüfung! ", [], "pru_fung"],
    ["谈判", [], "stage"],
  ])("%s beside %j", (name, taken, key) => {
    expect(keyOfName(name, taken)).toBe(key);
  });
});
