import { instantOfWall } from "~/fields/wallTime";

/** What of the log is wanted; it stands in the address, so that it can be sent to somebody. */
export type AuditFilters = {
  by?: string;
  object?: string;
  record?: string;
  act?: string;
  outcome?: "done" | "refused";
  /** Days in the reader's time zone, both included. */
  from?: string;
  until?: string;
  q?: string;
};

const KEYS = ["by", "object", "record", "act", "outcome", "from", "until", "q"] as const;

/** The filters in an address; what is not one of them is passed over. */
export function filtersOf(search: Record<string, unknown>): AuditFilters {
  const filters: Record<string, string> = {};
  for (const key of KEYS) {
    const value = search[key];
    if (typeof value === "string" && value !== "") filters[key] = value;
  }
  if (filters.outcome !== "done" && filters.outcome !== "refused") delete filters.outcome;
  for (const day of ["from", "until"]) if (filters[day] && !/^\d{4}-\d{2}-\d{2}$/.test(filters[day])) delete filters[day];
  return filters;
}

/** The filters as the API takes them: days become the instants at which they begin and end. */
export function queryOf({ from, until, ...rest }: AuditFilters, timeZone: string): Record<string, string | undefined> {
  return {
    ...rest,
    from: from && instantOfWall(`${from}T00:00`, timeZone),
    until: until && instantOfWall(`${dayAfter(until)}T00:00`, timeZone),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
