import { Group as Line, Stack, Text } from "@mantine/core";
import type { Condition, Violation } from "~/api/types";
import { Findings } from "~/processes/Findings";
import { JoinSelect, Parts } from "./ConditionParts";
import classes from "./conditions.module.css";
import { conditionOfGroup, groupOf, placeFindings } from "./groups";

interface Props {
  label: string;
  hint?: string;
  object?: string;
  value: Condition | null | undefined;
  findings?: Violation[];
  /** Only fields of the object itself, and no counts of other records. */
  ownOnly?: boolean;
  /** It judges a change of the record: whether a field changes can be asked. */
  judgesChange?: boolean;
  /** What it says must last until a record is saved: nothing relative to the day or to the reader. */
  lasting?: boolean;
  onChange: (condition: Condition | undefined) => void;
}

/** A condition as lines of field, comparison and value, in groups within groups. It draws all that a condition can say and loses none of it. */
export function ConditionEditor({ label: title, hint, object = "opportunity", value, findings = [], ownOnly, judgesChange, lasting, onChange }: Props) {
  const group = groupOf(value);
  const placed = placeFindings(findings, value);
  return (
    <Stack gap={6} role="group" aria-label={title} className={classes.editor}>
      <Line justify="space-between" gap="xs" mih={30}>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        {(group.parts.length > 1 || group.not) && <JoinSelect group={group} onChange={(next) => onChange(conditionOfGroup(next))} />}
      </Line>
      {hint && (
        <Text size="xs" c="dimmed" mt={-6}>
          {hint}
        </Text>
      )}
      <Parts object={object} ownOnly={ownOnly} judgesChange={judgesChange} lasting={lasting} position="" findings={placed.at} group={group} onChange={(next) => onChange(conditionOfGroup(next))} />
      <Findings findings={placed.rest} />
    </Stack>
  );
}
