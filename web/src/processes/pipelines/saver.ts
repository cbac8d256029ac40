import { ApiProblem } from "~/api/http";
import { isConflict } from "~/api/problem";
import type { Process, ProcessDraft } from "~/api/processes";

/** How it stands with what is on the screen: kept, soon to be, not to be reached, refused, or somebody else was faster. */
export type SaverState = {
  status: "saved" | "waiting" | "saving" | "unreachable" | "refused" | "conflict";
  /** What the server last said about the draft. */
  answer?: ProcessDraft;
  /** The draft that somebody else has kept meanwhile; null where it was published or thrown away. */
  present?: ProcessDraft | null;
  error?: unknown;
};

const TYPING = 700;
const RETRIES = [2_000, 5_000, 15_000, 30_000];

/**
 * Keeps a draft while it is drawn. One request at a time, each over the version that the one before made; what was drawn meanwhile goes
 * with the next. Nothing is given up: where the server cannot be reached it tries again, where somebody else was faster it waits for a word.
 */
export class Saver {
  state: SaverState;
  private wanted: Process | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly send: (process: Process, seen: number) => Promise<ProcessDraft>,
    /** The version of the draft that was seen; 0 where there is none. */
    public seen: number,
    private readonly tell: (state: SaverState) => void,
    answer?: ProcessDraft,
  ) {
    this.state = { status: "saved", answer };
  }

  /** Keeps this soon. */
  put(process: Process) {
    if (this.closed) return;
    this.wanted = process;
    if (this.state.status === "conflict") return;
    this.say({ status: this.running ? "saving" : "waiting" });
    this.after(TYPING);
  }

  /** Keeps at once what is not kept yet; true when all is. */
  async flush(): Promise<boolean> {
    if (this.state.status === "conflict") return false;
    clearTimeout(this.timer);
    await this.running;
    if (this.wanted) await this.run();
    return this.wanted === undefined && this.state.status === "saved";
  }

  /** After a conflict: what is on the screen is kept over what the other has kept. */
  keepMine(process: Process) {
    this.seen = this.state.present?.version ?? 0;
    this.wanted = process;
    this.say({ status: "waiting" });
    return this.flush();
  }

  /** After a conflict: what the other has kept is on the screen now. */
  taken(draft: ProcessDraft) {
    this.seen = draft.version;
    this.wanted = undefined;
    this.say({ status: "saved", answer: draft });
  }

  /** Keeps nothing any more: the draft was published or thrown away. */
  close() {
    clearTimeout(this.timer);
    this.closed = true;
    this.wanted = undefined;
  }

  private after(delay: number) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), delay);
  }

  private run(): Promise<void> {
    // The one that is under way takes up what came meanwhile when it is done.
    this.running ??= this.work().finally(() => (this.running = undefined));
    return this.running;
  }

  private async work() {
    while (this.wanted) {
      const process = this.wanted;
      this.wanted = undefined;
      this.say({ status: "saving" });
      try {
        const answer = await this.send(process, this.seen);
        this.seen = answer.version;
        this.failures = 0;
        this.say({ status: this.wanted ? "saving" : "saved", answer });
      } catch (error) {
        this.wanted ??= process;
        if (isConflict(error)) this.say({ status: "conflict", present: (error.record as unknown as ProcessDraft | undefined) ?? null });
        else if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429) this.say({ status: "refused", error });
        else {
          this.say({ status: "unreachable", error });
          this.after(RETRIES[Math.min(this.failures++, RETRIES.length - 1)]!);
        }
        return;
      }
    }
  }

  private say(state: SaverState) {
    this.state = { ...state, answer: state.answer ?? this.state.answer };
    this.tell(this.state);
  }
}
