// A group of companies as rows, one below the other.
import type { Condition } from "~/api/types";
import type { Server } from "~/api/server";

export type Node = Server["HierarchyNode"];
export type Row = { node: Node; level: number; /** Its place among those below the same one, from 1 on, and how many they are. */ place: number; of: number; /** Something is below it. */ leads: boolean; open: boolean };

const childrenOf = (nodes: Node[], id: string | null) => nodes.filter((node) => (node.parent ?? null) === id);

/** The rows that are seen while these are open. The server sends those above before those below. */
export function rowsOf(nodes: Node[], open: ReadonlySet<string>): Row[] {
  const there = new Set(nodes.map((node) => node.id));
  const walk = (siblings: Node[], level: number): Row[] =>
    siblings.flatMap((node, at) => {
      const below = childrenOf(nodes, node.id);
      const leads = below.length > 0 || node.more > 0;
      const row = { node, level, place: at + 1, of: siblings.length, leads, open: leads && open.has(node.id) };
      return row.open ? [row, ...walk(below, level + 1)] : [row];
    });
  return walk(
    nodes.filter((node) => !node.parent || !there.has(node.parent)),
    1,
  );
}

/** The account with all below it, as far as they are known. */
export function belowOf(nodes: Node[], id: string): string[] {
  const found = [id];
  for (const at of found) for (const child of childrenOf(nodes, at)) if (!found.includes(child.id)) found.push(child.id);
  return found;
}

/** Those above an account, from the nearest up. */
export function aboveOf(nodes: Node[], id: string): string[] {
  const found: string[] = [];
  for (let at = nodes.find((node) => node.id === id)?.parent; at && !found.includes(at); at = nodes.find((node) => node.id === at)?.parent) found.push(at);
  return found;
}

/** Below so many one sees all at once; of larger groups the way down to the account and what is right below it. */
const ALL = 60;

export function openAtFirst(nodes: Node[], id: string): Set<string> {
  return new Set(nodes.length <= ALL ? nodes.map((node) => node.id) : [id, ...aboveOf(nodes, id)]);
}

/** So many accounts a list can be asked for by their ids. */
const MOST = 200;

export type Figure = "open" | "won" | "ordered";

/** The list behind a figure: of the account alone, or with all below it. Nothing where some of those are not known, or they are too many to name. */
export function behind(nodes: Node[], id: string, figure: Figure, total: boolean): { object: string; filter: Condition } | undefined {
  const ids = total ? belowOf(nodes, id) : [id];
  if (ids.length > MOST || (total && nodes.some((node) => ids.includes(node.id) && node.more > 0))) return undefined;
  const account: Condition = ids.length === 1 ? { field: "account", op: "eq", value: id } : { field: "account", op: "in", value: ids };
  const state: Condition = figure === "ordered" ? { field: "order_status", op: "eq", value: "confirmed" } : { field: "stage_type", op: "eq", value: figure === "open" ? "in_progress" : "won" };
  return { object: figure === "ordered" ? "sales_order" : "opportunity", filter: { all: [account, state] } };
}
