import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ApiProblem, post, put } from "~/api/http";
import type { Process, Violation } from "~/api/types";
import { bodyOf } from "./processDraft";

const TYPING = 350;

/** What the server says about a draft: the errors it would refuse it for, or the warnings it would save it with. */
export interface Verdict {
  errors: Violation[];
  warnings: Violation[];
  /** The stages at the time of asking, to which the findings' places refer. */
  stages: string[];
}

/** Saves a process, or with `dry` only asks what saving would answer. */
export function sendProcess(process: Process, dry = false): Promise<{ process: Process; warnings?: Violation[] }> {
  const suffix = dry ? "?dry_run=true" : "";
  return process.id
    ? put(`/processes/${process.id}${suffix}`, bodyOf(process), { ifMatch: process.version })
    : post(`/processes${suffix}`, bodyOf(process));
}

/** Asks the server about the draft while it is being edited, so that no rule stands twice. */
export function useProcessCheck(process: Process | undefined) {
  const [settled] = useDebouncedValue(process, TYPING);
  return useQuery({
    queryKey: ["process-check", settled],
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
    queryFn: async (): Promise<Verdict> => {
      if (!settled) return { errors: [], warnings: [], stages: [] };
      const stages = settled.stages.map((stage) => stage.stage);
      try {
        const { warnings } = await sendProcess(settled, true);
        return { errors: [], warnings: warnings ?? [], stages };
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 422) {
          const errors = error.violations.length > 0 ? error.violations : [{ code: error.code, message: error.message }];
          return { errors, warnings: [], stages };
        }
        throw error;
      }
    },
  });
}
