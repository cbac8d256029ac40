/** How the `n`th number of a pattern will look on a day (`2026-11-25`): `OPP-{yyyy}-{0000}` becomes `OPP-2026-0001`. */
export function exampleNumber(pattern: string, day: string, n = 1): string {
  const [yyyy = "", mm = "", dd = ""] = day.split("-");
  return pattern.replace(/\{(yyyy|mm|dd|0+)\}/g, (_, slot: string) => {
    if (slot === "yyyy") return yyyy;
    if (slot === "mm") return mm;
    return slot === "dd" ? dd : String(n).padStart(slot.length, "0");
  });
}
