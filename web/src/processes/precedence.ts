import type { Process } from "~/api/types";

/** The processes whose precedence changes when two places of the list are exchanged; the list is numbered anew, so gaps and ties heal. */
export function swapped(items: Process[], from: number, to: number): Process[] {
  const next = [...items];
  const [taken] = next.splice(from, 1);
  if (!taken) return [];
  next.splice(to, 0, taken);
  return next
    .map((process, index) => ({ process, precedence: index + 1 }))
    .filter(({ process, precedence }) => process.precedence !== precedence)
    .map(({ process, precedence }) => ({ ...process, precedence }));
}
