/**
 * Reads what a person types as a number: `1,054.5`, `１０５４．５`, `1 054.5`. What cannot be read goes to the server as it
 * stands, whose refusal then says so at the field.
 */
export function readDecimal(typed: string): string | null {
  const plain = typed
    .normalize("NFKC")
    .replace(/[\s\u00a0_'’]/g, "")
    .replace(/−/g, "-");
  if (plain === "") return null;
  const grouped = plain.replace(/,(?=\d{3}(\D|$))/g, "");
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(grouped)) return grouped.replace(/^\+/, "").replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  return typed;
}
