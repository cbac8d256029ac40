import type { ImportState } from "~/api/imports";

export const STATE_COLOURS: Record<ImportState, string> = { waiting: "gray", running: "blue", done: "brand", failed: "red", cancelled: "gray", undoing: "blue", undone: "gray" };
