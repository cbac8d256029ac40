import { describe, expect, it } from "vitest";
import { conversionAsked, conversionQuestion, spanOf, spanText } from "./asked";

describe("what the stage conversion is about", () => {
  it("is read from the address, without what is not understood", () => {
    expect(conversionAsked({ created: "2026-01-01..2026-03-31", closed: "..", expected: "soon", entered: "2026-05-01..", type: ["new"] })).toEqual({ created: "2026-01-01..2026-03-31", entered: "2026-05-01..", type: ["new"] });
  });

  it("is asked as a condition; when a deal came in, only the analysis knows", () => {
    expect(conversionQuestion({ process: "p", owner: "kim" }, { created: "2026-01-01..2026-03-31", closed: "..2026-06-30", entered: "2026-05-01.." })).toEqual({
      process: "p",
      entered: "2026-05-01..",
      filter: {
        all: [
          { field: "owner", op: "eq", value: "kim" },
          { field: "created_at", op: "between", value: ["2026-01-01", "2026-03-31"] },
          { field: "closed_at", op: "le", value: "2026-06-30" },
        ],
      },
    });
    expect(conversionQuestion({}, {})).toEqual({ process: undefined, filter: undefined, entered: undefined });
  });

  it("has periods with an open end", () => {
    expect(spanOf("2026-01-01..")).toEqual({ from: "2026-01-01", to: undefined });
    expect(spanText({ to: "2026-02-01" })).toBe("..2026-02-01");
    expect(spanText({})).toBeUndefined();
  });
});
