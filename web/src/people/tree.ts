import type { Refs } from "~/api/types";

/** A department as `GET /departments` tells of it. */
export type Department = {
  id: string;
  version: number;
  name: string;
  parent: string | null;
  head: string | null;
  assistants: string[] | null;
  people: number | null;
  people_below: number | null;
};

export type Departments = { items: Department[]; without_department: number | null; refs: Refs };

/** A line of the drawn tree. */
export type Line = { department: Department; depth: number; children: number; open: boolean };

/** Departments by the one above them; one whose parent is not among them stands at the top. */
export function childrenOf(items: Department[]): Map<string | null, Department[]> {
  const known = new Set(items.map((it) => it.id));
  const children = new Map<string | null, Department[]>();
  for (const item of items) {
    const above = item.parent && known.has(item.parent) ? item.parent : null;
    children.set(above, [...(children.get(above) ?? []), item]);
  }
  return children;
}

/** The department and those above it, the nearest first. */
export function chainOf(items: Department[], id: string | null): Department[] {
  const chain: Department[] = [];
  for (let at = items.find((it) => it.id === id); at && !chain.includes(at); at = items.find((it) => it.id === at?.parent)) chain.push(at);
  return chain;
}

/** The lines to draw: what is not folded; with words, what is called so with all above it. */
export function linesOf(items: Department[], folded: ReadonlySet<string>, words = ""): Line[] {
  const wanted = words.trim().toLowerCase();
  const found = wanted ? new Set(items.filter((it) => it.name.toLowerCase().includes(wanted)).flatMap((it) => chainOf(items, it.id).map((above) => above.id))) : undefined;
  const children = childrenOf(items);
  const lines: Line[] = [];
  const visit = (above: string | null, depth: number) => {
    for (const department of children.get(above) ?? []) {
      if (found && !found.has(department.id)) continue;
      const below = (children.get(department.id) ?? []).filter((it) => !found || found.has(it.id));
      const open = found !== undefined || !folded.has(department.id);
      lines.push({ department, depth, children: below.length, open });
      if (open) visit(department.id, depth + 1);
    }
  };
  visit(null, 0);
  return lines;
}
