import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
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
        if (error instanceof ApiProblem && error.status === 422) return { requirements: requirementsOf(error.violations, move.stage), violations: error.violations };
        throw error;
      }
    },
  });
}
