import { useMe } from "~/api/queries";
import type { Field, ObjectDef, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { holds } from "./holds";

/** Which fields have a place on the screen now, and which must be filled in. */
export type Judge = {
  /** What does not concern the record is folded away; whatever cannot be judged here is shown. */
  isVisible: (field: Field, values: Record<string, Value>) => boolean;
  /** Asked for by a condition that certainly holds. The server decides in the end. */
  isAsked: (field: Field, values: Record<string, Value>) => boolean;
};

export function useJudge(object: ObjectDef): Judge {
  const { main_currency, time_zone } = useMe().organisation;
  const on = (values: Record<string, Value>) => ({ values, fields: object.fields, mainCurrency: main_currency, timeZone: time_zone });
  return {
    isVisible: (field, values) => !field.visible_when || !isEmpty(values[field.key]) || holds(field.visible_when, on(values)) !== false,
    isAsked: (field, values) => Boolean(field.required_when) && holds(field.required_when!, on(values)) === true,
  };
}
