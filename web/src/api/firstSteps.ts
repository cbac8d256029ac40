import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get } from "./http";
import { homeKeys } from "./home";

export type FirstStep = { key: "organisation" | "people" | "process" | "data" | "limit"; /** As what is there says. */ done: boolean };
export type FirstSteps = { steps: FirstStep[]; dismissed: boolean };

const KEY = [...homeKeys.all, "first-steps"] as const;

/** What an administrator does first; asked anew whenever one comes back to it. */
export function useFirstSteps() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<FirstSteps>("/home/first-steps", { signal }), staleTime: 0 });
}

export function useDismissFirstSteps() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => del<FirstSteps>("/home/first-steps"), onSuccess: (steps) => client.setQueryData(KEY, steps) });
}
