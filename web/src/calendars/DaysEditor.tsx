import { ActionIcon, Button, Checkbox, Group, Select, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconUpload, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { WEEKDAYS, type DayKind, type SpecialDay, type Weekday } from "./calendar";
import classes from "./calendars.module.css";
import { ImportDays } from "./ImportDays";
import { Hours } from "./WeekEditor";

type Props = { days: SpecialDay[]; today: string; onChange: (days: SpecialDay[]) => void; errors: Record<string, string[] | undefined> };

/** Holidays, half days and working days swapped in. */
export function DaysEditor({ days, today, onChange, errors }: Props) {
  const { t } = useTranslation("calendars");
  const [importing, importer] = useDisclosure();
  const errorAt = (at: number) =>
    Object.entries(errors)
      .filter(([path]) => path.startsWith(`days/${at}/`))
      .flatMap(([, messages]) => messages ?? [])
      .join(" ") || undefined;
  return (
    <>
      {days.length === 0 && (
        <Text c="dimmed" mb="sm">
          {t("daysEmpty")}
        </Text>
      )}
      <div className={classes.days} role="list" aria-label={t("days")}>
        {days.map((day, at) => (
          <Day key={at} day={day} error={errorAt(at)} onChange={(next) => onChange(days.map((it, place) => (place === at ? next : it)))} onRemove={() => onChange(days.filter((_, place) => place !== at))} />
        ))}
      </div>
      <Group mt="sm" gap="xs">
        <Button
          variant="subtle"
          size="compact-sm"
          ml={-8}
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...days, { name: "", from: today, to: today, yearly: false, kind: "holiday", hours: [] }])}
        >
          {t("addDay")}
        </Button>
        <Button variant="subtle" size="compact-sm" leftSection={<IconUpload size={14} />} onClick={importer.open}>
          {t("import")}
        </Button>
      </Group>
      {importing && (
        <ImportDays
          onClose={importer.close}
          onRead={(read) => {
            const known = new Set(days.map((day) => JSON.stringify([day.from, day.to, day.name])));
            onChange([...days, ...read.filter((day) => !known.has(JSON.stringify([day.from, day.to, day.name])))]);
          }}
        />
      )}
    </>
  );
}

function Day({ day, error, onChange, onRemove }: { day: SpecialDay; error?: string; onChange: (day: SpecialDay) => void; onRemove: () => void }) {
  const { t } = useTranslation("calendars");
  const kinds = (["holiday", "half_day", "working_day"] as const).map((value) => ({ value, label: t(value) }));
  const change = (kind: DayKind) => onChange({ ...day, kind, hours: kind === "holiday" ? [] : day.hours, as: kind === "working_day" ? day.as : undefined });
  return (
    <div className={classes.day} role="listitem">
      <TextInput aria-label={t("dayName")} placeholder={t("dayName")} value={day.name} error={error} onChange={(event) => onChange({ ...day, name: event.currentTarget.value })} />
      <TextInput
        type="date"
        aria-label={t("from")}
        value={day.from}
        onChange={(event) => {
          const from = event.currentTarget.value;
          if (from) onChange({ ...day, from, to: day.to < from ? from : day.to });
        }}
      />
      <TextInput type="date" aria-label={t("to")} value={day.to} onChange={(event) => event.currentTarget.value && onChange({ ...day, to: event.currentTarget.value })} />
      <Select aria-label={t("kind")} data={kinds} allowDeselect={false} value={day.kind} onChange={(kind) => kind && change(kind as DayKind)} />
      {day.kind === "holiday" ? (
        <span />
      ) : day.kind === "half_day" ? (
        <Hours label={t("dayHours")} spans={day.hours} onChange={(hours) => onChange({ ...day, hours })} />
      ) : (
        <Select
          aria-label={t("as")}
          placeholder={t("as")}
          clearable
          data={WEEKDAYS.map((value) => ({ value, label: `${t("as")} ${t(value)}` }))}
          value={day.as ?? null}
          onChange={(as) => onChange({ ...day, as: as as Weekday | null, hours: [] })}
        />
      )}
      <Checkbox mt={8} size="sm" label={t("yearly")} checked={day.yearly} onChange={(event) => onChange({ ...day, yearly: event.currentTarget.checked })} />
      <ActionIcon mt={2} variant="subtle" aria-label={t("removeDay", { day: day.name || day.from })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}
