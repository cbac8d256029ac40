import { describe, expect, it } from "vitest";
import type { Field, FieldType, ObjectDef } from "~/api/types";
import { counterpart, fits, foundObjects, groupOf, isWhole, methodsFor, ruleFor, shownFor, withMethod } from "./methods";

const field = (key: string, type: FieldType, object?: string) => ({ key, type, object, label: { en: key, "zh-CN": key } }) as Field;
const account = { key: "account", name_field: "name", owned: true, fields: [field("name", "text"), field("phone", "phone"), field("parent", "reference", "account")] } as unknown as ObjectDef;
const lead = { key: "lead", name_field: "name", owned: true, fields: [field("name", "text"), field("company", "text"), field("mobile", "phone"), field("account", "reference", "account")] } as unknown as ObjectDef;

describe("methods", () => {
  it("fit the type of the field", () => {
    expect(methodsFor(field("phone", "phone"))).toEqual(["same_digits", "exact"]);
    expect(methodsFor(field("day", "date"))).toContain("within_days");
    expect(methodsFor(field("files", "attachment"))).toEqual([]);
  });

  it("read a calculated field by what it comes to", () => {
    expect(methodsFor({ type: "calculated", result: "currency" })).toEqual(["exact", "within_percent"]);
  });

  it("keep only the setting that the method has", () => {
    const row = withMethod({ field: "name", other: "name", method: "exact", blank: "equal" }, "fuzzy");
    expect(row).toEqual({ field: "name", other: "name", method: "fuzzy", blank: "equal", threshold: 85 });
    expect(withMethod(row, "exact")).toEqual({ field: "name", other: "name", method: "exact", blank: "equal" });
  });
});

describe("rows and groups", () => {
  it("compare like with like", () => {
    expect(fits(field("company", "text"), field("name", "text"))).toBe(true);
    expect(fits(field("company", "text"), field("phone", "phone"))).toBe(false);
    expect(fits(field("account", "reference", "account"), field("parent", "reference", "account"))).toBe(true);
    expect(fits(field("account", "reference", "account"), field("contact", "reference", "contact"))).toBe(false);
  });

  it("find the other's field by its key, else its name", () => {
    expect(counterpart(lead.fields[0], account)).toBe("name");
    expect(counterpart(lead.fields[1], account)).toBe("name");
    expect(counterpart(lead.fields[2], account)).toBe("phone");
  });

  it("begin with the name", () => {
    expect(groupOf(lead, account)).toEqual({ object: "account", rows: [{ field: "name", other: "name", method: "exact", blank: "never" }] });
  });

  it("are whole when each row has both fields", () => {
    expect(isWhole(ruleFor(account))).toBe(true);
    expect(isWhole({ groups: [] })).toBe(false);
    expect(isWhole({ groups: [{ object: "account", rows: [{ field: "name", other: "", method: "exact", blank: "never" }] }] })).toBe(false);
  });

  it("show something of every object that may be found, and of no other", () => {
    const rule = { ...ruleFor(lead), groups: [groupOf(lead, account)] };
    expect(foundObjects(rule)).toEqual(["account"]);
    expect(shownFor(rule, [account, lead])).toEqual([{ object: "account", fields: ["name", "owner"] }]);
  });
});
