import { describe, expect, it } from "vitest";
import type { FieldDefinition } from "~/api/definitions";
import type { Field } from "~/api/types";
import { creationOf, draftOfField, fieldChanges, fitting, newField, optionsOf } from "./fieldDraft";

const label = (en: string, zh = "") => ({ en, "zh-CN": zh });
const field = (key: string, type: Field["type"], more: Partial<Field> = {}) => ({ key, type, label: label(key, key), filterable: true, ...more }) as Field;

describe("a field as it is sent", () => {
  it("has the settings of its type alone, its label in both languages", () => {
    expect(creationOf({ ...newField("number"), label: label("Head count"), min: "0", formula: "left over" })).toEqual({
      type: "number",
      label: label("Head count", "Head count"),
      scale: 0,
      min: "0",
      required: false,
      unique: false,
      fast: false,
      read_only: false,
    });
  });
  it("has a formula with its result", () => {
    expect(creationOf({ ...newField("calculated"), label: label("Twice"), key: "x_twice", formula: "amount * 2", result: "currency" })).toEqual({
      key: "x_twice",
      type: "calculated",
      label: label("Twice", "Twice"),
      formula: "amount * 2",
      result: "currency",
      indexed: true,
    });
  });
  it("does not ask to store what cannot be stored", () => {
    expect(creationOf({ ...newField("calculated"), indexable: false })).toMatchObject({ indexed: false });
  });
  it("has options with keys of their own", () => {
    const rows = [
      { id: "a", added: false, option: { key: "on_site", label: label("On site", "现场"), active: true } },
      { id: "b", added: true, option: { key: "", label: label("On site"), active: true } },
      { id: "c", added: true, option: { key: "", label: label("", "远程"), active: true } },
    ];
    expect(optionsOf(rows).map((option) => [option.key, option.label["zh-CN"]])).toEqual([["on_site", "现场"], ["on_site_2", "On site"], ["option", "远程"]]);
  });
});

describe("a changed field", () => {
  const stored = { ...field("x_city", "text", { required: false, unique: false, read_only: false, max_length: 80, pattern: "^[A-Z]" }), state: "live", own: true } as FieldDefinition;
  it("sends what was changed, and null for what was taken away", () => {
    const before = draftOfField(stored);
    expect(fieldChanges(before, before)).toEqual({});
    expect(fieldChanges({ ...before, pattern: "", required: true }, before)).toEqual({ pattern: null, required: true });
  });
});

describe("a statistic", () => {
  const fields = [field("amount", "currency"), field("n", "number", { scale: 1 }), field("day", "date"), field("name", "text"), field("x_c", "calculated", { result: "percent", filterable: false })];
  it("is taken of fields that fit", () => {
    expect(fitting("sum", fields).map((it) => it.key)).toEqual(["amount", "n"]);
    expect(fitting("max", fields).map((it) => it.key)).toEqual(["amount", "n", "day"]);
  });
});
