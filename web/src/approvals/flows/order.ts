/** The order of all, with some of them put into another order among themselves: the places of the others stay. */
export function reordered(all: string[], some: string[]): string[] {
  const next = [...some];
  return all.map((id) => (some.includes(id) ? next.shift()! : id));
}
