import { describe, expect, it } from "vitest";
import { percent } from "./tryout";

describe("a share in percent", () => {
  it("is nothing only for nothing and all only for all", () => {
    expect([percent(0, 0), percent(0, 9), percent(9, 9)]).toEqual([0, 0, 100]);
    expect([percent(1, 100_000), percent(99_999, 100_000), percent(1, 3)]).toEqual([1, 99, 33]);
  });
});
