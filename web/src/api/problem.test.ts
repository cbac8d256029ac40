import { describe, expect, it } from "vitest";
import { ApiProblem } from "./http";
import { fieldOfPath, findingsOf, findingsOfError } from "./problem";

describe("violations", () => {
  it("stand at the field their path names, however it is written", () => {
    for (const path of ["amount", "fields.amount", "/fields/amount", "fields/amount/currency", "amount.currency"]) expect(fieldOfPath(path)).toBe("amount");
    expect(fieldOfPath("")).toBeUndefined();
    expect(fieldOfPath(null)).toBeUndefined();
  });

  it("of fields that are not on the screen are told for the form as a whole", () => {
    const violations = [
      { code: "field.required", path: "name", message: "Fill in the name." },
      { code: "field.required", path: "x_secret", message: "Fill in the secret." },
      { code: "record.locked", message: "The record is locked." },
    ];
    expect(findingsOf(violations, ["name", "amount"])).toEqual({ byField: { name: ["Fill in the name."] }, general: ["Fill in the secret.", "The record is locked."] });
  });

  it("of one field are all kept", () => {
    const found = findingsOf(
      [
        { code: "field.too_long", path: "name", message: "Too long." },
        { code: "field.not_unique", path: "name", message: "Taken." },
      ],
      ["name"],
    );
    expect(found.byField.name).toEqual(["Too long.", "Taken."]);
  });

  it("are missing in a refusal without any, which then speaks for itself", () => {
    const refusal = new ApiProblem({ title: "Forbidden", detail: "Your roles do not allow this.", status: 403, code: "access.act_not_allowed" });
    expect(findingsOfError(refusal, ["name"])).toEqual({ byField: {}, general: ["Your roles do not allow this."] });
    expect(findingsOfError(null, ["name"])).toEqual({ byField: {}, general: [] });
  });
});
