import { describe, expect, it } from "vitest";
import type { Condition, Operator } from "~/api/types";
import { i18next, setLanguage } from "~/i18n";
import { describeCondition, recordsIn } from "./describe";
import { pathLabel, referringOf, referringTo, resolvePath, searchPaths } from "./fieldPaths";
import { conditionOfGroup, groupOf, placeFindings } from "./groups";
import { isDrawable, newRow, operatorsOf, periodOf, withOperator } from "./operators";
import { fieldOf, objects } from "./testObjects";

const medical: Condition = { field: "account.sector", op: "eq", value: "medical" };
const rich: Condition = { field: "amount", op: "gt", value: { amount: "1000", currency: "USD" } };
const decider: Condition = { exists: { object: "contact_role", where: { field: "role", op: "eq", value: "decision_maker" }, at_least: 2 } };

describe("groups", () => {
  it.each<Condition>([
    medical,
    { all: [medical, rich] },
    { any: [medical, rich] },
    { not: { all: [medical, rich] } },
    { not: { any: [medical] } },
    { not: medical },
    { not: { not: { all: [medical] } } },
    { not: decider },
    decider,
    { all: [{ any: [medical, { not: { all: [rich, decider] } }] }, { not: { not: medical } }] },
  ])("come back as they were: %j", (condition) => {
    expect(conditionOfGroup(groupOf(condition))).toEqual(condition);
  });

  it("are no condition without parts", () => {
    expect(conditionOfGroup(groupOf(undefined))).toBeUndefined();
    expect(conditionOfGroup({ ...groupOf({ all: [medical] }), parts: [] })).toBeUndefined();
  });
});

describe("rows", () => {
  it.each<[string, Operator, unknown]>([
    ["name", "eq", "x"],
    ["name", "in", ["a", "b"]],
    ["amount", "between", ["1", { amount: "2", currency: "EUR" }]],
    ["double", "ge", { amount: "2", currency: "EUR" }],
    ["win_rate", "in", ["10", 20]],
    ["expected_close_date", "within", "this_quarter"],
    ["expected_close_date", "within", { name: "last_n_days", n: 30 }],
    ["created_at", "between", ["2026-01-01", "2026-01-31T10:00:00Z"]],
    ["owner", "changed", undefined],
    ["amount", "changed_from", "100"],
    ["owner", "is_me", undefined],
    ["owner", "in", ["a", "b"]],
    ["owner_department", "in_department", "d"],
    ["owner_department", "in_department", { id: "d", with_sub: false }],
    ["tags", "contains", "hot"],
    ["tags", "not_contains", ["hot"]],
    ["partners", "contains", "a1"],
    ["partners", "not_contains", ["a1", "a2"]],
    ["overdue", "eq", false],
  ])("draw %s %s %j", (key, op, value) => {
    expect(isDrawable(fieldOf(key), { field: key, op, value })).toBe(true);
  });

  it("are kept as they are where the inputs would lose something", () => {
    expect(isDrawable(fieldOf("expected_close_date"), { field: "expected_close_date", op: "within", value: { period: "this_month" } })).toBe(false);
    expect(isDrawable(fieldOf("name"), { field: "name", op: "eq", value: ["a"] })).toBe(false);
    expect(isDrawable(fieldOf("amount"), { field: "amount", op: "between", value: ["1"] })).toBe(false);
  });

  it("offer what the type can be asked", () => {
    expect(operatorsOf(fieldOf("amount"))).toContain("between");
    expect(operatorsOf(fieldOf("double"))).toContain("gt");
    expect(operatorsOf(fieldOf("stage"))).not.toContain("gt");
    expect(operatorsOf(fieldOf("description"))).toEqual(["is_not_empty", "is_empty", "contains", "not_contains"]);
    expect(operatorsOf(fieldOf("owner_department"))).toContain("in_department");
  });

  it("begin with something that can be asked", () => {
    expect(newRow("name", fieldOf("name"))).toEqual({ field: "name", op: "is_not_empty" });
    expect(newRow("overdue", fieldOf("overdue"))).toEqual({ field: "overdue", op: "eq", value: true });
  });

  it("keep of the value what the new comparison can take", () => {
    const stage = fieldOf("stage");
    const one = { field: "stage", op: "eq" as const, value: "won" };
    expect(withOperator(stage, one, "in")).toEqual({ field: "stage", op: "in", value: ["won"] });
    expect(withOperator(stage, { field: "stage", op: "in", value: ["won", "lost"] }, "eq")).toEqual(one);
    expect(withOperator(stage, one, "is_empty")).toEqual({ field: "stage", op: "is_empty" });
    expect(withOperator(fieldOf("amount"), { field: "amount", op: "gt", value: "5" }, "between")).toMatchObject({ value: ["5", null] });
    expect(withOperator(fieldOf("expected_close_date"), { field: "expected_close_date", op: "eq", value: "2026-01-01" }, "within")).toMatchObject({ value: "this_month" });
    expect(withOperator(fieldOf("owner_department"), { field: "owner_department", op: "in_department", value: { id: "d", with_sub: false } }, "eq")).toMatchObject({ value: "d" });
  });

  it("read periods and nothing else", () => {
    expect(periodOf("today")).toEqual({ name: "today" });
    expect(periodOf({ name: "next_n_days", n: 3 })).toEqual({ name: "next_n_days", n: 3 });
    expect(periodOf("some day")).toBeUndefined();
    expect(periodOf({ name: "today", zone: "UTC" })).toBeUndefined();
  });
});

describe("field paths", () => {
  const label = (text: { en: string }) => text.en;
  it("lead across references, three at most", () => {
    expect(pathLabel(resolvePath(objects, "opportunity", "account.owner.department")!, label)).toBe("Account › Owner › Department");
    expect(resolvePath(objects, "opportunity", "account.owner.manager.manager.name")).toBeUndefined();
    expect(resolvePath(objects, "opportunity", "name.sector")).toBeUndefined();
  });

  it("are found by words, the nearest first", () => {
    const keys = searchPaths(objects, "opportunity", "department", label).map((path) => path.key);
    expect(keys[0]).toBe("owner_department");
    expect(keys).toContain("account.owner.department");
    expect(searchPaths(objects, "opportunity", "account sector", label).map((path) => path.key)).toEqual(["account.sector"]);
  });

  it("know who refers", () => {
    expect(referringTo(objects, "opportunity").map((it) => `${it.object.key}.${it.field.key}`)).toEqual(["contact_role.opportunity", "activity.deal", "activity.later_deal"]);
    expect(referringOf(objects, "opportunity", { object: "activity" })?.field.key).toBe("deal");
    expect(referringOf(objects, "opportunity", { object: "activity", via: "later_deal" })?.field.key).toBe("later_deal");
  });
});

describe("findings", () => {
  const condition: Condition = { all: [medical, { not: { any: [rich] } }, decider] };
  const finding = (path: string) => ({ code: "condition.invalid", path, message: "" });
  it.each([
    ["/all/1/not/any/0", "/all/1/not/any/0"],
    ["entry_condition/all/0", "/all/0"],
    ["account.sector", "/all/0"],
    ["stages.2.entry_condition.account.sector", "/all/0"],
    ["filter/amount", "/all/1/not/any/0"],
    ["/all/2/exists", "/all/2"],
    ["/all/2/exists/where", "/all/2/exists/where"],
    ["role", "/all/2/exists/where"],
    ["contact_role.opportunity", undefined],
  ])("at %s stand at %s", (path, place) => {
    const { at, rest } = placeFindings([finding(path)], condition);
    expect(Object.keys(at)).toEqual(place === undefined ? [] : [place]);
    expect(rest).toHaveLength(place === undefined ? 1 : 0);
  });
});

describe("a sentence", () => {
  const say = (condition: Condition) =>
    describeCondition(condition, "opportunity", { objects, language: i18next.language === "zh-CN" ? "zh-CN" : "en", timeZone: "UTC", mainCurrency: "USD", names: { kim: "Kim" }, t: i18next.getFixedT(null, "conditions") });
  it("says it in English", async () => {
    await setLanguage("en");
    expect(say({ all: [medical, { any: [rich, { field: "owner", op: "is_me" }] }] })).toBe("Account › Sector is Medical and (Amount more than $1,000 or Owner is me)");
    expect(say({ not: { exists: { object: "contact_role" } } })).toBe("no contact role");
    expect(say({ exists: { object: "contact_role" } })).toBe("at least one contact role");
    expect(say(decider)).toBe("at least 2 contact roles where Role is Decision maker");
    expect(say({ field: "expected_close_date", op: "within", value: { name: "next_n_days", n: 30 } })).toBe("Closing within the next 30 days");
    expect(say({ field: "owner", op: "in", value: ["kim", "gone"] })).toBe("Owner one of Kim, a record");
  });
  it("says it in Chinese", async () => {
    await setLanguage("zh-CN");
    expect(say({ all: [medical, { field: "overdue", op: "eq", value: true }] })).toBe("Account › Sector 等于 医疗，且Overdue 等于 是");
    await setLanguage("en");
  });
  it("knows which records it mentions", () => {
    expect(recordsIn({ all: [{ field: "owner", op: "in", value: ["kim"] }, { field: "account", op: "eq", value: "acme" }] }, "opportunity", objects)).toEqual({ employee: ["kim"], account: ["acme"] });
  });
});
