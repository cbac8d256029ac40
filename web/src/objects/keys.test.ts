import { describe, expect, it } from "vitest";
import { filledLabel, keyAsTyped, suggestKey } from "./keys";

const label = (en: string, zh = "") => ({ en, "zh-CN": zh });

describe("keys of one's own", () => {
  it.each([
    ["Visit date", [], "x_visit_date"],
    ["Visit date", ["x_visit_date"], "x_visit_date_2"],
    ["Visit date", ["visit_date"], "x_visit_date"],
    ["  Gross margin (%) ", [], "x_gross_margin"],
    ["", [], "x_field"],
  ])("“%s” beside %j is %s", (text, taken, key) => expect(suggestKey(label(text), taken, "field")).toBe(key));

  it("has a fallback for a label in Chinese alone", () => expect(suggestKey(label("", "拜访"), ["x_object"], "object")).toBe("x_object_2"));
  it("keeps what is typed a key", () => expect(keyAsTyped("X_Visit Date!")).toBe("visit_date_"));
  it("copies the language that was left empty", () => {
    expect(filledLabel(label("Visit"))).toEqual(label("Visit", "Visit"));
    expect(filledLabel(label("", "拜访"))).toEqual(label("拜访", "拜访"));
  });
});
