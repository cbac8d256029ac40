import { ActionIcon, Button, Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconBell, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Reminder } from "~/api/processes";
import { DurationInput } from "./DurationInput";
import { PartiesSelect } from "./PartiesSelect";
import classes from "./pipelines.module.css";
import { at, elsewhere, textAt, textOf, within, type Problem } from "./problems";

type Props = {
  hint: string;
  reminders: Reminder[];
  /** Those of what has the reminders. */
  problems: Problem[];
  onChange: (reminders: Reminder[]) => void;
};

const A_DAY = 86_400;

/** Who is told, and when, before and after something is due. */
export function RemindersEditor({ hint, reminders, problems, onChange }: Props) {
  const { t } = useTranslation("pipelines");
  const set = (index: number, change: Partial<Reminder>) => onChange(reminders.map((it, position) => (position === index ? { ...it, ...change } : it)));
  return (
    <Stack gap="xs" role="group" aria-label={t("reminders")}>
      <Text size="sm" fw={550}>
        {t("reminders")}
      </Text>
      <p className={classes.fine}>{reminders.length === 0 ? hint : t("remindersCounted")}</p>
      {reminders.map((reminder, index) => (
        <One
          key={index}
          number={index + 1}
          reminder={reminder}
          problems={within(problems, "reminders", index)}
          onChange={(change) => set(index, change)}
          onRemove={() => onChange(reminders.filter((_, position) => position !== index))}
        />
      ))}
      {at(problems, "reminders").length > 0 && reminders.length === 0 && <p className={classes.wrong}>{textAt(problems, "reminders")}</p>}
      <Button variant="subtle" size="compact-sm" ml={-8} w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => onChange([...reminders, { when: "before", seconds: A_DAY, to: [{ kind: "owner" }] }])}>
        {t("addReminder")}
      </Button>
    </Stack>
  );
}

function One({ number, reminder, problems, onChange, onRemove }: { number: number; reminder: Reminder; problems: Problem[]; onChange: (change: Partial<Reminder>) => void; onRemove: () => void }) {
  const { t } = useTranslation("pipelines");
  const loose = textOf(elsewhere(problems, "seconds", "to", "every_days", "text"));
  return (
    <div className={classes.inset} role="group" aria-label={t("reminder", { number })}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={6} wrap="nowrap">
          <IconBell size={15} stroke={1.7} aria-hidden />
          <Text size="sm" fw={550}>
            {t("reminder", { number })}
          </Text>
        </Group>
        <ActionIcon aria-label={t("removeReminder", { number })} onClick={onRemove}>
          <IconX size={15} />
        </ActionIcon>
      </Group>
      <div className={classes.reminderWhen}>
        <Select
          label={t("reminderWhen")}
          allowDeselect={false}
          data={(["before", "after"] as const).map((value) => ({ value, label: t(`whens.${value}`) }))}
          value={reminder.when}
          onChange={(when) => when && onChange({ when: when as Reminder["when"], ...(when === "before" ? { every_days: undefined } : {}) })}
        />
        <DurationInput label={t("reminderBy")} zero seconds={reminder.seconds} error={textAt(problems, "seconds")} onChange={(seconds) => onChange({ seconds: seconds ?? 0 })} />
        {reminder.when === "after" && (
          <NumberInput
            label={t("reminderEvery")}
            placeholder={t("once")}
            suffix={` ${t("dayCount", { count: reminder.every_days ?? 2 })}`}
            min={1}
            max={365}
            allowDecimal={false}
            value={reminder.every_days ?? ""}
            error={textAt(problems, "every_days")}
            onChange={(days) => onChange({ every_days: days === "" ? undefined : Number(days) })}
          />
        )}
      </div>
      <PartiesSelect label={t("reminderTo")} value={reminder.to} error={textAt(problems, "to")} onChange={(to) => onChange({ to })} />
      <TextInput label={t("reminderText")} placeholder={t("reminderTextNone")} value={reminder.text ?? ""} error={textAt(problems, "text")} onChange={(event) => onChange({ text: event.currentTarget.value || undefined })} />
      {loose && <p className={classes.wrong}>{loose}</p>}
    </div>
  );
}
