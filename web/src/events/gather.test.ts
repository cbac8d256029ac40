import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gatherKeys } from "./gather";

describe("gatherKeys", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands over many hints as one, each key once", () => {
    const flush = vi.fn();
    const gather = gatherKeys(flush, 300, 2_000, 0);
    gather.add([["board"]]);
    gather.add([["board"], ["records", "account", "list"]]);
    vi.advanceTimersByTime(299);
    expect(flush).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(flush).toHaveBeenCalledExactlyOnceWith([["board"], ["records", "account", "list"]]);
  });

  it("does not wait for ever while hints keep coming", () => {
    const flush = vi.fn();
    const gather = gatherKeys(flush, 300, 1_000, 0);
    for (let at = 0; at < 1_200; at += 100) {
      gather.add([["board"]]);
      vi.advanceTimersByTime(100);
    }
    expect(flush).toHaveBeenCalled();
  });

  it("says nothing after it was stopped", () => {
    const flush = vi.fn();
    const gather = gatherKeys(flush, 300, 1_000, 0);
    gather.add([["board"]]);
    gather.stop();
    vi.advanceTimersByTime(5_000);
    expect(flush).not.toHaveBeenCalled();
  });
});
