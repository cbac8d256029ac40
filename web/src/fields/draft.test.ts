import { describe, expect, it } from "vitest";
import type { Field, FieldType, Rec } from "~/api/types";
import { changesOf, editableFields, requiredFirst, sameValue, startOf } from "./draft";

const field = (key: string, type: FieldType = "text", more: Partial<Field> = {}): Field => ({
  key, type, label: { en: key, "zh-CN": key }, required: false, unique: false, read_only: false, system: false, sortable: true, filterable: true, access: "write", ...more,
});

describe("a form's fields", () => {
  const fields = [field("name", "text", { required: true }), field("stage", "select", { required: true }), field("amount", "currency"), field("owner", "employee", { system: true, access: "read" }), field("number", "auto_number"), field("secret", "text", { access: "read" })];

  it("are those a person may write", () => {
    expect(editableFields(fields, "create", "account").map((it) => it.key)).toEqual(["name", "stage", "amount"]);
  });

  it("of an opportunity leave out the stage, which is changed by moving", () => {
    expect(editableFields(fields, "edit", "opportunity").map((it) => it.key)).toEqual(["name", "amount"]);
  });

  it("begin with the required ones", () => {
    expect(requiredFirst([field("a"), field("b", "text", { required: true })]).map((it) => it.key)).toEqual(["b", "a"]);
  });

  it("start from their defaults and from what is known beforehand", () => {
    expect(startOf([field("a", "text", { default: "x" }), field("b", "text", { default: null })], { c: "y" })).toEqual({ a: "x", c: "y" });
  });
});

describe("changes", () => {
  const base: Rec = { object: "account", id: "1", version: 1, revision: 1, fields: { name: "Old", amount: { amount: "1.00", currency: "USD" }, city: null } };

  it("are what differs from the record; an emptied field goes as null", () => {
    expect(changesOf({ name: "New", amount: { amount: "1.00", currency: "USD" }, city: null }, base)).toEqual({ name: "New" });
    expect(changesOf({ name: undefined }, base)).toEqual({ name: null });
  });

  it("do not tell an unset field from an empty one", () => {
    expect(sameValue(undefined, null)).toBe(true);
    expect(sameValue([], null)).toBe(false);
  });
});
