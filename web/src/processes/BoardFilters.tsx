import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
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
  onChange: (change: Partial<BoardView>) => void;
}

/** What the board shows: which process, whose deals, which words. */
export function BoardFilters({ view, processes, process, onChange }: Props) {
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

  return (
    <div className={classes.filters}>
      {processes.length > 1 && (
        <Select
          aria-label={t("process")}
          data={processes.map((it) => ({ value: it.id, label: it.name }))}
          value={process ?? null}
          allowDeselect={false}
          w={190}
          onChange={(id) => onChange({ process: id ?? undefined, stage: undefined })}
        />
      )}
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
      <PersonSelect
        aria-label={t("owner")}
        placeholder={t("anyOwner")}
        clearable
        w={160}
        value={view.owner ?? null}
        onChange={(owner) => onChange({ owner: owner ?? undefined, mine: undefined })}
      />
      <TextInput
        aria-label={t("search")}
        placeholder={t("search")}
        leftSection={<IconSearch size={15} />}
        type="search"
        w={190}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
    </div>
  );
}
