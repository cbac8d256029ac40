import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { guideOf } from "./guideOf";
import table from "./guideOf.ts?raw";

const page = (name: string) => readFileSync(`../docs/${name}.md`, "utf8");
/** The id of a heading, as the guides give it. */
const idOf = (heading: string) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");

test("every screen leads to a section that is there", () => {
  const named = [...table.matchAll(/\["(\/[^"]*)", "([^"]+)"\]/g)];
  expect(named.length).toBeGreaterThan(30);
  for (const [, path, to] of named) {
    expect(guideOf(`${path}`, "en"), path).toBe(`/docs/${to}`);
    const [name, section] = to!.split("#");
    const ids = [...page(name!).matchAll(/^#{2,4} (.*)$/gm)].map(([, heading]) => idOf(heading!));
    if (section) expect(ids, `${path} → ${to}`).toContain(section);
  }
});

test("the user guide is read in Chinese by who reads Chinese, the others as they are", () => {
  expect(guideOf("/todo", "zh-CN")).toBe("/docs/zh/user-guide");
  expect(guideOf("/admin/holding/7", "zh-CN")).toBe("/docs/administrator-guide#who-may-have-how-much");
  expect(guideOf("/", "en")).toBe("/docs/user-guide#arrange-your-home");
  expect(guideOf("/nowhere", "en")).toBe("/docs/user-guide");
});
