import { describe, expect, it } from "vitest";
import { markupOf, mentionAt, partsOf, typedOf } from "./mentions";

const kim = { name: "Kim Park", kind: "employee", id: "0198-a1" };
const kimToo = { name: "Kim Park", kind: "employee", id: "0198-b2" };
const kimmie = { name: "Kim Parker", kind: "employee", id: "0198-c3" };

describe("a comment's mentions", () => {
  it("go into the text and come out of it as they were", () => {
    const markup = "Ask @[Kim Park](employee:0198-a1) or @[Sales](department:77), please.";
    const typed = typedOf(markup);
    expect(typed.text).toBe("Ask @Kim Park or @Sales, please.");
    expect(markupOf(typed.text, typed.mentions)).toBe(markup);
    expect(partsOf(markup)).toEqual(["Ask ", kim, " or ", { name: "Sales", kind: "department", id: "77" }, ", please."]);
  });
  it("take the longest name that stands there", () => {
    expect(markupOf("@Kim Parker and @Kim Park", [kim, kimmie])).toBe("@[Kim Parker](employee:0198-c3) and @[Kim Park](employee:0198-a1)");
  });
  it("mean two of one name in the order in which they were chosen", () => {
    expect(markupOf("@Kim Park, not @Kim Park", [kim, kimToo])).toBe("@[Kim Park](employee:0198-a1), not @[Kim Park](employee:0198-b2)");
  });
  it("leave alone what nobody was chosen for", () => {
    expect(markupOf("me@example.com and @nobody", [kim])).toBe("me@example.com and @nobody");
  });
});

describe("mentionAt", () => {
  it("finds what is typed after an @ at the beginning of a word", () => {
    expect(mentionAt("Ask @ki", 7)).toEqual({ from: 4, q: "ki" });
    expect(mentionAt("@", 1)).toEqual({ from: 0, q: "" });
    expect(mentionAt("请问@王", 4)).toEqual({ from: 2, q: "王" });
    expect(mentionAt("@Kim Pa", 7)).toEqual({ from: 0, q: "Kim Pa" });
  });
  it("takes no address and no sentence for a mention", () => {
    expect(mentionAt("a@b", 3)).toBeUndefined();
    expect(mentionAt("@Kim has done it all", 20)).toBeUndefined();
    expect(mentionAt("@ and", 5)).toBeUndefined();
  });
});
