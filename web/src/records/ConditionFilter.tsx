import { Button, Group, Indicator, Popover, Stack } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition, ObjectDef, Violation } from "~/api/types";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./FilterBar.module.css";

const ConditionEditor = lazy(() => import("~/conditions/ConditionEditor").then((room) => ({ default: room.ConditionEditor })));

type Props = { object: ObjectDef; value: Condition | undefined; /** What the server has found wrong with it. */ findings?: Violation[]; onChange: (value: Condition | undefined) => void };

/** A condition on any field, behind a button; it holds once it is applied. */
export function ConditionFilter({ object, value, findings, onChange }: Props) {
  const { t } = useTranslation("records");
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState(value);
  const close = (next: Condition | undefined) => {
    onChange(next);
    setOpened(false);
  };
  return (
    <Popover
      position="bottom-start"
      shadow="md"
      width={720}
      opened={opened}
      onChange={setOpened}
      trapFocus
      returnFocus
      // Escape in a list of the conditions closes that list alone.
      closeOnEscape={false}
      // The lists of the conditions open outside the popover; choosing from them must not close it.
      closeOnClickOutside={false}
    >
      <Indicator disabled={!value} size={8} offset={4} color="brand">
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconFilter size={16} stroke={1.7} />}
            onClick={() => {
              setDraft(value);
              setOpened(!opened);
            }}
          >
            {t("filter")}
          </Button>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown
        maw="calc(100vw - 28px)"
        // On the way down, while it still stands at the input that its list is open.
        onKeyDownCapture={(event) => {
          if (event.key === "Escape" && (event.target as Element).getAttribute("data-mantine-stop-propagation") !== "true") setOpened(false);
        }}
      >
        <Stack gap="md">
          <div className={classes.conditions}>
            <Suspense fallback={<RowSkeletons rows={3} />}>
              <ConditionEditor label={t("filter")} hint={t("filterHint")} object={object.key} value={draft} findings={findings} onChange={setDraft} />
            </Suspense>
          </div>
          <Group justify="flex-end" gap="sm">
            <Button variant="subtle" color="gray" onClick={() => close(undefined)}>
              {t("filterClear")}
            </Button>
            <Button onClick={() => close(draft)}>{t("filterApply")}</Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
