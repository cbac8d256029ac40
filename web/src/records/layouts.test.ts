import { describe, expect, it } from "vitest";
import type { Field, ObjectDef } from "~/api/types";
import { formSectionsOf, sectionsOf } from "./layouts";

const field = (key: string, more: Partial<Field> = {}) => ({ key, type: "text", label: { en: key, "zh-CN": key }, ...more }) as Field;
const fields = [
  field("name", { required: true }),
  field("city"),
  field("note"),
  field("x_sum", { type: "statistical", result: "number" }),
  field("created_at", { system: true }),
  field("locked", { system: true, type: "boolean" }),
];
const object = { key: "x_visit", name_field: "name", fields } as ObjectDef;
const label = { en: "Where", "zh-CN": "地点" };
const laidOut = { ...object, layout: { sections: [{ label, fields: ["city", "gone"], collapsed: false }, { label: null, fields: ["x_sum"], collapsed: true }] } };
const keysOf = (sections: { fields: Field[] }[] | undefined) => sections?.map((section) => section.fields.map((it) => it.key));

describe("the sections of a record", () => {
  it("are the product's own without a layout", () => {
    expect(sectionsOf(object).map((section) => section.title)).toEqual(["about", "figures", "record"]);
    expect(keysOf(sectionsOf(object))).toEqual([["city", "note"], ["x_sum"], ["created_at"]]);
  });
  it("follow the layout, with all the rest folded at the end", () => {
    const sections = sectionsOf(laidOut);
    expect(sections.map((section) => [section.title, section.collapsed])).toEqual([[label, false], [null, true], ["more", true]]);
    expect(keysOf(sections)).toEqual([["city"], ["x_sum"], ["note", "created_at"]]);
  });
});

describe("the sections of a form", () => {
  const editable = fields.slice(0, 3);
  it("are none without a layout", () => expect(formSectionsOf(object, editable, [])).toBeUndefined());
  it("have what can be filled in, and what must be in any case", () => {
    expect(keysOf(formSectionsOf(laidOut, editable, []))).toEqual([["name"], ["city"]]);
    expect(keysOf(formSectionsOf(laidOut, editable, ["note"]))).toEqual([["name", "note"], ["city"]]);
  });
});
