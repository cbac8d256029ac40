import { describe, expect, it } from "vitest";
import type { Field, ObjectDef } from "~/api/types";
import { filledOf, formOf } from "./newRecord";

const field = (key: string, more: Partial<Field> = {}) => ({ key, type: "text", required: false, read_only: false, system: false, access: "write", ...more }) as Field;
const quote = {
  key: "quote",
  fields: [field("name", { required: true }), field("note"), field("valid_until"), field("terms"), field("colour"), field("deal", { required: true }), field("total", { read_only: true }), field("kind", { default: "firm" })],
} as unknown as ObjectDef;

describe("the form of a record made from a deal", () => {
  it("asks for what must be filled, what is asked for and what comes filled in; never for the link", () => {
    const form = formOf(quote, { link: "deal", fields: ["valid_until"], fill: [{ field: "note" }], values: { note: "as agreed", deal: "d1", unknown: "x" } });
    expect(form.essential).toEqual(["name", "note", "valid_until"]);
    expect(form.fields.map((one) => one.key)).not.toContain("deal");
    expect(form.start).toEqual({ kind: "firm", note: "as agreed" });
  });
  it("shows all where little more is left", () => {
    const small = { ...quote, fields: quote.fields.slice(0, 3) } as ObjectDef;
    expect(formOf(small, { link: "deal" }).essential).toEqual(["name", "note", "valid_until"]);
  });
  it("has something to write into where nothing must be filled", () => {
    const loose = { ...quote, fields: ["a", "b", "c", "d", "e", "f", "g"].map((key) => field(key)) } as ObjectDef;
    expect(formOf(loose, { link: "deal" }).essential).toEqual(["a", "b", "c"]);
  });
  it("sends no empty values", () => {
    expect(filledOf({ a: "", b: null, c: undefined, d: [], e: false, f: "0" })).toEqual({ e: false, f: "0" });
    expect(filledOf({ a: "", b: "" }, { a: "came filled in" })).toEqual({ a: null });
  });
});
