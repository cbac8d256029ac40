// How leads come in and who gets them: web forms and assignment rules. Administrators only.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put } from "./http";
import type { Receiver } from "./sharing";
import type { Condition, Refs, Value } from "./types";

export type LeadRuleDocument = { name: string; active: boolean; condition: Condition | null; to: Receiver[] };
export type LeadRule = LeadRuleDocument & { id: string; version: number; /** Whose turn it is. */ next: string | null };
export type LeadRules = { items: LeadRule[]; refs: Refs };
export type LeadTrial = { rule: string | null; person: string | null; rules: { id: string; name: string; means: boolean; receivers: string[] }[]; refs: Refs };

const RULES = ["lead-rules"] as const;
export const leadRuleOf = ({ name, active, condition, to }: LeadRuleDocument): LeadRuleDocument => ({ name, active, condition, to });

export const useLeadRules = () => useQuery({ queryKey: RULES, queryFn: () => get<LeadRules>("/lead-assignment-rules") });

export function useSaveLeadRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, over }: { document: LeadRuleDocument; over?: LeadRule }) => (over ? put<LeadRule>(`/lead-assignment-rules/${over.id}`, document, { ifMatch: over.version }) : post<LeadRule>("/lead-assignment-rules", document)),
    onSuccess: () => client.invalidateQueries({ queryKey: RULES }),
  });
}

export function useDeleteLeadRule() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (rule: LeadRule) => del(`/lead-assignment-rules/${rule.id}`, { ifMatch: rule.version }), onSuccess: () => client.invalidateQueries({ queryKey: RULES }) });
}

export function useOrderLeadRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => put<LeadRules>("/lead-assignment-rules/order", { ids }),
    onSuccess: (rules) => client.setQueryData(RULES, rules),
    onError: () => client.invalidateQueries({ queryKey: RULES }),
  });
}

export const useTryLeadRules = () => useMutation({ mutationFn: (body: { lead?: string; fields?: Record<string, Value> }) => post<LeadTrial>("/lead-assignment-rules/trial", body) });

export type FormField = { field: string; required: boolean; label: string };
export type FormAssignment = { by: "rules" } | { by: "nobody" } | { by: "person"; person: string };
export type WebFormDocument = {
  name: string;
  active: boolean;
  language: string;
  title: string;
  fields: FormField[];
  values: Record<string, Value>;
  origins: string[];
  thanks_url: string | null;
  thanks: string;
  assignment: FormAssignment;
  minimum_seconds: number;
};
export type WebForm = WebFormDocument & { id: string; public_key: string; version: number };
export type WebForms = { items: WebForm[]; refs: Refs };

const FORMS = ["web-forms"] as const;
export const webFormOf = ({ name, active, language, title, fields, values, origins, thanks_url, thanks, assignment, minimum_seconds }: WebFormDocument): WebFormDocument => ({ name, active, language, title, fields, values, origins, thanks_url, thanks, assignment, minimum_seconds });

export const useWebForms = () => useQuery({ queryKey: FORMS, queryFn: () => get<WebForms>("/web-forms") });
export const useSnippet = (form: WebForm) => useQuery({ queryKey: [...FORMS, form.id, form.version, "snippet"], queryFn: () => get<{ html: string; page: string }>(`/web-forms/${form.id}/snippet`) });

export function useSaveWebForm() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, over }: { document: WebFormDocument; over?: WebForm }) => (over ? put<WebForm>(`/web-forms/${over.id}`, document, { ifMatch: over.version }) : post<WebForm>("/web-forms", document)),
    onSuccess: () => client.invalidateQueries({ queryKey: FORMS }),
  });
}

export function useDeleteWebForm() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (form: WebForm) => del(`/web-forms/${form.id}`, { ifMatch: form.version }), onSuccess: () => client.invalidateQueries({ queryKey: FORMS }) });
}
