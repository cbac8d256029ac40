import { describe, expect, it } from "vitest";
import type { Field } from "~/api/types";
import { guessExternalColumn, guessMapping } from "./guessMapping";

const field = (key: string, en: string, zh = en) => ({ key, label: { en, "zh-CN": zh } }) as Field;
const fields = [
  field("name", "Opportunity name", "商机名称"),
  field("account", "Account", "客户"),
  field("amount", "Opportunity amount", "商机金额"),
  field("stage", "Opportunity stage"),
  field("owner", "Owner"),
  field("expected_close_date", "Expected close date"),
];

describe("guessMapping", () => {
  it("goes by key, label in either language, and names that other systems use", () => {
    expect(guessMapping(["Account", "商机金额", "deal_stage", "sales_agent", "colour"], fields, "opportunity")).toEqual({
      Account: "account",
      商机金额: "amount",
      deal_stage: "stage",
      sales_agent: "owner",
      colour: null,
    });
  });
  it("gives no field away twice, and to the better fit", () => {
    expect(guessMapping(["close value", "amount"], fields, "opportunity")).toEqual({ "close value": null, amount: "amount" });
  });
});

describe("guessExternalColumn", () => {
  it.each([
    [["name", "opportunity_id"], "opportunity_id"],
    [["ID", "name"], "ID"],
    [["name"], undefined],
  ])("%j", (columns, found) => {
    expect(guessExternalColumn(columns, "opportunity")).toBe(found);
  });
});
