import { describe, expect, it } from "vitest";
import type { Match, RuleHit } from "~/api/duplicates";
import { alikeOf, byObject, reasonWords, tokensOf } from "./matches";

const match = (over: Partial<Match>): Match => ({ token: "t1", verdict: "warn", object: "account", id: "a1", name: "Acme", score: 90, reasons: [], voided: false, visible: true, fields: {}, owner: null, pool: null, can: ["open"], ...over });
const hit = (id: string, verdict: "warn" | "block", ...matches: Match[]): RuleHit => ({ rule: { id, name: id, object: "account" }, verdict, matches: matches.map((one) => ({ ...one, verdict })) });

describe("what was found", () => {
  it("tells a record once, as the sternest rule has it, and knows every token", () => {
    const alike = alikeOf([hit("fuzzy", "warn", match({ token: "t1", score: 93 })), hit("exact", "block", match({ token: "t2", score: 100, can: ["join"] }))]);
    expect(alike).toHaveLength(1);
    expect(alike[0]).toMatchObject({ verdict: "block", score: 100, tokens: ["t1", "t2"], can: ["open", "join"] });
    expect(alike[0]?.rules.map((rule) => rule.id)).toEqual(["fuzzy", "exact"]);
  });

  it("keeps those apart that may not be seen", () => {
    const hidden = { id: null, name: null, visible: false };
    expect(alikeOf([hit("a", "warn", match({ ...hidden, token: "x" }), match({ ...hidden, token: "y" }))])).toHaveLength(2);
  });

  it("lets what lies in the recycle bin warn only, and puts what blocks first", () => {
    const alike = alikeOf([hit("exact", "block", match({ id: "old", voided: true, score: 100 }), match({ id: "now", score: 88 }))]);
    expect(alike.map((one) => [one.id, one.verdict])).toEqual([["now", "block"], ["old", "warn"]]);
  });

  it("sends each token once", () => {
    expect(tokensOf([hit("a", "warn", match({ token: "x" }), match({ token: "y" })), hit("b", "warn", match({ token: "x" }))])).toEqual(["x", "y"]);
  });

  it("groups by object, the most alike first", () => {
    const groups = byObject(alikeOf([hit("a", "warn", match({ id: "1", object: "lead", score: 70 }), match({ id: "2", score: 95 }), match({ id: "3", object: "lead", score: 80 }))]));
    expect(groups.map((group) => [group.object, group.alike.map((one) => one.score)])).toEqual([["account", [95]], ["lead", [80, 70]]]);
  });
});

describe("the words of a match", () => {
  const words = { equal: (field: string) => `${field} equal`, alike: (field: string, score: number) => `${field} ${score} %`, across: (own: string, other: string) => `${own} and ${other}`, and: ", " };
  const plain = ({ field, other }: { field: string; other: string }) => ({ own: field, other });

  it("says how alike what is alike is, and that equal is equal", () => {
    expect(reasonWords([{ field: "name", other: "name", score: 93 }, { field: "phone", other: "phone", score: 100 }], plain, words)).toBe("name 93 %, phone equal");
  });

  it("names both fields where they differ", () => {
    expect(reasonWords([{ field: "company", other: "name", score: 100 }], plain, words)).toBe("company and name equal");
  });
});
