import { useObject } from "~/api/queries";
import type { Rec } from "~/api/types";
import { useLabel } from "~/i18n";
import { Tone } from "~/ui/Tone";

const TONES: Record<string, "good" | "warn" | "danger" | "busy" | "quiet"> = { accepted: "good", confirmed: "good", rejected: "danger", cancelled: "danger", in_review: "warn", sent: "busy", draft: "quiet" };

/** The state of a quote or an order in a word. */
export function PaperStatus({ record }: { record: Rec }) {
  const label = useLabel();
  const field = record.object === "quote" ? "quote_status" : "order_status";
  const state = String(record.fields[field] ?? "");
  const option = useObject(record.object)?.fields.find((it) => it.key === field)?.options?.find((it) => it.key === state);
  return <Tone tone={TONES[state] ?? "quiet"}>{label(option?.label) || state}</Tone>;
}
