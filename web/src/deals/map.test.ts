import { describe, expect, it } from "vitest";
import { branchesOf, weightOf, type Branch, type Person } from "./map";

const person = (id: string, reports_to: string | null = null, more: Partial<Person> = {}): Person => ({ id, version: 1, contact: `c-${id}`, name: id, title: null, role: "user", attitude: null, influence: null, note: null, reports_to, ...more });
const told = (branches: Branch[]): string => branches.map(({ person: one, below }) => (below.length > 0 ? `${one.id}(${told(below)})` : one.id)).join(" ");

describe("branchesOf", () => {
  it("puts each below whom he reports to, trees before those who stand alone", () => {
    expect(told(branchesOf([person("alone"), person("chief"), person("clerk", "head"), person("head", "chief"), person("aide", "chief")]))).toBe("chief(aide head(clerk)) alone");
  });
  it("puts the weightier first, then by name", () => {
    expect(told(branchesOf([person("ann"), person("bob", null, { influence: "low" }), person("cid", null, { influence: "high" }), person("abe")]))).toBe("cid bob abe ann");
  });
  it("draws whoever reports to somebody that is not there at the top", () => {
    expect(told(branchesOf([person("a", "gone"), person("b", "a")]))).toBe("a(b)");
  });
  it("loses nobody in a circle", () => {
    expect(told(branchesOf([person("a", "b"), person("b", "a"), person("c", "b")]))).toBe("a(b(c))");
  });
  it("has nothing to draw of nobody", () => {
    expect(branchesOf([])).toEqual([]);
  });
});

describe("weightOf", () => {
  it("counts from high to unknown", () => {
    expect(["high", "medium", "low", null, "elsewhere"].map((influence) => weightOf({ influence }))).toEqual([3, 2, 1, 0, 0]);
  });
});
