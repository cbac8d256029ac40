import { TextInput } from "@mantine/core";
import { Day, Instant, useTimeZone } from "~/ui/Instant";
import { inputProps, type EditProps, type FieldKind } from "./contract";
import { instantOfWall, wallOfInstant } from "./wallTime";

// The browser's own pickers: they know the reader's calendar, the keyboard and the phone's wheels.
export const date: FieldKind = {
  Show: ({ value }) => <Day value={value as string | null} />,
  Edit: (props) => <TextInput {...inputProps(props)} type="date" max="9999-12-31" value={(props.value as string) ?? ""} onChange={(event) => props.onChange(event.currentTarget.value || null)} />,
};

function DateTimeEdit(props: EditProps) {
  const timeZone = useTimeZone();
  return (
    <TextInput
      {...inputProps(props)}
      type="datetime-local"
      max="9999-12-31T23:59"
      value={props.value ? wallOfInstant(props.value as string, timeZone) : ""}
      onChange={(event) => props.onChange(event.currentTarget.value ? instantOfWall(event.currentTarget.value, timeZone) : null)}
    />
  );
}

export const datetime: FieldKind = {
  Show: ({ value }) => <Instant value={value as string | null} />,
  Edit: DateTimeEdit,
};
