import { describe, expect, it } from "vitest";
import { filled, hasContent, NOTHING, subjectOf } from "./draft";

describe("what has been begun", () => {
  it("is worth keeping as soon as something stands in it", () => {
    expect(hasContent(NOTHING, "call")).toBe(false);
    expect(hasContent({ ...NOTHING, activity: { content: "" } }, "call")).toBe(false);
    expect(hasContent({ ...NOTHING, activity: { next_step: "Send the offer" } }, "visit")).toBe(true);
    expect(hasContent({ ...NOTHING, comment: { text: "  ", mentions: [] } }, "comment")).toBe(false);
    expect(hasContent({ ...NOTHING, activity: { content: "x" } }, "task")).toBe(false);
  });
  it("is sent without what was left empty", () => {
    expect(filled({ name: "a", content: "", contact: null, next_step: undefined, files: ["1"] })).toEqual({ name: "a", files: ["1"] });
  });
});

describe("subjectOf", () => {
  it("takes what was typed, else the first line told, else the kind", () => {
    expect(subjectOf(" Prices ", "Long story", "Call")).toBe("Prices");
    expect(subjectOf("", "Wants a discount.\nWill call back.", "Call")).toBe("Wants a discount.");
    expect(subjectOf(undefined, "", "Call")).toBe("Call");
    expect(subjectOf("", "x".repeat(200), "Call")).toHaveLength(90);
  });
});
