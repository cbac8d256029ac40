import type { Field, Rec, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { sameValue } from "~/fields/draft";

/** Records that are made one at most. */
export const MOST = 5;

/** The record that knows most stays, of two the older. */
export function proposedWinner(records: Rec[]): string | undefined {
  const known = (record: Rec) => Object.values(record.fields).filter((value) => !isEmpty(value)).length;
  const since = (record: Rec) => String(record.fields.created_at ?? "");
  return [...records].sort((a, b) => known(b) - known(a) || since(a).localeCompare(since(b)))[0]?.id;
}

/** Whose value a field has, where nobody has chosen: the winner's, else that of the first who has one. */
export function proposedSource(field: string, winner: Rec, records: Rec[]): string {
  if (!isEmpty(winner.fields[field])) return winner.id;
  return records.find((record) => !isEmpty(record.fields[field]))?.id ?? winner.id;
}

/** Fields in which the records differ, and those in which they do not and that have a value. */
export function differing(fields: Field[], records: Rec[]): { different: Field[]; same: Field[] } {
  const first: Record<string, Value> = records[0]?.fields ?? {};
  const different = fields.filter((field) => records.some((record) => !sameValue(record.fields[field.key], first[field.key])));
  const same = fields.filter((field) => !different.includes(field) && !isEmpty(first[field.key]));
  return { different, same };
}

/** What is sent: only the fields that are taken from another than the winner. */
export function takenFrom(fields: Field[], chosen: (field: string) => string, winner: Rec, records: Rec[]): Record<string, string> {
  const taken = fields.filter((field) => {
    const source = records.find((record) => record.id === chosen(field.key));
    return source && source.id !== winner.id && !sameValue(source.fields[field.key], winner.fields[field.key]);
  });
  return Object.fromEntries(taken.map((field) => [field.key, chosen(field.key)]));
}
