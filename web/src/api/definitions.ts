// Objects and fields as administrators define them: what there is, usable or not, and the work that a change of it brings along.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, post } from "./http";
import { keys } from "./queries";
import type { Condition, Field, FormSection, Label, ObjectDef, Refs, ResultType, Value, Violation } from "./types";

export type Job = {
  id: string;
  kind: string;
  object?: string | null;
  field?: string | null;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  done: number;
  total: number | null;
  message: string | null;
  created_at: string;
  by?: string | null;
  ended_at: string | null;
};

export type DefinitionState = "preparing" | "filling" | "live" | "disabled" | "hidden";
export type StatisticFunction = "count" | "sum" | "min" | "max" | "average";

/** A field as it is defined, whether or not it can be used already or still. */
export type FieldDefinition = Omit<Field, "access" | "sortable" | "filterable"> & {
  state: DefinitionState;
  own: boolean;
  /** The product cannot do without it. */
  essential?: boolean;
  hidden_at?: string | null;
  drops_at?: string | null;
  job?: Job | null;
  formula?: string | null;
  indexed?: boolean | null;
  of?: string | null;
  via?: string | null;
  function?: StatisticFunction | null;
  field?: string | null;
  condition?: Condition | null;
};

/** A layout as it is stored; one without roles is everybody else's. */
export type Layout = { roles: string[]; sections: FormSection[] };
export type Validation = { key?: string; condition: Condition | null; message: Label; field?: string | null; active: boolean };

type Common = Pick<ObjectDef, "key" | "label" | "plural" | "preset" | "owned" | "base" | "icon"> & { state: DefinitionState; hidden_at?: string | null; drops_at?: string | null; job?: Job | null };
export type Definition = Common & {
  /** Counts the changes of the definition. */
  version: number;
  fields: FieldDefinition[];
  layouts: Layout[];
  validations: Validation[];
  retired: string[];
  room: { fields: number; limit: number; indexes: number; index_limit: number };
};
export type DefinitionSummary = Common & { field_count: number };

export type Use = { kind: string; name: Label | string; object: string; id?: string | null; path?: string | null; link?: string | null };
export type DefinitionAct = "disable" | "enable" | "hide" | "recover" | "drop";

export type FormulaFunction = { name: string; signature: string; help: Label; example: string };
export type FormulaQuestion = { formula: string; result: ResultType; scale?: number; key?: string; record?: string };
export type FormulaAnswer = {
  ok: boolean;
  violations: Violation[];
  value?: Value;
  /** Why the value is blank although nothing was missing. */
  note?: Violation | null;
  paths?: string[];
  indexable: boolean;
  /** Why it cannot be stored. */
  not_indexable?: Violation[];
  record?: { id: string; name: string } | null;
  refs?: Refs;
};

export const definitionKeys = {
  all: ["definitions"] as const,
  one: (object: string) => ["definitions", object] as const,
  uses: (object: string, field: string) => ["definitions", object, "uses", field] as const,
  functions: ["formula-functions"] as const,
};

const SOON = 1_000;
const underWay = ({ job, state }: { job?: Job | null; state: DefinitionState }) => job?.state === "waiting" || job?.state === "running" || state === "preparing" || state === "filling";

export function useDefinitions(enabled = true) {
  return useQuery({
    queryKey: definitionKeys.all,
    queryFn: ({ signal }) => get<{ items: DefinitionSummary[] }>("/object-definitions", { signal }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.items.some(underWay) ? SOON : false),
  });
}

/** One object's definition, read again every second while work on one of its fields is under way. */
export function useDefinition(object: string, enabled = true) {
  return useQuery({
    queryKey: definitionKeys.one(object),
    queryFn: ({ signal }) => get<Definition>(`/objects/${object}/definition`, { signal }),
    enabled,
    refetchInterval: ({ state }) => (state.data && [state.data, ...state.data.fields].some(underWay) ? SOON : false),
  });
}

export function useUses(object: string, field: string, enabled = true) {
  return useQuery({
    queryKey: definitionKeys.uses(object, field),
    queryFn: ({ signal }) => get<{ items: Use[] }>(`/objects/${object}/fields/${field}/uses`, { signal }),
    enabled,
  });
}

export function useFormulaFunctions() {
  return useQuery({ queryKey: definitionKeys.functions, queryFn: () => get<{ items: FormulaFunction[] }>("/formula-functions"), staleTime: Infinity }).data?.items ?? [];
}

export const askFormula = (object: string, question: FormulaQuestion, signal?: AbortSignal) => post<FormulaAnswer>(`/objects/${object}/formula`, question, { signal });

/** After a definition has changed: every screen is drawn from it. */
export function useAfterDefinition() {
  const client = useQueryClient();
  return async (object?: string) => {
    void client.invalidateQueries({ queryKey: definitionKeys.all });
    void client.invalidateQueries({ queryKey: keys.me });
    if (object) void client.invalidateQueries({ queryKey: keys.records(object) });
    await client.invalidateQueries({ queryKey: keys.objects });
  };
}

/** A write of definitions, after which they are read again. */
function useDefining<Input, Answer>(object: string | undefined, write: (input: Input) => Promise<Answer>) {
  const after = useAfterDefinition();
  return useMutation({ mutationFn: write, onSuccess: () => after(object) });
}

export type ObjectBody = Partial<Pick<ObjectDef, "label" | "plural" | "base" | "icon">> & { layouts?: Layout[]; validations?: Validation[] };
/** With `by_parent` the base names the object whose records it belongs to; a field that refers to it is made. */
export type NewObject = Pick<ObjectDef, "label" | "plural" | "owned"> & { key?: string; base: ObjectDef["base"]; sub_object?: boolean; icon?: string; name_label?: Label; name_number?: string; rights_like?: string };
type ObjectAnswer = { object: Definition | null; job?: Job | null };
type FieldAnswer = { field: FieldDefinition | null; job?: Job | null };

export const useCreateObject = () => useDefining(undefined, (body: NewObject) => post<{ object: Definition }>("/objects", body));
export const useChangeObject = (object: string) => useDefining(object, ({ body, version }: { body: ObjectBody; version: number }) => patch<ObjectAnswer>(`/objects/${object}`, body, { ifMatch: version }));
/** Of what is gone for good nothing is read again: whoever shows it leaves first, and calls `useAfterDefinition` then. */
export function useActOnObject(object: string) {
  const after = useAfterDefinition();
  return useMutation({
    mutationFn: (act: DefinitionAct) => post<ObjectAnswer>(`/objects/${object}/act`, { act }),
    onSuccess: (_, act) => (act === "drop" ? undefined : after(object)),
  });
}

export const useCreateField = (object: string) => useDefining(object, (body: Record<string, unknown>) => post<FieldAnswer>(`/objects/${object}/fields`, body));
export const useChangeField = (object: string, field: string) =>
  useDefining(object, ({ body, version }: { body: Record<string, unknown>; version: number }) => patch<FieldAnswer>(`/objects/${object}/fields/${field}`, body, { ifMatch: version }));
export const useActOnField = (object: string, field: string) => useDefining(object, (act: DefinitionAct) => post<FieldAnswer>(`/objects/${object}/fields/${field}/act`, { act }));

