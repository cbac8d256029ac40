import type { Condition } from "~/api/types";
import { addDays } from "~/ui/format";

const SOON = 30;

/** One's own deals, or all that one sees: a manager's team. */
export type Whose = "mine" | "all";

const mine: Condition = { field: "owner", op: "is_me" };
const open: Condition = { field: "stage_type", op: "eq", value: "in_progress" };

/** What a salesperson asks in the morning, as conditions on opportunities; `day` is today where he is. */
export function questionsOf(day: string, whose: Whose): Record<"open" | "closing" | "overdue", Condition> {
  const owner = whose === "mine" ? [mine] : [];
  const close = (op: "ge" | "le" | "lt", value: string): Condition => ({ field: "expected_close_date", op, value });
  return {
    open: { all: [...owner, open] },
    closing: { all: [...owner, open, close("ge", day), close("le", addDays(day, SOON))] },
    overdue: { all: [...owner, open, close("lt", day)] },
  };
}
