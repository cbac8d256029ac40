import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";

/** Why a sign-in was refused, in a sentence. */
export function refusalOf(error: unknown, t: (key: string, values?: Record<string, unknown>) => string): string {
  if (error instanceof ApiProblem && error.status === 429 && error.retryAfter) return t("tooMany", { seconds: error.retryAfter });
  if (error instanceof ApiProblem && error.code === "network.unreachable") return t("network", { ns: "ui" });
  return messageOf(error);
}
