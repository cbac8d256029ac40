import { useTranslation } from "react-i18next";
import { notifications } from "@mantine/notifications";
import { fetchList, useMe, useObjects } from "~/api/queries";
import type { Field, ObjectDef, Refs, Value } from "~/api/types";
import { readCell, tableOf, type Read } from "./paste";
import { newRow, withCell, type GridRow } from "./rows";

type Place = { row: number; column: number };
type Found = { id: string; name: string };

/** Looks a name up among the records of an object; one that fits exactly, whatever its case. */
async function lookUp(object: string, name: string, objects: ObjectDef[]): Promise<Found | undefined> {
  const nameField = objects.find((it) => it.key === object)?.name_field ?? "name";
  const page = await fetchList(object, { q: name, fields: [nameField], limit: 10 });
  const same = page.items.filter((item) => String(item.fields[nameField] ?? "").toLowerCase() === name.toLowerCase());
  const item = same.length === 1 ? same[0] : page.items.length === 1 ? page.items[0] : undefined;
  return item && { id: item.id, name: String(item.fields[nameField] ?? name) };
}

/** Writes cells copied from a spreadsheet into the grid, from the cell where one stands; new rows come as they are needed. */
export function usePaste(columns: Field[], start: Record<string, Value>, nextKey: () => string) {
  const { t } = useTranslation("stageTasks");
  const objects = useObjects();
  const currency = useMe().organisation.main_currency;
  return async (text: string, at: Place, rows: GridRow[]): Promise<GridRow[]> => {
    const table = tableOf(text);
    const cells = table.flatMap((line, down) =>
      line.flatMap((typed, right) => {
        const field = columns[at.column + right];
        return field ? [{ row: at.row + down, field, read: readCell(field, typed, currency) }] : [];
      }),
    );
    // Each name is looked up once, however often it stands in the table.
    const names = new Map<string, Promise<Found | undefined>>();
    const keyOf = (read: Read) => ("lookUp" in read ? `${read.object}/${read.lookUp.toLowerCase()}` : "");
    for (const { read } of cells) if ("lookUp" in read && !names.has(keyOf(read))) names.set(keyOf(read), lookUp(read.object, read.lookUp, objects).catch(() => undefined));
    const found = new Map(await Promise.all([...names].map(async ([key, one]) => [key, await one] as const)));

    let next = [...rows];
    while (next.length < at.row + table.length) next.push(newRow(nextKey(), start));
    let unread = 0;
    for (const { row, field, read } of cells) {
      const target = next[row]!;
      const named = found.get(keyOf(read));
      if ("value" in read) next = withCell(next, target.key, field.key, read.value);
      else if (named) {
        const refs: Refs = { ...target.refs, [named.id]: { object: "lookUp" in read ? read.object : "", name: named.name } };
        next = withCell(next, target.key, field.key, named.id).map((it) => (it.key === target.key ? { ...it, refs: { ...it.refs, ...refs } } : it));
      } else {
        unread += 1;
        const said = "unread" in read ? read.unread : t("grid.notFound", { text: read.lookUp });
        next = withCell(next, target.key, field.key, null, said);
      }
    }
    notifications.show({ color: unread > 0 ? "yellow" : undefined, message: [t("grid.pasted", { count: table.length }), unread > 0 && t("grid.notRead", { count: unread })].filter(Boolean).join(" ") });
    return next;
  };
}
