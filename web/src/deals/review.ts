// The review of a deal that has ended.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem, post } from "~/api/http";
import { fieldOfPath } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { ObjectDef, Rec, Refs, Saved, Value } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { isEmpty } from "~/fields/contract";
import { toldOfRefusal } from "~/ui/undoable";
import { ofDeal, REVIEW } from "./api";

const CHOSEN_LATER = "main_reason";

/** The reviews of a deal that has ended, and whether one may be written. */
export function useReviews(deal: Rec) {
  const object = useObject(REVIEW);
  const ended = deal.object === "opportunity" && typeof deal.fields.stage_type === "string" && deal.fields.stage_type !== "in_progress";
  const reviews = useQuery({ ...ofDeal(object, deal.id, "-created_at"), enabled: ended && Boolean(object) });
  const mayWrite = ended && Boolean(object?.acts.includes("create")) && deal.fields.lifecycle_status !== "voided";
  return { object, ended, reviews, mayWrite, missing: mayWrite && reviews.data?.length === 0 };
}

export type Begun = { given: Record<string, Value>; refs: Refs };

/** With what a review of the deal begins: the server is asked, and nothing is written. What only a person can say is left out of its answer. */
export async function begunReview(object: ObjectDef, deal: Rec): Promise<Begun> {
  const ask = (fields: Record<string, Value>) => post<Saved>(`/records/${REVIEW}?dry_run=true`, { fields });
  const opportunity = deal.id;
  let begun: Saved;
  let unsaid = false;
  try {
    begun = await ask({ opportunity });
  } catch (error) {
    const only = error instanceof ApiProblem && error.violations.length > 0 && error.violations.every((one) => fieldOfPath(one.path) === CHOSEN_LATER);
    const some = object.fields.find((field) => field.key === CHOSEN_LATER)?.options?.find((option) => option.active)?.key;
    if (!only || !some) throw error;
    unsaid = true;
    begun = await ask({ opportunity, [CHOSEN_LATER]: some });
  }
  const keys = editableFields(object.fields, "create", REVIEW).map((field) => field.key);
  const given = Object.fromEntries(keys.filter((key) => !(unsaid && key === CHOSEN_LATER)).map((key) => [key, begun.record.fields[key]] as const).filter(([, value]) => !isEmpty(value)));
  return { given: { ...given, opportunity }, refs: { ...deal.refs, ...begun.record.refs, [opportunity]: { object: "opportunity", name: String(deal.fields.name ?? "") } } };
}

/** Begins a review: the form opens once the server has said with what. */
export function useWriting(object: ObjectDef | undefined, deal: Rec) {
  const [begun, setBegun] = useState<Begun>();
  const [busy, setBusy] = useState(false);
  const begin = async () => {
    if (!object) return;
    setBusy(true);
    try {
      setBegun(await begunReview(object, deal));
    } catch (error) {
      toldOfRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return { begun, busy, begin: () => void begin(), end: () => setBegun(undefined) };
}
