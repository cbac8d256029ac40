/** What values of a column stand for: `GTXPro` is `GTX Pro`. */
export type ValueMappings = Record<string, Record<string, string>>;

/** The mappings with one more accepted. */
export function withValue(values: ValueMappings, column: string, from: string, to: string): ValueMappings {
  return { ...values, [column]: { ...values[column], [from]: to } };
}

/** The mappings without one that was accepted before. */
export function withoutValue(values: ValueMappings, column: string, from: string): ValueMappings {
  const { [from]: _gone, ...rest } = values[column] ?? {};
  const { [column]: _old, ...others } = values;
  return Object.keys(rest).length > 0 ? { ...others, [column]: rest } : others;
}

/** Accepted mappings as a list. */
export function listValues(values: ValueMappings): { column: string; from: string; to: string }[] {
  return Object.entries(values).flatMap(([column, pairs]) => Object.entries(pairs).map(([from, to]) => ({ column, from, to })));
}
