import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { onlyWarns } from "~/api/duplicates";
import { ApiProblem, post } from "~/api/http";
import type { Requirement, Violation } from "~/api/types";
import { requirementsOf } from "../requirements";
import { requestOf, type Move } from "../useMove";

const TYPING = 300;

/** What the server says against a move as it is filled in so far: requirements, and violations of what would be created with it. */
export type MoveCheck = { requirements: Requirement[]; violations: Violation[] };

/** Asks the server while one types, so that the list is always what it would say; and again when `foreseen`, what the path says, has changed. */
export function useMoveCheck(move: Move, foreseen: Requirement[], enabled: boolean) {
  const { version, ...asked } = move;
  const [settled] = useDebouncedValue(JSON.stringify(asked), TYPING);
  return useQuery({
    queryKey: ["move-check", move.id, version, settled, JSON.stringify(foreseen)],
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
    enabled,
    queryFn: async (): Promise<MoveCheck> => {
      try {
        await post(...requestOf(JSON.parse(settled) as Omit<Move, "version">, true), { ifMatch: version });
        return { requirements: [], violations: [] };
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 422) {
          // What is alike is asked about when it is done, and does not stand in the way before.
          const violations = error.violations.filter((violation) => !onlyWarns(violation));
          return { requirements: requirementsOf(violations, move.stage), violations };
        }
        throw error;
      }
    },
  });
}
