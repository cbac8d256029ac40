import { isEmpty, type ShowProps } from "./contract";
import { Veiled } from "~/pools/Veiled";
import { kindOf } from "./registry";

/** A value as its field's type shows it; a dash where there is none. */
export function FieldShow(props: ShowProps) {
  if (props.veiled) return <Veiled />;
  if (isEmpty(props.value)) return props.dense ? null : <span style={{ color: "var(--ink-faint)" }}>–</span>;
  const { Show } = kindOf(props.field);
  return <Show {...props} />;
}
