/** A key for a new option, from its English name: "On hold" becomes `on_hold`, and `on_hold_2` where that is taken. */
export function keyOfName(name: string, taken: readonly string[], fallback = "stage"): string {
  const base =
    name
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 40) || fallback;
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}
