import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import type { ImportFile } from "~/api/imports";
import { messageOf } from "~/api/problem";
import { keepFiles } from "./useImports";
import { refusalOf, uploadFile } from "./upload";

export type Upload = { key: number; file: File; share: number; refused?: string };

const said = (error: unknown) => (error instanceof ApiProblem && error.violations[0] ? error.violations[0].message : messageOf(error));

/** Files on their way to the server, one after the other; what is refused stays with its reason. */
export function useUploads(onFiles: (files: ImportFile[]) => void) {
  const { t } = useTranslation("imports");
  const client = useQueryClient();
  const [list, setList] = useState<Upload[]>([]);
  const next = useRef(0);
  const stops = useRef(new Map<number, AbortController>());

  const change = (key: number, by: Partial<Upload>) => setList((now) => now.map((it) => (it.key === key ? { ...it, ...by } : it)));
  const remove = (key: number) => {
    stops.current.get(key)?.abort();
    setList((now) => now.filter((it) => it.key !== key));
  };
  const send = (files: File[]) => {
    if (files.length === 0) return;
    const wanted = files.map((file): Upload => {
      const refusal = refusalOf(file);
      return { key: (next.current += 1), file, share: 0, refused: refusal && t(`refused.${refusal}`) };
    });
    setList((now) => [...now.filter((it) => it.refused === undefined), ...wanted]);
    void run(wanted.filter((it) => it.refused === undefined));
  };
  const run = async (wanted: Upload[]) => {
    const found: ImportFile[] = [];
    for (const { key, file } of wanted) {
      const stop = new AbortController();
      stops.current.set(key, stop);
      try {
        found.push(await uploadFile(file, (share) => change(key, { share }), stop.signal));
        setList((now) => now.filter((it) => it.key !== key));
      } catch (error) {
        if (!stop.signal.aborted) change(key, { refused: said(error) });
      }
      stops.current.delete(key);
    }
    if (found.length === 0) return;
    keepFiles(client, found);
    onFiles(found);
  };
  return { list, send, remove };
}
