import type { Condition } from "~/api/types";
import { addDays } from "~/ui/format";

const SOON = 30;

const mine: Condition = { field: "owner", op: "is_me" };
const open: Condition = { field: "stage_type", op: "eq", value: "in_progress" };

/** What a salesperson asks in the morning, as conditions on opportunities; `day` is today where he is. */
export function questionsOf(day: string): Record<"open" | "closing" | "overdue", Condition> {
  const close = (op: "ge" | "le" | "lt", value: string): Condition => ({ field: "expected_close_date", op, value });
  return {
    open: { all: [mine, open] },
    closing: { all: [mine, open, close("ge", day), close("le", addDays(day, SOON))] },
    overdue: { all: [mine, open, close("lt", day)] },
  };
}
