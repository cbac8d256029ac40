// How e-mail leaves the house, and what is on its way.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, query } from "./http";
import type { Refs } from "./types";

export type MailSecurity = "none" | "starttls" | "tls";
export type MailSettings = {
  configured: boolean;
  /** The server's own configuration says it; nobody chooses here. */
  fixed: boolean;
  host: string | null;
  port: number | null;
  security: MailSecurity;
  user: string | null;
  has_password: boolean;
  sender_name: string | null;
  sender_address: string | null;
  /** The address under which people reach the product; without it e-mails carry no links. */
  links?: string | null;
  version: number;
};
export type MailDocument = Pick<MailSettings, "host" | "port" | "security" | "user" | "sender_name" | "sender_address"> & { password?: string };

export const MAIL_STATES = ["waiting", "sent", "failed", "dropped"] as const;
export type MailState = (typeof MAIL_STATES)[number];
export type Mail = {
  id: string;
  message_id?: string | null;
  person: string;
  kind: string;
  state: MailState;
  attempts: number;
  run_at?: string | null;
  address?: string | null;
  subject?: string | null;
  /** What the mail server said last. */
  message?: string | null;
  created_at: string;
  ended_at?: string | null;
};
export type MailPage = { items: Mail[]; refs?: Refs; next_cursor?: string | null; counts?: { waiting: number; failed: number } };

const SETTINGS = ["mail", "settings"] as const;
const LIST = ["mail", "list"] as const;

export const useMailSettings = () => useQuery({ queryKey: SETTINGS, queryFn: ({ signal }) => get<MailSettings>("/organisation/mail", { signal }) });

export function useSaveMailSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, version }: { document: MailDocument; version: number }) => put<MailSettings>("/organisation/mail", document, { ifMatch: version }),
    onSuccess: (saved) => {
      client.setQueryData(SETTINGS, saved);
      void client.invalidateQueries({ queryKey: ["notification-preferences"] });
    },
  });
}

/** Sends an e-mail to oneself with the settings as they are saved. */
export const useTestMail = () => useMutation({ mutationFn: () => post<{ ok: boolean; reason?: string | null; address: string }>("/organisation/mail/test") });

const SOON = 5_000;

export function useMail(state: MailState | undefined) {
  return useInfiniteQuery({
    queryKey: [...LIST, state ?? null],
    queryFn: ({ pageParam, signal }) => get<MailPage>(`/mail${query({ state, limit: 30, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: ({ state: known }) => (known.data?.pages[0]?.counts?.waiting ? SOON : false),
  });
}

export function useRetryMail() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => post(`/mail/${id}/retry`, {}), onSuccess: () => client.invalidateQueries({ queryKey: LIST }) });
}
