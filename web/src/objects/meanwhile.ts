// Two administrators at one definition: the second to save is shown what the first did, and only where both touched the same part.
import { isConflict } from "~/api/problem";
import type { Definition } from "~/api/definitions";
import type { Value } from "~/api/types";
import { sameValue } from "~/fields/draft";

/** The definition as it is now, where somebody else was faster. */
export function presentOf(error: unknown): Definition | undefined {
  return isConflict(error) ? (error.record as unknown as Definition | undefined) : undefined;
}

export const same = (a: unknown, b: unknown) => sameValue((a ?? null) as Value, (b ?? null) as Value);

/**
 * Writes on the version that the person saw. What somebody else changed elsewhere, or work that has ended meanwhile, makes a new version
 * too; where `untouched` says that the part in hand is as it was, it is written on that one.
 */
export async function writeOver<Answer>(seen: number, untouched: (present: Definition) => boolean, write: (version: number, present?: Definition) => Promise<Answer>): Promise<Answer> {
  let version = seen;
  let found: Definition | undefined;
  for (;;) {
    try {
      return await write(version, found);
    } catch (error) {
      const present = presentOf(error);
      if (!present || present.version === version || !untouched(present)) throw error;
      version = present.version;
      found = present;
    }
  }
}
