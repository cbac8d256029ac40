import type { Choice, Column } from "./columns";
import type { Written } from "./rows";

export type Place = { row: number; column: number };

/** What one does in a grid. The functions stay the same ones while the rows change, so that only what has changed is drawn anew. */
export type GridActs = {
  /** What one tag names is undone in one step. */
  write: (key: string, what: Written, tag?: string) => void;
  /** A record was chosen in a cell: what follows from it is filled in as well. */
  choose: (key: string, column: Column, choice: Choice | undefined) => void;
  remove: (key: string) => void;
  insert: (at: number) => void;
  /** Another row like it, after it. */
  repeat: (key: string) => void;
  move: (key: string, to: number) => void;
  undo: () => void;
  redo: () => void;
  paste: (text: string, at: Place) => void;
  /** Opens the row by itself. */
  open: (key: string) => void;
};
