import { Textarea } from "@mantine/core";
import { inputProps, type FieldKind } from "./contract";

export const longText: FieldKind = {
  wide: true,
  Show: ({ value, dense }) => <span style={dense ? undefined : { whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{String(value ?? "")}</span>,
  Edit: (props) => (
    <Textarea {...inputProps(props)} autosize minRows={3} maxRows={14} value={String(props.value ?? "")} onChange={(event) => props.onChange(event.currentTarget.value || null)} />
  ),
};
