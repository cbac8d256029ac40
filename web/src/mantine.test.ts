import { describe, expect, it } from "vitest";
import imported from "./mantine.ts?raw";

const sources = import.meta.glob<string>(["./**/*.tsx", "!./**/*.test.tsx"], { eager: true, query: "?raw", import: "default" });
const styled = import.meta.glob("../node_modules/@mantine/core/styles/*.layer.css");

describe("Mantine", () => {
  it("has the styles of every part that the app uses", () => {
    const used = new Set(
      Object.values(sources)
        .flatMap((source) => [...source.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)])
        .flatMap((match) => (match[1] ?? "").split(","))
        .map((name) => name.replace(/\btype\b/, "").replace(/ as .*/, "").trim()),
    );
    const missing = [...used].filter((name) => `../node_modules/@mantine/core/styles/${name}.layer.css` in styled && !imported.includes(`/${name}.layer.css`));
    expect(missing).toEqual([]);
  });
});
