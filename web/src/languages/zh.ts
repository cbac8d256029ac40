// As for English.
export const rooms = import.meta.glob<Record<string, unknown>>("../**/texts.ts", { eager: true, query: "?zh", import: "zh" });
