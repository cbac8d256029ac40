import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetOldDrafts, useDraft } from "./useDraft";

describe("useDraft", () => {
  beforeEach(() => localStorage.clear());

  it("is there again after the screen was left", () => {
    const first = renderHook(() => useDraft("deal-1", { text: "" }));
    act(() => first.result.current.setDraft({ text: "Called, nobody the" }));
    first.unmount();
    expect(renderHook(() => useDraft("deal-1", { text: "" })).result.current.draft.text).toBe("Called, nobody the");
    expect(renderHook(() => useDraft("deal-2", { text: "" })).result.current.draft.text).toBe("");
  });
  it("is gone once it was sent", () => {
    const first = renderHook(() => useDraft("deal-1", { text: "" }));
    act(() => first.result.current.setDraft({ text: "x" }));
    act(() => first.result.current.clear());
    expect(first.result.current.draft.text).toBe("");
    expect(localStorage.length).toBe(0);
  });
  it("is forgotten after a month, and what cannot be read begins anew", () => {
    localStorage.setItem("stagecraft-draft-a", JSON.stringify({ at: 1, value: "old" }));
    localStorage.setItem("stagecraft-draft-b", JSON.stringify({ at: Date.now(), value: "new" }));
    forgetOldDrafts();
    expect(Object.keys(localStorage)).toEqual(["stagecraft-draft-b"]);
    localStorage.setItem("stagecraft-draft-c", "{");
    expect(renderHook(() => useDraft("c", "empty")).result.current.draft).toBe("empty");
  });
});
