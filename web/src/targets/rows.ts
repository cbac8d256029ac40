import type { Goal, TargetRow, Targets, TargetsSet } from "~/api/targets";
import type { Field, Language, Value, Violation } from "~/api/types";
import type { Column } from "~/grid/columns";
import type { Findings } from "~/grid/Grid";
import { changesOf, newRow, type GridRow } from "~/grid/rows";
import { formatDecimal } from "~/ui/format";
import { lengthOf, periodName, type Length } from "~/analysis/periods/periods";

/** What stands in a line of the grid. */
export type LineKind = "department" | "person" | "people" | "difference";
export type TargetLine = { key: string; kind: LineKind; row: TargetRow & { name: string }; depth: number };

/** Departments and people as a tree; below a department what its people's targets come to, and how much its own is more. */
export function linesOf(targets: Targets): TargetLine[] {
  const departments = new Map(targets.rows.filter((row) => row.kind === "department").map((row) => [row.id, row]));
  const depthOf = (row: TargetRow): number => {
    let depth = 0;
    for (let above = row.parent ? departments.get(row.parent) : undefined; above && depth < 20; above = above.parent ? departments.get(above.parent) : undefined) depth += 1;
    return depth;
  };
  return targets.rows.flatMap((target): TargetLine[] => {
    const row = { ...target, name: target.name ?? "…" };
    const depth = depthOf(row);
    const key = `${row.kind} ${row.id}`;
    if (row.kind === "person" || !targets.people[row.id]) return [{ key, kind: row.kind, row, depth }];
    return [
      { key, kind: row.kind, row, depth },
      { key: `people ${row.id}`, kind: "people", row, depth },
      { key: `difference ${row.id}`, kind: "difference", row, depth },
    ];
  });
}

/** The columns of periods of one length. */
export function columnsOf(targets: Targets, length: Length, fiscalStart: number): Column[] {
  return targets.periods
    .filter(({ period }) => lengthOf(period) === length)
    .map(({ period }) => ({
      field: { key: period, label: { en: periodName(period, "en", fiscalStart), "zh-CN": periodName(period, "zh-CN", fiscalStart) }, type: targets.metric === "won_count" ? "number" : "currency" } as Field,
      width: length === "month" ? 104 : 140,
      grows: length !== "month",
    }));
}

const SCALE = 4;
const scaledOf = (goal: Goal | undefined): bigint | undefined => {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(goal ?? "")) ?? [];
  if (whole === undefined) return undefined;
  const size = BigInt(whole + fraction.padEnd(SCALE, "0").slice(0, SCALE));
  return sign ? -size : size;
};

/** How much more the first is; nothing where one of them is missing. */
export function more(own: Goal | undefined, people: Goal | undefined): string | undefined {
  const [a, b] = [scaledOf(own), scaledOf(people)];
  if (a === undefined || b === undefined) return undefined;
  const by = a - b;
  const digits = (by < 0n ? -by : by).toString().padStart(SCALE + 1, "0");
  return `${by < 0n ? "-" : ""}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`.replace(/\.?0+$/, "");
}

/** What holds of a line where nothing is set for a period itself: the sum of its parts. */
function hintsOf({ kind, row }: TargetLine, language: Language): Record<string, string> {
  if (kind !== "department" && kind !== "person") return {};
  return Object.fromEntries(Object.entries(row.effective).flatMap(([period, { value, from }]) => (from === "parts" ? [[period, formatDecimal(String(value), language)]] : [])));
}

/** The line as the grid holds it. */
export function gridRowOf(line: TargetLine, targets: Targets, language: Language = "en"): GridRow {
  const value = (goal: Goal | undefined): Value => (goal === undefined ? null : targets.metric === "won_count" ? String(goal) : { amount: String(goal).replace(/\.0+$/, ""), currency: targets.main_currency });
  const goalOf = (period: string): Goal | undefined => {
    const people = targets.people[line.row.id]?.[period];
    if (line.kind === "people") return people;
    if (line.kind === "difference") return more(line.row.effective[period]?.value, people);
    return line.row.values[period];
  };
  const base = Object.fromEntries(targets.periods.map(({ period }) => [period, value(goalOf(period))]));
  const own = line.kind === "department" || line.kind === "person";
  return { ...newRow(line.key, base), id: line.key, version: line.row.version, frozen: !own || !line.row.can_set, hints: hintsOf(line, language) };
}

/** What is sent: of each line what differs. */
export function setOf(rows: GridRow[], targets: Targets): { set: TargetsSet; keys: string[] } {
  const byKey = new Map(targets.rows.map((row) => [`${row.kind} ${row.id}`, row]));
  const changed = rows.flatMap((row) => {
    const target = byKey.get(row.key);
    const changes = Object.entries(changesOf(row));
    return target && !row.frozen && changes.length > 0 ? [{ target, changes }] : [];
  });
  const goal = (value: Value): Goal | null => (value === null || value === undefined || value === "" ? null : typeof value === "object" && "amount" in value ? value.amount : String(value));
  return {
    set: { year: targets.year, metric: targets.metric, rows: changed.map(({ target: { kind, id, version }, changes }) => ({ kind, id, version, values: Object.fromEntries(changes.map(([period, value]) => [period, goal(value)])) })) },
    keys: changed.map(({ target }) => `${target.kind} ${target.id}`),
  };
}

/** One's own changes over what others have set meanwhile. */
export function mergedOver(rows: GridRow[], present: Targets, language: Language = "en"): GridRow[] {
  const mine = new Map(rows.map((row) => [row.key, row]));
  return linesOf(present).map((line) => {
    const fresh = gridRowOf(line, present, language);
    const before = mine.get(line.key);
    return before && !fresh.frozen ? { ...fresh, draft: changesOf(before), unread: before.unread } : fresh;
  });
}

/** What a refusal says, by line and period: `rows/2/values/2026-01`. */
export function findingsIn(violations: Violation[], keys: string[]): { byRow: Findings; general: string[] } {
  const byRow: Findings = {};
  const general: string[] = [];
  for (const violation of violations) {
    const [first, at, , period] = (violation.path ?? "").split(/[./]/).filter(Boolean);
    const key = first === "rows" ? keys[Number(at)] : undefined;
    const message = violation.message || violation.code;
    if (key && period) ((byRow[key] ??= {})[period] ??= []).push(message);
    else if (!general.includes(message)) general.push(message);
  }
  return { byRow, general };
}
