import { expect, it } from "vitest";
import { reordered } from "./order";

it("orders those of one object, and leaves the places of the others", () => {
  expect(reordered(["a", "x", "b", "y", "c"], ["c", "a", "b"])).toEqual(["c", "x", "a", "y", "b"]);
  expect(reordered(["a", "b"], ["b", "a"])).toEqual(["b", "a"]);
});
