import { describe, expect, it } from "vitest";
import type { Field, ObjectDef } from "~/api/types";
import { completed, objectBehind, suggestionsAt, wordAt } from "./completion";

const field = (key: string, type: Field["type"], en: string, more: Partial<Field> = {}) => ({ key, type, label: { en, "zh-CN": en }, ...more }) as Field;
const account = { key: "account", fields: [field("annual_revenue", "currency", "Annual revenue"), field("owner", "employee", "Owner")] } as ObjectDef;
const employee = { key: "employee", fields: [field("title", "text", "Position")] } as ObjectDef;
const opportunity = {
  key: "opportunity",
  fields: [field("amount", "currency", "Amount"), field("account", "reference", "Account", { object: "account" }), field("win_rate", "percent", "Probability"), field("x_files", "attachment", "Files"), field("x_me", "calculated", "Me")],
} as ObjectDef;
const help = { en: "", "zh-CN": "" };
const known = {
  object: opportunity,
  objects: [opportunity, account, employee],
  functions: [{ name: "round", signature: "round(x, digits)", help, example: "" }, { name: "abs", signature: "abs(x)", help, example: "" }],
  except: "x_me",
  language: "en" as const,
};
const at = (formula: string, caret = formula.length) => {
  const word = wordAt(formula, caret);
  return word && suggestionsAt(word, known).map((it) => it.name);
};

describe("what a formula goes on with", () => {
  it("is anything at the beginning, save itself and files", () => expect(at("")).toEqual(["amount", "account", "win_rate", "round", "abs"]));
  it("is what begins so, by key or by label", () => {
    expect(at("a")).toEqual(["amount", "account", "abs", "win_rate"]);
    expect(at("1 + prob")).toEqual(["win_rate"]);
    expect(at("amount * rou")).toEqual(["round"]);
  });
  it("is what a reference leads to, hop by hop", () => {
    expect(at("account.")).toEqual(["annual_revenue", "owner"]);
    expect(at("account.owner.t")).toEqual(["title"]);
    expect(at("amount.")).toEqual([]);
    expect(objectBehind(opportunity, ["account", "owner", "title", "x"], known.objects)).toBeUndefined();
  });
  it("is nothing within a text, a remark or behind a figure", () => {
    expect(at("amount // am")).toBeUndefined();
    expect(at("amount // am\nam")).toEqual(["amount"]);
    expect(at('"//" + am')).toEqual(["amount"]);
    expect(at('"a')).toBeUndefined();
    expect(at('"a\\"b')).toBeUndefined();
    expect(at('"a" + am')).toEqual(["amount"]);
    expect(at("12")).toBeUndefined();
    expect(at("1.")).toBeUndefined();
  });
});

describe("completing", () => {
  it("takes the place of the whole word under the caret", () => {
    const word = wordAt("amXX * 2", 2)!;
    expect(completed("amXX * 2", word, { kind: "field", name: "amount", text: "" })).toEqual({ formula: "amount * 2", caret: 6 });
  });
  it("stands within the brackets of a function, which are not doubled", () => {
    expect(completed("ro", wordAt("ro", 2)!, { kind: "function", name: "round", text: "" })).toEqual({ formula: "round()", caret: 6 });
    expect(completed("ro(1)", wordAt("ro(1)", 2)!, { kind: "function", name: "round", text: "" })).toEqual({ formula: "round(1)", caret: 6 });
  });
});
