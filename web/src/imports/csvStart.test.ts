import { describe, expect, it } from "vitest";
import { readCsvStart } from "./csvStart";

describe("readCsvStart", () => {
  it("reads columns and the first rows only", () => {
    expect(readCsvStart("a,b\n1,2\n3,4\n5,6\n7,8\n", 2)).toEqual({ columns: ["a", "b"], rows: [["1", "2"], ["3", "4"]] });
  });
  it("understands quotes, doubled quotes and line breaks within", () => {
    expect(readCsvStart('name,note\n"Smith, Ann","says ""hi""\nand goes"\n')).toEqual({
      columns: ["name", "note"],
      rows: [["Smith, Ann", 'says "hi"\nand goes']],
    });
  });
  it.each([
    ["a;b\r\n1;2\r\n", ";"],
    ["a\tb\n1\t2", "tab"],
  ])("takes another delimiter: %j", (text) => {
    expect(readCsvStart(text)).toEqual({ columns: ["a", "b"], rows: [["1", "2"]] });
  });
  it("drops the mark that spreadsheets put in front", () => {
    expect(readCsvStart("\uFEFFa\n1").columns).toEqual(["a"]);
  });
  it("is empty for an empty file", () => {
    expect(readCsvStart("")).toEqual({ columns: [], rows: [] });
  });
});
