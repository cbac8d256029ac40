import { Select } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Process } from "~/api/processes";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import type { Occupied } from "./mapping";
import classes from "./pipelines.module.css";

type Props = { occupied: Occupied[]; process: Process; mapping: Record<string, string>; onChange: (mapping: Record<string, string>) => void };

/** Where the deals go that stand in a stage which the new version does not have. */
export function MappingTable({ occupied, process, mapping, onChange }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const nameOf = (key: string) => label(options.find((it) => it.key === key)?.label) || key;
  const targets = process.stages.filter((stage) => (options.find((it) => it.key === stage.stage)?.stage_type ?? "in_progress") === "in_progress");
  return (
    <table className={classes.mapping}>
      <caption>{t("mappingTitle")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("mappingFrom")}</th>
          <th scope="col">{t("mappingDeals")}</th>
          <td />
          <th scope="col">{t("mappingTo")}</th>
        </tr>
      </thead>
      <tbody>
        {occupied.map(({ stage, count }) => (
          <tr key={stage}>
            <th scope="row">{nameOf(stage)}</th>
            <td className="figures">{count}</td>
            <td>
              <IconArrowRight size={15} aria-hidden />
            </td>
            <td>
              <Select
                aria-label={t("mappingOf", { stage: nameOf(stage) })}
                placeholder={t("mappingChoose")}
                allowDeselect={false}
                data={targets.map((it) => ({ value: it.stage, label: nameOf(it.stage) }))}
                value={mapping[stage] ?? null}
                onChange={(to) => to && onChange({ ...mapping, [stage]: to })}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
