/** Objects of which so many may be had, the first first. */
export const HELD = ["opportunity", "lead", "account"] as const;

export const isHeld = (object: string) => (HELD as readonly string[]).includes(object);
