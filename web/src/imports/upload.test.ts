import { expect, it } from "vitest";
import { LARGEST, pastedFile, refusalOf } from "./upload";

it("refuses before sending what cannot be read", () => {
  expect(refusalOf({ name: "deals.CSV", size: 10 })).toBeUndefined();
  expect(refusalOf({ name: "deals.pdf", size: 10 })).toBe("kind");
  expect(refusalOf({ name: "deals", size: 10 })).toBe("kind");
  expect(refusalOf({ name: "deals.xlsx", size: 0 })).toBe("empty");
  expect(refusalOf({ name: "deals.txt", size: LARGEST + 1 })).toBe("large");
});

it("takes pasted cells for a file where there is a line below the names", async () => {
  const file = pastedFile("Name\tAmount\r\nCranes\t12", "Pasted.tsv");
  expect([file?.name, await file?.text()]).toEqual(["Pasted.tsv", "Name\tAmount\r\nCranes\t12"]);
  expect(pastedFile("just a word", "Pasted.tsv")).toBeUndefined();
});
