import { describe, expect, it } from "vitest";
import { placeFindings, placeOf } from "./findings";

describe("placeOf", () => {
  it.each([
    ["name", { kind: "field", field: "name" }],
    ["stages", { kind: "stages" }],
    ["stages.2", { kind: "stage", index: 2 }],
    ["stages[2].entry_condition", { kind: "stage", index: 2, field: "entry_condition" }],
    ["/stages/0/win_rate", { kind: "stage", index: 0, field: "win_rate" }],
    [undefined, { kind: "general" }],
  ])("%s", (path, place) => {
    expect(placeOf(path)).toEqual(place);
  });
});

describe("placeFindings", () => {
  it("shows each finding where it can be mended", () => {
    const placed = placeFindings(
      [
        { code: "process.name_missing", path: "name", message: "a" },
        { code: "process.stage_order", path: "stages.1", message: "b" },
        { code: "process.missing_terminal", message: "c" },
        { code: "process.not_permitted", path: "secret", message: "d" },
      ],
      ["name"],
    );
    expect(placed.fields["name"]?.map((it) => it.message)).toEqual(["a"]);
    expect(placed.stages[1]?.map((it) => it.message)).toEqual(["b"]);
    expect(placed.stageList.map((it) => it.message)).toEqual(["c"]);
    expect(placed.general.map((it) => it.message)).toEqual(["d"]);
  });
});
