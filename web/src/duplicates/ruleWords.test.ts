import { describe, expect, it } from "vitest";
import type { MatchGroup, MethodKey, Row } from "~/api/duplicates";
import { groupWords, kindsOf, verdictOf, type RowWords } from "./ruleWords";

const row = (over: Partial<Row>): Row => ({ field: "name", other: "name", method: "exact", blank: "never", ...over });
const group = (...rows: Row[]): MatchGroup => ({ object: "account", rows });
const say = (word: string) => (field: string, setting: number) => `${field} ${word}${setting ? ` ${setting}` : ""}`;
const words: RowWords = {
  method: { exact: say("equal"), fuzzy: say("alike from"), contains: say("contained"), same_digits: say("same digits"), same_domain: say("same domain"), within_days: say("within days"), within_percent: say("within percent") } satisfies Record<MethodKey, unknown>,
  across: (own, other) => `${own}/${other}`,
  and: " and ",
};
const plain = ({ field, other }: Row) => ({ own: field, other });

describe("a rule in words", () => {
  it("joins the rows of a group, each with its setting", () => {
    expect(groupWords(group(row({ method: "fuzzy", threshold: 85 }), row({ field: "city", other: "city" })), plain, words)).toBe("name alike from 85 and city equal");
  });

  it("names both fields where they differ", () => {
    expect(groupWords(group(row({ field: "company", method: "within_days", days: 90 })), plain, words)).toBe("company/name within days 90");
  });

  it("lets groups that say for certain block, and the others warn", () => {
    expect(verdictOf("by_method", group(row({}), row({ method: "same_digits" })))).toBe("block");
    expect(verdictOf("by_method", group(row({}), row({ method: "same_domain" })))).toBe("warn");
    expect(verdictOf("warn", group(row({})))).toBe("warn");
    expect(verdictOf("block", group(row({ method: "fuzzy" })))).toBe("block");
  });

  it("tells where it judges", () => {
    expect(kindsOf({ kinds: { new: true, import: false, tool: true } })).toEqual(["new", "tool"]);
  });
});
