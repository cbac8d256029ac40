import { expect, it } from "vitest";
import { listValues, withValue, withoutValue } from "./valueMappings";

it("accepts and takes back what a value stands for", () => {
  const one = withValue({}, "product", "GTXPro", "GTX Pro");
  const two = withValue(one, "product", "MGSpecial", "MG Special");
  expect(listValues(two)).toHaveLength(2);
  expect(withoutValue(two, "product", "MGSpecial")).toEqual(one);
  expect(withoutValue(one, "product", "GTXPro")).toEqual({});
});
