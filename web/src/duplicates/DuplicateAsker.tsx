import { lazy, Suspense, useEffect, useState } from "react";
import { hitsOf, type RuleHit } from "~/api/duplicates";
import { onDuplicates } from "~/api/http";
import type { Refs } from "~/api/types";
import { tokensOf } from "./matches";

const DuplicateDialog = lazy(() => import("./DuplicateDialog").then((room) => ({ default: room.DuplicateDialog })));

type Asked = { key: number; hits: RuleHit[]; refs: Refs; blocked: boolean; answer: (goOn: boolean) => void };
let count = 0;

/**
 * Whatever is saved, from wherever: where it met records that are alike, they are shown in place, and where rules only warn one may go on.
 * Then the same is sent again with leave to pass those that were shown; one that came up meanwhile is shown as well.
 */
export function DuplicateAsker() {
  const [asked, setAsked] = useState<Asked[]>([]);
  useEffect(
    () =>
      onDuplicates((refusal, sent) => {
        const { hits, refs } = hitsOf(refusal.violations);
        if (hits.length === 0) return Promise.resolve(undefined);
        const blocked = refusal.code !== "record.duplicate_warning";
        return new Promise((resolve) => {
          const key = ++count;
          const answer = (goOn: boolean) => {
            setAsked((now) => now.filter((it) => it.key !== key));
            const before = Array.isArray(sent.accept_duplicates) ? (sent.accept_duplicates as string[]) : [];
            resolve(goOn && !blocked ? { accept_duplicates: [...new Set([...before, ...tokensOf(hits)])] } : undefined);
          };
          setAsked((now) => [...now, { key, hits, refs, blocked, answer }]);
        });
      }),
    [],
  );
  // Two that are asked at once are asked one after the other.
  const first = asked[0];
  if (!first) return null;
  return (
    <Suspense fallback={null}>
      <DuplicateDialog key={first.key} hits={first.hits} refs={first.refs} blocked={first.blocked} onAnswer={first.answer} />
    </Suspense>
  );
}
