import { ActionIcon, Indicator, Popover, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Process } from "~/api/types";
import { PersonSelect } from "~/people/PersonSelect";
import classes from "./board.module.css";
import type { BoardView } from "./boardFilter";

const TYPING = 250;

interface Props {
  view: BoardView;
  processes: Process[];
  process: string | undefined;
  /** On a narrow screen the rarer filters stand behind a button. */
  phone: boolean;
  onChange: (change: Partial<BoardView>) => void;
}

/** What the board shows: which process, whose deals, which words. */
export function BoardFilters({ view, processes, process, phone, onChange }: Props) {
  const { t } = useTranslation("processes");
  const [typed, setTyped] = useState(view.q ?? "");
  const sent = useRef(view.q);
  const search = useDebouncedCallback((q: string) => {
    sent.current = q.trim() || undefined;
    onChange({ q: sent.current });
  }, TYPING);
  // Going back changes the address; the echo of one's own typing must not overwrite what has been typed since.
  useEffect(() => {
    if (view.q === sent.current) return;
    sent.current = view.q;
    setTyped(view.q ?? "");
  }, [view.q]);

  const rest = (
    <>
      {processes.length > 1 && (
        <Select
          aria-label={t("process")}
          data={processes.map((it) => ({ value: it.id, label: it.name }))}
          value={process ?? null}
          allowDeselect={false}
          w={phone ? undefined : 220}
          comboboxProps={{ withinPortal: !phone }}
          onChange={(id) => onChange({ process: id ?? undefined })}
        />
      )}
      <PersonSelect
        aria-label={t("owner")}
        placeholder={t("anyOwner")}
        clearable
        w={phone ? undefined : 160}
        comboboxProps={{ withinPortal: !phone }}
        value={view.owner ?? null}
        onChange={(owner) => onChange({ owner: owner ?? undefined, mine: undefined })}
      />
    </>
  );
  return (
    <div className={classes.filters}>
      <SegmentedControl
        aria-label={t("filterWho")}
        size="sm"
        data={[
          { value: "all", label: t("filterAll") },
          { value: "mine", label: t("filterMine") },
        ]}
        value={view.mine ? "mine" : "all"}
        onChange={(who) => onChange({ mine: who === "mine" || undefined, owner: undefined })}
      />
      {!phone && rest}
      <TextInput
        className={classes.search}
        aria-label={t("search")}
        placeholder={t("search")}
        leftSection={<IconSearch size={15} />}
        type="search"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      {phone && (
        <Popover position="bottom-end" width={260} withArrow>
          <Indicator disabled={!view.owner} size={8}>
            <Popover.Target>
              <ActionIcon variant="default" size={36} aria-label={t("moreFilters")}>
                <IconAdjustmentsHorizontal size={18} />
              </ActionIcon>
            </Popover.Target>
          </Indicator>
          <Popover.Dropdown>
            <Stack gap="sm">{rest}</Stack>
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}
