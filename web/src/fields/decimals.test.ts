import { describe, expect, it } from "vitest";
import { readDecimal } from "./decimals";

describe("readDecimal", () => {
  it.each([
    ["1054", "1054"],
    ["1,054,000.50", "1054000.50"],
    ["１，０５４．５", "1054.5"],
    ["1 054.5", "1054.5"],
    ["−12.5", "-12.5"],
    ["+3", "3"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["7.", "7"],
    ["9007199254740993.0001", "9007199254740993.0001"],
    ["", null],
    ["  ", null],
  ])("reads %j as %j", (typed, meant) => expect(readDecimal(typed)).toBe(meant));

  it.each(["abc", "1.2.3", "12 apples", "1,05"])("leaves %j to the server's judgement", (typed) => expect(readDecimal(typed)).toBe(typed));
});
