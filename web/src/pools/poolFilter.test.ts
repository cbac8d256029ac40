import { describe, expect, it } from "vitest";
import { inPool, poolOfFilter } from "./poolFilter";

describe("the pool that a list shows", () => {
  it("is found in its filter, however deep it is narrowed", () => {
    expect(poolOfFilter(inPool("p"))).toBe("p");
    expect(poolOfFilter({ all: [{ field: "name", op: "contains", value: "a" }, inPool("p")] })).toBe("p");
    expect(poolOfFilter({ field: "pool", op: "eq", value: "p" })).toBe("p");
  });

  it("is none where only some of the records lie in it", () => {
    expect(poolOfFilter({ any: [inPool("p"), { field: "owner", op: "is_me" }] })).toBeUndefined();
    expect(poolOfFilter({ not: inPool("p") })).toBeUndefined();
    expect(poolOfFilter({ field: "pool", op: "ne", value: "p" })).toBeUndefined();
    expect(poolOfFilter(undefined)).toBeUndefined();
  });
});
