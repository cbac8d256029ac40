// Approvals: what waits for somebody to agree, what he has decided, and what he has asked for.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { get, post, query } from "./http";
import { keys } from "./queries";
import type { Closer } from "./server";
import type { Refs, Value } from "./types";

export const TRIGGERS = ["create", "edit", "void", "restore", "delete", "change_owner", "claim", "return", "stage", "convert", "import"] as const;
export type ApprovalTrigger = (typeof TRIGGERS)[number];
export type ApprovalState = "running" | "returned" | "approved" | "rejected" | "withdrawn" | "failed" | "superseded";
export type ApprovalAct = "agree" | "reject" | "comment" | "reassign" | "add_signer" | "withdraw" | "retrieve" | "urge" | "resubmit" | "jump" | "replace" | "end";
export type ApprovalField = Closer<"ApprovalField", { before?: Value; after?: Value }>;
export type ApprovalAsks = Closer<"ApprovalAsks", { fields: ApprovalField[] }>;
export type ApprovalSummary = Closer<"ApprovalSummary", { what: ApprovalTrigger; state: ApprovalState; can: ApprovalAct[]; asks: ApprovalAsks }>;
export type ApprovalEntry = Closer<
  "ApprovalEntry",
  {
    what: "submitted" | "entered" | "agreed" | "rejected" | "commented" | "reassigned" | "signer_added" | "retrieved" | "urged" | "skipped" | "sent_back" | "returned" | "resubmitted" | "jumped" | "ended";
    outcome?: ApprovalState | null;
  }
>;
export type ApprovalPerson = Closer<"ApprovalPerson", { state: "waiting" | "open" | "agreed" | "rejected" | "dropped" }>;
export type ApprovalStep = Closer<"ApprovalStep", { state: "open" | "passed" | "rejected" | "skipped" | "dropped"; people: ApprovalPerson[] }>;
export type Approval = Closer<
  "Approval",
  { what: ApprovalTrigger; state: ApprovalState; can: ApprovalAct[]; asks: ApprovalAsks; steps: ApprovalStep[]; trail: ApprovalEntry[]; values: Record<string, Value>; refs: Refs }
>;
export type ApprovalPage = Closer<"Approvals", { items: ApprovalSummary[]; refs: Refs }>;
export type ApprovalAnswered = Closer<"ApprovalAnswered", object>;

/** Which of them a list shows. */
export const WHICH = ["to_do", "done", "mine", "all"] as const;
export type Which = (typeof WHICH)[number];

export const approvalKeys = { all: ["approvals"] as const };

export function useApprovals(which: Which, q = "") {
  return useInfiniteQuery({
    queryKey: [...approvalKeys.all, "list", which, q],
    queryFn: ({ pageParam, signal }) => get<ApprovalPage>(`/approvals${query({ which, q, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (before) => before,
  });
}

/** Those of all pages, and names. */
export function listed(data: InfiniteData<ApprovalPage> | undefined): { items: ApprovalSummary[]; refs: Refs; total: number | undefined } {
  return { items: data?.pages.flatMap((page) => page.items) ?? [], refs: Object.assign({}, ...(data?.pages.map((page) => page.refs) ?? [])) as Refs, total: data?.pages[0]?.total ?? undefined };
}

export const useApproval = (id: string) => useQuery({ queryKey: [...approvalKeys.all, "one", id], queryFn: ({ signal }) => get<Approval>(`/approvals/${id}`, { signal }) });

export const useApprovalsOf = (object: string, id: string) =>
  useQuery({ queryKey: [...keys.record(object, id), "approvals"], queryFn: ({ signal }) => get<ApprovalPage>(`/records/${object}/${id}/approvals`, { signal }) });

export type ActInput = { act: ApprovalAct; task?: number; comment?: string; fields?: Record<string, Value>; to?: string; person?: string; place?: "before" | "after"; node?: string; approve?: boolean };

function useAfterAct() {
  const client = useQueryClient();
  return (done: { object: string; record: string; record_readable: boolean }) => {
    void client.invalidateQueries({ queryKey: approvalKeys.all });
    void client.invalidateQueries({ queryKey: ["todo"] });
    // Whoever loses sight of the record with the answer does not ask for it again.
    void client.invalidateQueries({ queryKey: keys.records(done.object), predicate: ({ queryKey }) => done.record_readable || !queryKey.includes(done.record) });
    if (done.object === "opportunity") void client.invalidateQueries({ queryKey: ["board"] });
    void client.invalidateQueries({ queryKey: ["timeline"] });
  };
}

/** One act; the answer is the approval as it stands then. */
export function useActOnApproval(id: string) {
  const client = useQueryClient();
  const after = useAfterAct();
  return useMutation({
    mutationFn: (input: ActInput) => post<Approval>(`/approvals/${id}/act`, input),
    onSuccess: (approval) => {
      client.setQueryData([...approvalKeys.all, "one", id], approval);
      after(approval);
    },
    // Somebody may have decided in the meantime: what stands on the screen is read again.
    onError: () => void client.invalidateQueries({ queryKey: approvalKeys.all }),
  });
}

/** Many answered at once; each is told of. */
export function useAnswerMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { act: "agree" | "reject"; comment?: string; items: { id: string; task?: number }[] }) => post<{ results: ApprovalAnswered[]; done: number; refused: number }>("/approvals/act-many", input),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: approvalKeys.all });
      void client.invalidateQueries({ queryKey: ["todo"] });
      void client.invalidateQueries({ queryKey: ["records"] });
      void client.invalidateQueries({ queryKey: ["board"] });
    },
  });
}

/** Submits again what was not approved. */
export function useSubmit(object: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { approval?: string; version: number }) => post(`/records/${object}/${id}/submit`, input.approval ? { approval: input.approval } : {}, { ifMatch: input.version }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.records(object) });
      void client.invalidateQueries({ queryKey: approvalKeys.all });
    },
  });
}
