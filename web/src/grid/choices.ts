import { fetchList } from "~/api/queries";
import type { Condition, ObjectDef, Rec } from "~/api/types";
import type { Choice, Column } from "./columns";

const OFFERED = 12;
/** How many names are asked for at once. */
const AT_ONCE = 100;
const SEARCHES = 6;

type Offers = Column["offers"];

const choiceOf = (record: Rec, nameField: string, offers: Offers, refs?: Rec["refs"]): Choice => ({
  id: record.id,
  name: String(record.fields[nameField] ?? record.id),
  detail: offers?.detail?.(record.fields, refs),
  fields: record.fields,
});

const only = (offers: Offers): Condition | undefined => offers?.only && { field: offers.only.field, op: "eq", value: offers.only.value };

const withAll = (a: Condition | undefined, b: Condition): Condition => (a ? { all: [a, b] } : b);

/** Records of an object that a typed text may mean. */
export const choicesQuery = (object: string, nameField: string, q: string, offers: Offers) => ({
  queryKey: ["records", object, "list", "choices", q, offers?.fields, offers?.only] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Choice[]> => {
    const fields = [nameField, ...(offers?.fields ?? [])];
    const own = only(offers);
    // The search knows names; a code is asked for by its beginning.
    const coded = q && offers?.fields.includes("code") ? fetchList(object, { filter: withAll(own, { any: [...new Set([q, q.toUpperCase()])].map((value): Condition => ({ field: "code", op: "starts_with", value })) }), sort: "code", fields, limit: OFFERED }, null, signal) : undefined;
    const [byCode, byName] = await Promise.all([coded, fetchList(object, { q: q || undefined, filter: own, sort: q ? undefined : nameField, fields, limit: OFFERED }, null, signal)]);
    const found = new Map([...(byCode?.items ?? []), ...byName.items].map((item) => [item.id, item]));
    return [...found.values()].slice(0, OFFERED).map((item) => choiceOf(item, nameField, offers, byName.refs));
  },
  staleTime: 30_000,
});

/** Finds records by names or codes as they stand in a table: exactly first, many at once; then, whatever its case, the one that fits. */
export async function lookUpAll(object: ObjectDef, names: string[], offers: Offers): Promise<Map<string, Choice>> {
  const nameField = object.name_field;
  const code = object.fields.find((field) => field.key === "code" && field.type === "text" && field.filterable)?.key;
  const fields = [...new Set([nameField, ...(code ? [code] : []), ...(offers?.fields ?? [])])];
  const wanted = [...new Set(names.map((name) => name.trim()))];
  const found = new Map<string, Choice>();
  const take = (records: Rec[]) => {
    const byText = new Map<string, Choice[]>();
    for (const record of records) {
      const choice = choiceOf(record, nameField, offers);
      for (const text of new Set([choice.name, ...(code ? [String(record.fields[code] ?? "")] : [])])) byText.set(text.toLowerCase(), [...(byText.get(text.toLowerCase()) ?? []), choice]);
    }
    for (const name of wanted) {
      const fits = byText.get(name.toLowerCase());
      if (!found.has(name.toLowerCase()) && fits && new Set(fits.map((fit) => fit.id)).size === 1) found.set(name.toLowerCase(), fits[0]!);
    }
  };
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE);
    const within = (field: string): Condition => ({ field, op: "in", value: some });
    const filter: Condition = code ? { any: [within(nameField), within(code)] } : within(nameField);
    take((await fetchList(object.key, { filter, fields, limit: 200 })).items);
  }
  const left = wanted.filter((name) => !found.has(name.toLowerCase()));
  for (let at = 0; at < left.length; at += SEARCHES) {
    await Promise.all(
      left.slice(at, at + SEARCHES).map(async (name) => {
        const page = await fetchList(object.key, { q: name, fields, limit: 10 });
        take(page.items);
        // A part of a name that only one has is enough.
        if (!found.has(name.toLowerCase()) && page.items.length === 1) found.set(name.toLowerCase(), choiceOf(page.items[0]!, nameField, offers));
      }),
    );
  }
  return found;
}
