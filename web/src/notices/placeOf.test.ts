import { describe, expect, it } from "vitest";
import { placeOf } from "./placeOf";

describe("placeOf", () => {
  it("opens a mention at what was written", () => {
    expect(placeOf({ kind: "mention", link: "/o/opportunity/1", params: { comment: "9" } })).toEqual({ to: "/o/opportunity/1", hash: "comment-9" });
    expect(placeOf({ kind: "mention", link: "/o/opportunity/1", params: {} })).toEqual({ to: "/o/opportunity/1", hash: "activity" });
  });
  it("goes where the server says, and nowhere where it says nothing", () => {
    expect(placeOf({ kind: "assigned", link: "/o/lead/1" })).toEqual({ to: "/o/lead/1" });
    expect(placeOf({ kind: "assigned", link: "/o/lead/1#x" })).toEqual({ to: "/o/lead/1", hash: "x" });
    expect(placeOf({ kind: "join_answered", link: "/join-requests?box=mine" })).toEqual({ to: "/join-requests", search: { box: "mine" } });
    expect(placeOf({ kind: "reminder", link: null })).toBeUndefined();
  });
});
