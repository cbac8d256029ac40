import type { ConversionParams } from "~/api/analysis";
import type { Condition } from "~/api/types";
import { questionOf, type AnalysisAsked } from "../filters/asked";

/** Which dates of a deal a period can be asked of; each as `from..to`, either end left out. */
export const PERIODS = ["created", "entered", "expected", "closed"] as const;
export type PeriodKind = (typeof PERIODS)[number];
export type Periods = Partial<Record<PeriodKind, string>>;

export const FIELDS: Record<Exclude<PeriodKind, "entered">, string> = { created: "created_at", expected: "expected_close_date", closed: "closed_at" };

/** What only this analysis asks besides: periods, and the types of deals. */
export type ConversionAsked = Periods & { type?: string[] };

const SPAN = /^(\d{4}-\d{2}-\d{2})?\.\.(\d{4}-\d{2}-\d{2})?$/;

export function spanOf(text: string | undefined): { from?: string; to?: string } {
  const found = text ? SPAN.exec(text) : null;
  return { from: found?.[1], to: found?.[2] };
}

export const spanText = ({ from, to }: { from?: string; to?: string }): string | undefined => (from || to ? `${from ?? ""}..${to ?? ""}` : undefined);

/** Reads the address; what it does not understand is left out. */
export function conversionAsked(search: Record<string, unknown>): ConversionAsked {
  const asked: ConversionAsked = {};
  for (const kind of PERIODS) {
    const text = search[kind];
    if (typeof text === "string" && text !== ".." && SPAN.test(text)) asked[kind] = text;
  }
  if (Array.isArray(search.type) && search.type.length > 0 && search.type.every((one) => typeof one === "string")) asked.type = search.type;
  return asked;
}

function between(field: string, text: string): Condition {
  const { from, to } = spanOf(text);
  if (from && to) return { field, op: "between", value: [from, to] };
  return from ? { field, op: "ge", value: from } : { field, op: "le", value: to };
}

/** The same as the server is asked. */
export function conversionQuestion(asked: AnalysisAsked, own: ConversionAsked): ConversionParams {
  const { process, filter } = questionOf(asked);
  const parts: Condition[] = filter ? [filter] : [];
  for (const kind of PERIODS) {
    const text = own[kind];
    if (text && kind !== "entered") parts.push(between(FIELDS[kind], text));
  }
  if (own.type?.length) parts.push({ field: "opportunity_type", op: "in", value: own.type });
  return { process, filter: parts.length > 1 ? { all: parts } : parts[0], entered: own.entered };
}
