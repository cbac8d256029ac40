// How the installation is.
import { useQuery } from "@tanstack/react-query";
import { get } from "./http";

export type Standing = "ok" | "attention" | "trouble";
export type HealthPart = { key: string; state: Standing; says: string; params: Record<string, unknown>; link: string | null };
export type HealthServer = { id: string; name: string; version: string; started_at: string; seen_at: string; memory: number | null; streams: number; ahead_ms: number | null; here: boolean };
export type FailedJob = { id: string; kind: string; object: string | null; message: string | null; ended_at: string | null };
export type SlowStatement = { at: string; ms: number; statement: string; request: string | null; what: string | null };
export type Health = {
  state: Standing;
  at: string;
  version: string;
  started_at: string | null;
  database: { engine: "sqlite" | "postgres"; version: string; size: number; log_size: number | null; schema: number; definitions: number };
  memory: number | null;
  streams: number;
  parts: HealthPart[];
  servers: HealthServer[];
  failed_jobs: FailedJob[];
  slow: SlowStatement[];
  errors: { status: number; code: string; count: number }[];
};

/** It is read again while one looks at it. */
export const useHealth = () => useQuery({ queryKey: ["health"], queryFn: ({ signal }) => get<Health>("/system/health", { signal }), refetchInterval: 5_000, staleTime: 0 });
