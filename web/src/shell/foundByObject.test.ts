import { expect, it } from "vitest";
import { byObject } from "./foundByObject";

const hit = (object: string, id: string) => ({ object, id, name: id });

it("puts what was found together by kind, the best kind first", () => {
  const groups = byObject({ items: [hit("account", "a"), hit("contact", "c"), hit("account", "b")], more: ["account"] });
  expect(groups.map((group) => [group.object, group.hits.map((it) => it.id).join(), group.more])).toEqual([
    ["account", "a,b", true],
    ["contact", "c", false],
  ]);
  expect(byObject(undefined)).toEqual([]);
});
