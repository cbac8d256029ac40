import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "~/api/http";
import type { Process, ProcessDraft } from "~/api/processes";
import { emptyProcess } from "./arranging";
import { Saver, type SaverState } from "./saver";

const named = (name: string): Process => emptyProcess(name, 1);
const draftOf = (process: Process, version: number) => ({ process, version, problems: [], warnings: [], differences: [] }) as unknown as ProcessDraft;
const refusal = (status: number, code: string, record?: unknown) => new ApiProblem({ title: code, status, code, record } as never);

describe("keeping a draft", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function begin(send: (process: Process, seen: number) => Promise<ProcessDraft>) {
    const told: SaverState["status"][] = [];
    const saver = new Saver(send, 0, (state) => told.push(state.status));
    return { saver, told };
  }

  it("sends what was typed once the hand rests, each over the version before", async () => {
    const sent: [string, number][] = [];
    const { saver, told } = begin((process, seen) => (sent.push([process.name, seen]), Promise.resolve(draftOf(process, seen + 1))));
    saver.put(named("N"));
    saver.put(named("Ne"));
    saver.put(named("New"));
    await vi.runAllTimersAsync();
    saver.put(named("Newer"));
    expect(await saver.flush()).toBe(true);
    expect(sent).toEqual([["New", 0], ["Newer", 1]]);
    expect(told.at(-1)).toBe("saved");
  });

  it("sends one at a time, and then what was drawn meanwhile", async () => {
    const sent: string[] = [];
    let answer: (() => void) | undefined;
    const { saver } = begin((process, seen) => (sent.push(process.name), new Promise((resolve) => (answer = () => resolve(draftOf(process, seen + 1))))));
    saver.put(named("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    saver.put(named("b"));
    saver.put(named("c"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual(["a"]);
    answer?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["a", "c"]);
    answer?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(saver.state.status).toBe("saved");
    expect(saver.seen).toBe(2);
  });

  it("tries again when the server cannot be reached, and loses nothing", async () => {
    let down = true;
    const { saver, told } = begin((process) => (down ? Promise.reject(refusal(0, "network.unreachable")) : Promise.resolve(draftOf(process, 1))));
    saver.put(named("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.at(-1)).toBe("unreachable");
    down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saver.state.status).toBe("saved");
    expect(saver.state.answer?.process.name).toBe("a");
  });

  it("stops where somebody else was faster, until one says which shall hold", async () => {
    const sent: number[] = [];
    const { saver } = begin((process, seen) => {
      sent.push(seen);
      return seen === 7 ? Promise.resolve(draftOf(process, 8)) : Promise.reject(refusal(409, "record.version_conflict", draftOf(named("theirs"), 7)));
    });
    saver.put(named("mine"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saver.state).toMatchObject({ status: "conflict", present: { version: 7 } });
    saver.put(named("mine too"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([0]);
    expect(await saver.flush()).toBe(false);
    expect(await saver.keepMine(named("mine too"))).toBe(true);
    expect(sent).toEqual([0, 7]);
  });

  it("keeps nothing any more once the draft is published or thrown away", async () => {
    const sent: string[] = [];
    const { saver } = begin((process) => (sent.push(process.name), Promise.resolve(draftOf(process, 1))));
    saver.put(named("a"));
    saver.close();
    saver.put(named("b"));
    await saver.flush();
    await vi.runAllTimersAsync();
    expect(sent).toEqual([]);
  });

  it("tells a refusal and goes on with the next change", async () => {
    const { saver } = begin((process) => (process.name === "bad" ? Promise.reject(refusal(400, "request.malformed")) : Promise.resolve(draftOf(process, 1))));
    saver.put(named("bad"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saver.state.status).toBe("refused");
    saver.put(named("good"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saver.state.status).toBe("saved");
  });
});
