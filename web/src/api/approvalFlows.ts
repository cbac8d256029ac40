// Approval flows: which acts are held back until somebody agrees, who that is, and what follows.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put } from "./http";
import type { Closer, Server } from "./server";
import type { Condition, Refs, Value, Violation } from "./types";

export const TRIGGERS = ["create", "edit", "void", "restore", "delete", "change_owner", "claim", "return", "stage", "convert", "import"] as const;
export type Trigger = (typeof TRIGGERS)[number];
export type Whose = "owner" | "submitter";

/** Who is asked. */
export type Source =
  | { type: "person"; id: string }
  | { type: "department"; id: string; with_sub: boolean }
  | { type: "department_head"; of: Whose; up: number }
  | { type: "group"; id: string }
  | { type: "role"; role: string }
  | { type: "owner" }
  | { type: "submitter" }
  | { type: "manager"; of: Whose; up: number }
  | { type: "team"; role?: string | null }
  | { type: "field"; path: string };
export type Until = { type: "levels"; n: number } | { type: "role"; role: string } | { type: "department_head" };
export type Method = { type: "standard" } | { type: "countersign"; percent?: number | null } | { type: "step_by_step"; of: Whose; until: Until } | { type: "named_order" };
export type Nobody = { type: "skip" } | { type: "person"; id: string } | { type: "administrators" } | { type: "fail" };
export type Rejects = { type: "end" } | { type: "previous" } | { type: "node"; node: string } | { type: "initiator"; back_to_node?: boolean };
export type Limit = { hours: number; remind_hours_before?: number[]; then?: "remind" | "agree" | "reject" | "manager" };

/** A way out of a branch; without a condition it is not finished yet. */
export type BranchWay = { name?: string; when: Condition | null; to: string };
export type Approve = {
  type: "approve";
  method: Method;
  who: Source[];
  nobody?: Nobody;
  may_edit?: string[];
  must_fill?: string[];
  rejects?: Rejects;
  submitter?: "asks" | "agrees" | "manager";
  agreed_already?: boolean;
  comment_required?: boolean;
  limit?: Limit | null;
  next: string;
};
export type Task = { type: "task"; who: Source[]; nobody?: Nobody; instruction?: string; must_fill: string[]; limit?: Limit | null; next: string };
/** What a node does. */
export type Does =
  | { type: "start"; next: string }
  | Approve
  | { type: "branch"; ways: BranchWay[]; otherwise: string }
  | { type: "fork"; ways: string[]; join: string }
  | { type: "join"; next: string }
  | Task
  | { type: "approved" }
  | { type: "rejected" };
export type FlowNode = Omit<Server["ApprovalNode"], "does"> & { does: Does };

/** What follows from an outcome. */
export type Effect =
  | { type: "set"; field: string; value: Value }
  | { type: "change_owner"; to: string }
  | { type: "lock" }
  | { type: "unlock" }
  | { type: "notify"; who: Source[]; text: string }
  | { type: "create_task"; subject: string; who: Source[]; due_in_days: number }
  | { type: "webhook"; name: string };

type Told = { trigger: Trigger; condition?: Condition | null; initiated_as: Whose; nodes: FlowNode[]; approved: Effect[]; rejected: Effect[] };
export type Flow = Closer<"ApprovalFlow", Told>;
export type FlowDocument = Omit<Flow, "id" | "version" | "position" | "running" | "refs"> & { id?: string };
export type FlowObject = Closer<"ApprovalObject", { triggers: Trigger[] }>;
export type Flows = Closer<"ApprovalFlows", { items: Flow[]; objects: FlowObject[] }>;
export type FlowVersion = Closer<"ApprovalFlowVersion", { flow: Flow }>;
export type FlowVersions = Closer<"ApprovalFlowVersions", { items: FlowVersion[] }>;
export type FlowChecked = Server["ApprovalFlowChecked"];

export const flowKeys = { all: ["approval-flows"] as const, versions: (id: string) => ["approval-flows", id, "versions"] as const };

/** A flow without what the product keeps of it. */
export const documentOf = ({ api_name, name, description, object, trigger, fields, stages, condition, active, initiated_as, owner_may_withdraw, nodes, approved, rejected }: FlowDocument): FlowDocument => ({
  api_name, name, description, object, trigger, fields, stages, condition: condition ?? null, active, initiated_as, owner_may_withdraw, nodes, approved, rejected,
});

export const useFlows = (enabled = true) => useQuery({ queryKey: flowKeys.all, queryFn: ({ signal }) => get<Flows>("/approval-flows", { signal }), enabled });

export function useFlowVersions(id: string, version: number) {
  return useQuery({ queryKey: [...flowKeys.versions(id), version], queryFn: ({ signal }) => get<FlowVersions>(`/approval-flows/${id}/versions`, { signal }) });
}

export function useSaveFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, over }: { document: FlowDocument; over?: Pick<Flow, "id" | "version"> }) => (over ? put<Flow>(`/approval-flows/${over.id}`, document, { ifMatch: over.version }) : post<Flow>("/approval-flows", document)),
    onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.all }),
  });
}

export function useDeleteFlow() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (flow: Pick<Flow, "id" | "version">) => del(`/approval-flows/${flow.id}`, { ifMatch: flow.version }), onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.all }) });
}

export const orderFlows = (ids: string[]) => put<unknown>("/approval-flows/order", { ids });

/** What is wrong with a flow that is being drawn, with the nodes that the answer counts. Nothing is kept. */
export function useFlowCheck(document: FlowDocument, enabled: boolean) {
  return useQuery({
    queryKey: ["approval-flow-check", document],
    queryFn: async ({ signal }) => ({ violations: (await post<{ violations: Violation[] }>("/approval-flows/check", document, { signal })).violations, nodes: document.nodes }),
    enabled,
    retry: false,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** What is asked about: an act of somebody on a record that is there, or on one that might be. */
export type Asked = { object: string; act: Trigger; record?: string; fields?: Record<string, Value>; stage?: string; submitter?: string; flow?: FlowDocument };
export type FlowName = { id: string | null; name: string; version: number };
export type WhyNot = { code: "trigger" | "inactive" | "stage_not_approved" | "stage" | "fields" | "condition" | "earlier"; by?: string; /** What of its condition does not hold. */ rows?: Condition[] };
export type StepAhead = { node: string; name: string; how: Method["type"] | "task"; people: string[]; agree_by_themselves: string[]; fork: string | null; skipped: boolean };
export type Simulated = {
  flow: FlowName | null;
  tried: { flow: FlowName; why_not: WhyNot | null }[];
  path_of: FlowName | null;
  path: StepAhead[];
  submitter: string;
  initiator: string | null;
  ends: "approved" | "rejected" | "failed" | null;
  fails: { message?: string; code?: string } | null;
  refused: Violation[];
  refs: Refs;
};
export const useSimulation = () => useMutation({ mutationFn: (asked: Asked) => post<Simulated>("/approval-flows/simulate", asked) });
