import { Button, Select } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useProcessList } from "~/api/processes";
import { useObject } from "~/api/queries";
import type { Violation } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { PersonSelect } from "~/people/PersonSelect";
import { ConditionFilter } from "~/records/ConditionFilter";
import { isNarrowed, type AnalysisAsked } from "./asked";
import classes from "./filters.module.css";

type Props = {
  asked: AnalysisAsked;
  onChange: (part: Partial<AnalysisAsked>) => void;
  /** `one` where the analysis is about a single process; the first is meant until another is chosen. */
  process?: "one" | "any" | "none";
  /** Not whose deals they are: the analysis itself goes from person to person. */
  withoutWhose?: boolean;
  /** Nor on other fields of deals: it is about more than deals. */
  withoutCondition?: boolean;
  findings?: Violation[];
  /** What only this analysis asks besides. */
  children?: ReactNode;
};

/** What every analysis can be narrowed by. */
export function AnalysisFilters({ asked, onChange, process = "any", withoutWhose, withoutCondition, findings, children }: Props) {
  const { t } = useTranslation("filters");
  const object = useObject("opportunity");
  const processes = (useProcessList().data?.items ?? []).filter((it) => it.active || it.id === asked.process);
  const sentence = useConditionText("opportunity", asked.filter)(asked.filter);
  const knows = (key: string) => object?.fields.some((field) => field.key === key);
  return (
    <div className={classes.filters}>
      <div className={classes.bar} role="group" aria-label={t("filters")}>
        {children}
        {process !== "none" && knows("sales_process") && (process === "any" ? processes.length > 1 : processes.length > 0) && (
          <Select
            className={classes.choice}
            aria-label={t("process")}
            placeholder={t("anyProcess")}
            data={processes.map((it) => ({ value: it.id, label: it.name }))}
            value={asked.process ?? (process === "one" ? (processes[0]?.id ?? null) : null)}
            clearable={process === "any"}
            allowDeselect={process === "any"}
            onChange={(id) => onChange({ process: id ?? undefined })}
          />
        )}
        {!withoutWhose && knows("owner") && (
          <PersonSelect className={classes.choice} aria-label={t("owner")} placeholder={t("anyOwner")} value={asked.owner ?? null} onChange={(id) => onChange({ owner: id ?? undefined })} />
        )}
        {!withoutWhose && knows("owner_department") && (
          <PersonSelect object="department" className={classes.choice} aria-label={t("department")} placeholder={t("anyDepartment")} value={asked.department ?? null} onChange={(id) => onChange({ department: id ?? undefined })} />
        )}
        {object && !withoutCondition && <ConditionFilter object={object} value={asked.filter} findings={findings} onChange={(filter) => onChange({ filter })} />}
        {isNarrowed(asked) && (
          <Button variant="subtle" color="gray" leftSection={<IconFilterOff size={16} stroke={1.7} />} onClick={() => onChange({ owner: undefined, department: undefined, filter: undefined })}>
            {t("clear")}
          </Button>
        )}
      </div>
      {(asked.filter || asked.department) && (
        <p className={classes.sentence}>
          {[asked.department && t("withSub"), sentence].filter(Boolean).join(" · ")}
        </p>
      )}
    </div>
  );
}
