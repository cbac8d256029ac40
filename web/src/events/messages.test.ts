import { describe, expect, it } from "vitest";
import { readMessage, staleAfter } from "./messages";

describe("readMessage", () => {
  it("reads a hint", () => {
    expect(readMessage("hint", '{"object":"opportunity","id":"1","revision":7,"columns":["stage"],"act":"move"}')).toEqual({
      kind: "hint",
      object: "opportunity",
      id: "1",
      revision: 7,
      columns: ["stage"],
      act: "move",
    });
  });
  it("reads a notice, and that there is one less", () => {
    expect(readMessage("notice", '{"unread":3,"id":"n1","kind":"mention","title":"Kim mentioned you"}')).toEqual({ kind: "notice", unread: 3, id: "n1", notice: "mention", title: "Kim mentioned you" });
    expect(readMessage("notice", '{"unread":2}')).toMatchObject({ kind: "notice", unread: 2, id: undefined });
  });
  it("passes over what it does not understand", () => {
    expect(readMessage("hint", "{")).toBeUndefined();
    expect(readMessage("hint", '{"object":"opportunity"}')).toBeUndefined();
    expect(readMessage("weather", "{}")).toBeUndefined();
  });
});

describe("staleAfter", () => {
  const hint = { kind: "hint", object: "opportunity", id: "1", revision: 7 } as const;
  it("reads the record at once, lists and board a moment later", () => {
    expect(staleAfter(hint, () => 6)).toEqual({
      now: [["records", "opportunity", "one", "1"]],
      soon: [["records", "opportunity", "list"], ["board"], ["timeline", "opportunity", "1"], ["todo"]],
      later: [["analysis"]],
    });
  });
  it("does not read again what one has just written oneself", () => {
    expect(staleAfter(hint, () => 7).now).toEqual([]);
  });
  it("reads it again when its team has changed, which gives it no new revision", () => {
    expect(staleAfter({ ...hint, columns: ["team"] }, () => 7).now).toEqual([["records", "opportunity", "one", "1"]]);
  });
  it("leaves other objects' screens alone", () => {
    expect(staleAfter({ ...hint, object: "account" }, () => undefined).soon).toEqual([["records", "account", "list"], ["timeline", "account", "1"]]);
  });
  it("reads every timeline shown when a task or an activity has come, and what waits for one", () => {
    expect(staleAfter({ ...hint, object: "task" }, () => undefined).soon).toEqual([["records", "task", "list"], ["timeline"], ["todo"]]);
    expect(staleAfter({ kind: "notice", unread: 1 }, () => undefined)).toEqual({ now: [["notifications", "list"]], soon: [["todo"], ["join-requests"], ["approvals"]] });
  });
  it("reads records again when rights or sharing rules may have changed", () => {
    expect(staleAfter({ kind: "meta" }, () => 7).soon).toContainEqual(["records"]);
  });
  it("reads everything again after a reset", () => {
    expect(staleAfter({ kind: "reset" }, () => undefined).now).toEqual([[]]);
  });
});
