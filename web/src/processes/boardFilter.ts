import type { Condition } from "~/api/types";

/** What the board is narrowed to; all of it stands in the address, so that a view can be sent to a colleague. */
export interface BoardView {
  process?: string;
  /** Whose opportunities: mine, or those of one person. */
  mine?: boolean;
  owner?: string;
  q?: string;
}

/** Reads the view from the address; what does not belong is passed over. */
export function viewOfSearch(search: Record<string, unknown>): BoardView {
  const text = (key: string) => {
    const value = search[key];
    return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
  };
  const view: BoardView = {};
  const process = text("process");
  const owner = text("owner");
  const q = text("q");
  if (process) view.process = process;
  if (search["mine"] === true || search["mine"] === "true") view.mine = true;
  else if (owner) view.owner = owner;
  if (q) view.q = q;
  return view;
}

/** The condition of the view on the records themselves. */
export function conditionOfView(view: BoardView): Condition | undefined {
  if (view.mine) return { field: "owner", op: "is_me" };
  if (view.owner) return { field: "owner", op: "eq", value: view.owner };
  return undefined;
}

/** The condition for more cards of one column. */
export function conditionOfColumn(view: BoardView, processField: string, process: string, stage: string): Condition {
  const rest = conditionOfView(view);
  return {
    all: [
      { field: processField, op: "eq", value: process },
      { field: "stage", op: "eq", value: stage },
      ...(rest ? [rest] : []),
    ],
  };
}
