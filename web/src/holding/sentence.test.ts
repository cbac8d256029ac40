import { describe, expect, it } from "vitest";
import type { HoldingRuleDocument } from "~/api/holdings";
import { i18next } from "~/i18n";
import { sentenceOf } from "./sentence";

const condition = { field: "x", op: "is_not_empty" as const };
const said = (rule: Partial<HoldingRuleDocument>, language = "en") =>
  sentenceOf(
    { subject: { kind: "employees" }, limit: { kind: "number", number: 3 }, ...rule },
    {
      t: i18next.getFixedT(language, "holding"),
      objects: language === "en" ? "opportunities" : "商机",
      people: () => (language === "en" ? "Title is Sales" : "职位 是 销售"),
      records: () => (language === "en" ? "Amount at least 1,000" : "金额 不小于 1,000"),
      nameOf: (id) => id,
      fieldName: () => "Deal quota",
    },
  );

describe("a rule in words", () => {
  it("says whom, how many and what counts", () => {
    expect(said({})).toBe("Each person may have at most 3 opportunities.");
    expect(said({ subject: { kind: "employees", condition }, counts: condition, limit: { kind: "number", number: 1 } })).toBe("Each person for whom Title is Sales may have at most 1 of the opportunities for which Amount at least 1,000.");
  });

  it("says that departments and groups share theirs", () => {
    expect(said({ subject: { kind: "departments", ids: ["North"], with_sub: true }, limit: { kind: "number", number: 5 } })).toBe("The department North and those below it, all together, may have at most 5 opportunities.");
    expect(said({ subject: { kind: "groups", ids: ["Key", "New"] } })).toBe("Each of the groups Key, New, all in it together, may have at most 3 opportunities.");
  });

  it("names the variable, and whose it is", () => {
    const limit = { kind: "variable", field: "quota" } as const;
    expect(said({ limit })).toBe("Each person may have as many opportunities as the field “Deal quota” says. Where the field is blank, there is no limit.");
    expect(said({ limit, subject: { kind: "groups", ids: ["Key"] } })).toContain("as the fields “Deal quota” of its active members come to");
  });

  it("asks for somebody while nobody is chosen", () => {
    expect(said({ subject: { kind: "departments", ids: [], with_sub: false } })).toBe("Choose whom it limits.");
  });

  it("says it in Chinese", () => {
    expect(said({ counts: condition }, "zh-CN")).toBe("每个人员最多可持有 3 条商机，只计满足“金额 不小于 1,000”的记录。");
  });
});
