import { ActionIcon, Popover, Stack, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { dayPicks, sameHourOn } from "~/ui/dayPicks";
import { today } from "~/ui/format";
import { Day, useTimeZone } from "~/ui/Instant";
import classes from "./todo.module.css";

type Props = { title: string; due: string | null | undefined; opened: boolean; onOpened: (opened: boolean) => void; onPick: (due: string | null) => void; /** The word for taking the date away. */ dropped: string };

/** Puts something off to a day by one press; it keeps its hour. */
export function Postpone({ title, due, opened, onOpened, onPick, dropped }: Props) {
  const { t } = useTranslation("todo");
  const timeZone = useTimeZone();
  const present = today(timeZone);
  const pick = (instant: string | null) => {
    onOpened(false);
    onPick(instant);
  };
  return (
    <Popover position="bottom-end" width={230} shadow="md" trapFocus returnFocus opened={opened} onChange={onOpened}>
      <Popover.Target>
        <Tooltip label={t("postpone")} disabled={opened}>
          <ActionIcon size={30} aria-label={t("postponeOne", { title })} onClick={() => onOpened(!opened)}>
            <IconCalendarTime size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={t("postponeOne", { title })}>
        <Stack gap={2}>
          {dayPicks(present).map(({ key, day }) => (
            <UnstyledButton key={key} className={classes.pick} onClick={() => pick(sameHourOn(day, due, timeZone))}>
              <span>{t(`days.${key}`, { ns: "ui" })}</span>
              <span className={classes.pickDay}>
                <Day value={day} />
              </span>
            </UnstyledButton>
          ))}
          {due && (
            <UnstyledButton className={classes.pick} onClick={() => pick(null)}>
              {dropped}
            </UnstyledButton>
          )}
          <TextInput type="date" mt={4} size="xs" aria-label={t("pickDay")} min={present} max="9999-12-31" onChange={(event) => event.currentTarget.value && event.currentTarget.value >= present && pick(sameHourOn(event.currentTarget.value, due, timeZone))} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
