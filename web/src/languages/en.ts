// The texts of every room in one language, read as one file. The query makes a module of its own for each language, of which nothing but
// that language is left.
export const rooms = import.meta.glob<Record<string, unknown>>("../**/texts.ts", { eager: true, query: "?en", import: "en" });
