import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { putDraft, type Process, type ProcessDraft } from "~/api/processes";
import { keys } from "~/api/queries";
import { useDraft } from "~/ui/useDraft";
import { documentOf, type Drawing } from "./arranging";
import { compare } from "./compare";
import { begun, done, redone, undone, type History } from "./history";
import { Saver, type SaverState } from "./saver";

/** What is drawn and not kept by the server yet, as this browser holds it, and the version of the draft that was seen then. */
type Held = { seen: number; process: Process } | null;

/**
 * A process being drawn: every step is kept as a draft by the server, and by this browser until it is; each can be taken back.
 * A drawing that the browser still holds from before is taken up again.
 */
export function useDrawing(id: string, published: Process | null, stored: ProcessDraft | null) {
  const held = useDraft<Held>(`process-${id}`, null);
  const [first] = useState(() => held.draft);
  const [history, setHistory] = useState<History<Drawing>>(() => begun({ process: first?.process ?? stored?.process ?? published!, set_aside: {} }));
  const [state, setState] = useState<SaverState>({ status: "saved", answer: stored ?? undefined });
  const client = useQueryClient();
  const [saver] = useState(() => {
    const send = async (process: Process, seen: number) => {
      const answer = await putDraft(id, documentOf(process), seen);
      // The list tells which processes have drafts.
      void client.invalidateQueries({ queryKey: keys.processes, exact: true });
      return answer;
    };
    return new Saver(send, first?.seen ?? stored?.version ?? 0, setState, stored ?? undefined);
  });
  const { process } = history.now;

  const kept = useRef(first ? null : process);
  const { setDraft, clear } = held;
  useEffect(() => {
    if (kept.current === process) return;
    kept.current = process;
    setDraft({ seen: saver.seen, process });
    saver.put(process);
  }, [process, saver, setDraft]);
  useEffect(() => {
    if (saver.state.status === "saved") clear();
    // `clear` is a new function at every draw; it does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [saver, state.status, state.answer]);
  // Somebody else, or another window of one's own, has kept the very same: there is nothing to ask.
  useEffect(() => {
    if (state.status === "conflict" && state.present && compare(state.present.process, process).length === 0) void saver.keepMine(process);
  }, [state, process, saver]);
  // Whoever leaves has it kept at once, and the browser forgets what the server has; what cannot be kept now stays in the browser.
  useEffect(
    () => () => void saver.flush().then((all) => all && clear()),
    // The same function, as above.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [saver],
  );

  const draw = useCallback((step: (now: Drawing) => Drawing, what?: string) => setHistory((now) => done(now, step(now.now), what)), []);
  const forget = () => {
    saver.close();
    clear();
  };
  return {
    process,
    state,
    draw,
    undo: history.past.length > 0 ? () => setHistory(undone) : undefined,
    redo: history.future.length > 0 ? () => setHistory(redone) : undefined,
    flush: () => saver.flush(),
    /** The version of the draft that is kept. */
    version: () => saver.seen,
    keepMine: () => saver.keepMine(process),
    takeTheirs: (draft: ProcessDraft) => {
      kept.current = draft.process;
      saver.taken(draft);
      setHistory((now) => done(now, { process: draft.process, set_aside: now.now.set_aside }));
    },
    /** The draft is no more: nothing is kept of it here either. */
    forget,
  };
}
