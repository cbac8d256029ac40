import { describe, expect, it } from "vitest";
import type { TimelineItem } from "~/api/timeline";
import { withSlips } from "./slips";

const item = (kind: string, at: string, record_id = "deal"): TimelineItem => ({
  id: `${kind}-${at}`,
  kind,
  at,
  object: "opportunity",
  record_id,
  slip: kind === "slip" ? { id: at, kind: "amount", at, by: "kim" } : null,
});

describe("withSlips", () => {
  it("tells slips with the change by which they came about", () => {
    const told = withSlips([item("slip", "3"), item("slip", "3"), item("change", "3"), item("stage", "2"), item("slip", "1")]);
    expect(told.map((it) => [it.kind, it.slips?.length])).toEqual([
      ["change", 2],
      ["stage", undefined],
      ["slip", undefined],
    ]);
  });

  it("keeps those of another record, and those whose change is not told", () => {
    expect(withSlips([item("slip", "3"), item("change", "3", "another")]).map((it) => it.kind)).toEqual(["slip", "change"]);
    expect(withSlips([item("slip", "3"), item("comment", "3")]).map((it) => it.kind)).toEqual(["slip", "comment"]);
  });
});
