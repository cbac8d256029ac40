import { describe, expect, it } from "vitest";
import { ASIDE, changedSection, draftOfLayout, layoutOfDraft, movedSection, putField, withoutSection, withSection } from "./layoutMoves";

const label = { en: "Main", "zh-CN": "主要" };
const stored = { roles: [], sections: [{ label, fields: ["name", "gone", "amount"], collapsed: false }, { fields: ["note"], collapsed: true }] };
const begin = () => draftOfLayout(stored, ["name", "amount", "note", "day"]);

describe("a layout", () => {
  it("goes there and back, without fields that are gone", () => {
    const draft = begin();
    expect(draft.places[ASIDE]).toEqual(["day"]);
    expect(layoutOfDraft(draft)).toEqual({ ...stored, sections: [{ ...stored.sections[0], fields: ["name", "amount"] }, stored.sections[1]] });
  });
  it("puts a field into a section and aside", () => {
    const draft = begin();
    const second = draft.sections[1]!.id;
    const put = putField(draft, "day", second);
    expect(put.places[second]).toEqual(["note", "day"]);
    expect(putField(put, "note", ASIDE).places).toMatchObject({ [second]: ["day"], [ASIDE]: ["note"] });
  });
  it("keeps the fields of a section that is taken out", () => {
    const draft = begin();
    expect(withoutSection(draft, draft.sections[0]!.id).places[ASIDE]).toEqual(["day", "name", "amount"]);
  });
  it("moves sections, not beyond the ends", () => {
    const draft = begin();
    const [first, second] = draft.sections.map((section) => section.id) as [string, string];
    expect(movedSection(draft, first, 1).sections.map((section) => section.id)).toEqual([second, first]);
    expect(movedSection(draft, first, -1)).toBe(draft);
  });
  it("says a new section's label in both languages", () => {
    const draft = withSection(begin());
    const id = draft.sections.at(-1)!.id;
    expect(layoutOfDraft(changedSection(draft, id, { label: { en: "More", "zh-CN": "" } })).sections.at(-1)).toEqual({ label: { en: "More", "zh-CN": "More" }, fields: [], collapsed: false });
  });
});
