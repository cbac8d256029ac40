import { describe, expect, it } from "vitest";
import { ApiProblem } from "~/api/http";
import { below, findingsBelow } from "./body";
import { refusals } from "~/grid/findings";

const refused = (violations: { code: string; path?: string; message: string }[]) => new ApiProblem({ title: "no", status: 422, code: "record.invalid", violations });

describe("what a refusal says", () => {
  it("is found below the part that was sent", () => {
    expect(below([{ code: "x", path: "create/0/fields/amount", message: "m" }], "create", "0")).toMatchObject([{ path: "fields/amount" }]);
    expect(below([{ code: "x", path: "create/1/amount", message: "m" }], "create", "0")).toEqual([]);
  });
  it("stands at its field, whether it is told below the part or by itself", () => {
    const error = refused([
      { code: "a", path: "create/0/fields/amount", message: "too much" },
      { code: "b", path: "name", message: "missing" },
      { code: "c", message: "not open" },
    ]);
    expect(findingsBelow(error, ["create", "0"], ["amount", "name"])).toEqual({ byField: { amount: ["too much"], name: ["missing"] }, general: ["not open"] });
  });
  it("finds the row and the cell it means", () => {
    const error = refused([
      { code: "a", path: "rows/1/fields/price", message: "dear" },
      { code: "b", path: "rows/0/quantity", message: "none" },
      { code: "task.too_few", path: "rows", message: "one more" },
    ]);
    expect(refusals(error, ["first", "second"])).toEqual({ byRow: { second: { price: ["dear"] }, first: { quantity: ["none"] } }, general: ["one more"] });
  });
});
