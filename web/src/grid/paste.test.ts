import { describe, expect, it } from "vitest";
import type { Field } from "~/api/types";
import { isTable, readCell, styleIn, tableOf } from "./paste";

const of = (type: Field["type"], more: Partial<Field> = {}) => ({ key: "x", type, ...more }) as Field;

describe("cells from a spreadsheet", () => {
  it("are lines of values", () => {
    expect(tableOf("a\tb\r\nc\t\r\n")).toEqual([["a", "b"], ["c", ""]]);
  });
  it("may hold tabs, lines and quotes within quotes", () => {
    expect(tableOf('"a\tb"\t"say ""yes"""\n"two\nlines"\tz')).toEqual([["a\tb", 'say "yes"'], ["two\nlines", "z"]]);
  });
  it("are a table from the second cell on; one is typed like any text", () => {
    expect(isTable("one\n")).toBe(false);
    expect(isTable("one\ttwo")).toBe(true);
    expect(isTable("one\ntwo\n")).toBe(true);
  });
  it.each([
    [of("number"), "1,200.5", { value: "1200.5" }],
    [of("percent"), "12 %", { value: "12" }],
    [of("currency"), "$ 1,450.00", { value: { amount: "1450.00", currency: "USD" } }],
    [of("currency"), "€ 1,450.00", { value: { amount: "1450.00", currency: "EUR" } }],
    [of("currency"), "1450 gbp", { value: { amount: "1450", currency: "GBP" } }],
    [of("currency"), "1450 EUR", { value: { amount: "1450", currency: "EUR" } }],
    [of("number"), "a few", { unread: "a few" }],
    [of("boolean"), "Yes", { value: true }],
    [of("date"), "2026/3/7", { value: "2026-03-07" }],
    [of("date"), "07.03.2026", { unread: "07.03.2026" }],
    [of("select", { options: [{ key: "k", label: { en: "High", "zh-CN": "高" }, active: true }] }), "高", { value: "k" }],
    [of("reference", { object: "product" }), " Meter ", { lookUp: "Meter", object: "product" }],
    [of("text"), "  ", { value: null }],
  ])("are read as the column has it: %o %s", (field, text, read) => {
    expect(readCell(field, text, "USD")).toEqual(read);
  });
  it.each([
    [["1,450.00", "3"], "point"],
    [["1.450,00", "3"], "comma"],
    [["12,5", "1.450"], "comma"],
    [["1.234.567"], "comma"],
    [["1,450", "2"], "point"],
    [["€ 1 450,5"], "comma"],
  ])("are numbers in the style that they can only be meant in: %j", (texts, style) => {
    expect(styleIn(texts.map((text) => [text]), () => of("number"))).toBe(style);
  });
  it("are read in that style", () => {
    expect(readCell(of("currency"), "1.450,50 EUR", "USD", "comma")).toEqual({ value: { amount: "1450.50", currency: "EUR" } });
    expect(readCell(of("percent"), "7,5 %", "USD", "comma")).toEqual({ value: "7.5" });
  });
});
