import { Button, Group, Indicator, Popover, Stack, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FIELDS, PERIODS, spanOf, spanText, type PeriodKind, type Periods } from "./asked";
import classes from "./conversion.module.css";

type Props = { value: Periods; /** Fields of the deal that the reader knows. */ knows: (field: string) => boolean; onChange: (part: Periods) => void };

/** Between which days deals were created, came into the process, are expected to close, were closed. */
export function PeriodFilter({ value, knows, onChange }: Props) {
  const { t } = useTranslation("conversion");
  const [opened, setOpened] = useState(false);
  const kinds = PERIODS.filter((kind) => kind === "entered" || knows(FIELDS[kind]));
  const chosen = kinds.filter((kind) => value[kind]);
  const one = chosen.length === 1 ? t(`period.${chosen[0]!}`) : undefined;
  return (
    <Popover position="bottom-start" shadow="md" opened={opened} onChange={setOpened} trapFocus returnFocus>
      <Indicator disabled={chosen.length === 0} size={8} offset={4} color="brand">
        <Popover.Target>
          <Button variant="default" leftSection={<IconCalendar size={16} stroke={1.7} />} onClick={() => setOpened(!opened)}>
            {one ?? t("periods")}
          </Button>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown maw="calc(100vw - 28px)">
        <Stack gap="sm">
          {kinds.map((kind) => (
            <Span key={kind} kind={kind} value={value[kind]} onChange={(span) => onChange({ [kind]: span })} />
          ))}
          <Group justify="flex-end">
            <Button variant="subtle" color="gray" size="compact-sm" disabled={chosen.length === 0} onClick={() => onChange(Object.fromEntries(kinds.map((kind) => [kind, undefined])))}>
              {t("period.clear")}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Span({ kind, value, onChange }: { kind: PeriodKind; value: string | undefined; onChange: (span: string | undefined) => void }) {
  const { t } = useTranslation("conversion");
  const span = spanOf(value);
  const name = t(`period.${kind}`);
  return (
    <fieldset className={classes.span}>
      <legend>{name}</legend>
      {(["from", "to"] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          max="9999-12-31"
          aria-label={t(`period.${end}`, { name })}
          value={span[end] ?? ""}
          onChange={(event) => onChange(spanText({ ...span, [end]: event.currentTarget.value || undefined }))}
        />
      ))}
    </fieldset>
  );
}
