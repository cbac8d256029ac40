import { useLabel } from "~/i18n";
import type { EditProps } from "./contract";
import { kindOf } from "./registry";

/** The input of a field with its label and help; give `aria-label` instead of a label where the place already names it. */
export function FieldEdit(props: EditProps) {
  const label = useLabel();
  const { Edit } = kindOf(props.field);
  const named = props.label === undefined && !props["aria-label"] ? label(props.field.label) : props.label;
  return <Edit {...props} label={named} description={props.description ?? (props.field.help ? label(props.field.help) : undefined)} required={props.required ?? props.field.required} />;
}
