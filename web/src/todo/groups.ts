import type { TodoItem } from "~/api/todo";
import { spanOf, type Span } from "~/ui/dayPicks";

export const SPANS: Span[] = ["overdue", "today", "week", "later", "none"];

/** What waits, by when it is due; spans in which nothing waits are left out. */
export function groupsOf(items: TodoItem[], timeZone: string, weekStart: number, now = new Date()): { span: Span; items: TodoItem[] }[] {
  const groups = new Map<Span, TodoItem[]>(SPANS.map((span) => [span, []]));
  for (const item of items) groups.get(item.overdue ? "overdue" : spanOf(item.due_at, timeZone, weekStart, now))!.push(item);
  return SPANS.map((span) => ({ span, items: groups.get(span)! })).filter((group) => group.items.length > 0);
}
