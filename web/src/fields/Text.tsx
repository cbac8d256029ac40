import { TextInput } from "@mantine/core";
import { inputProps, type EditProps, type FieldKind, type ShowProps } from "./contract";

const TextShow = ({ value }: ShowProps) => <>{String(value ?? "")}</>;

/** One line of text; also the base of e-mail, phone and web address, which differ in the keyboard a phone offers. */
export function LineEdit({ type, ...props }: EditProps & { type: "text" | "email" | "tel" | "url" }) {
  return (
    <TextInput
      {...inputProps(props)}
      type={type}
      value={String(props.value ?? "")}
      maxLength={props.field.max_length ?? undefined}
      onChange={(event) => props.onChange(event.currentTarget.value || null)}
    />
  );
}

export const text: FieldKind = { Show: TextShow, Edit: (props) => <LineEdit {...props} type="text" /> };
