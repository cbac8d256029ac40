import { describe, expect, it } from "vitest";
import type { PathStage, Requirement } from "~/api/types";
import { asksOf, needsDialog, requirementsOf, sortRequirements } from "./requirements";

const stage: PathStage = {
  key: "engaging",
  label: { en: "Engaging", "zh-CN": "洽谈" },
  type: "in_progress",
  state: "upcoming",
  overdue: false,
  reachable: true,
  requirements: [],
  asks: [],
  asks_reason: false,
};
const missing: Requirement = { code: "stage.missing_field", stage: "engaging", message: "m", path: "fields.next_step", fixable_by: "you" };

describe("needsDialog", () => {
  it("lets a free stage be entered in one gesture", () => {
    expect(needsDialog(stage)).toBe(false);
    expect(needsDialog({ ...stage, asks: ["amount"] })).toBe(false);
  });
  it.each([{ asks_reason: true }, { requirements: [missing] }, { prompt: "Say why" }])("stops for %j", (more) => {
    expect(needsDialog({ ...stage, ...more })).toBe(true);
  });
});

describe("asksOf", () => {
  it("adds the field a refusal names, once, and none that one may not write", () => {
    expect(asksOf({ ...stage, asks: ["next_step"] }, [missing], [], ["next_step"])).toEqual(["next_step"]);
    expect(asksOf(stage, [missing], [], ["next_step"])).toEqual(["next_step"]);
    expect(asksOf(stage, [missing], [], [])).toEqual([]);
  });
  it("follows a rule about another field, and keeps it while it is being filled in", () => {
    const note: Requirement = { code: "field.required", stage: "lost", message: "m", path: "lost_note", fixable_by: "you" };
    const editable = ["lost_reason", "lost_note"];
    expect(asksOf({ ...stage, asks: ["lost_reason"] }, [note], ["lost_reason"], editable)).toEqual(["lost_reason", "lost_note"]);
    expect(asksOf({ ...stage, asks: ["lost_reason"] }, [], ["lost_reason", "lost_note"], editable)).toEqual(["lost_reason", "lost_note"]);
  });
});

describe("sortRequirements", () => {
  it("puts each where it is answered", () => {
    const requirements = requirementsOf(
      [
        { code: "stage.missing_field", path: "next_step", message: "a" },
        { code: "stage.reason_required", message: "b" },
        { code: "stage.not_skippable", message: "c", params: { fixable_by: "administrator" } },
      ],
      "engaging",
    );
    const sorted = sortRequirements(requirements, ["next_step"]);
    expect(sorted.atField).toEqual({ next_step: ["a"] });
    expect(sorted.atReason).toEqual(["b"]);
    expect(sorted.elsewhere).toMatchObject([{ code: "stage.not_skippable", fixable_by: "administrator" }]);
  });
});
