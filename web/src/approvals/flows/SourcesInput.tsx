import { ActionIcon, Button, Checkbox, Menu, Select } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Source, Whose } from "~/api/approvalFlows";
import { useRoles } from "~/api/roles";
import type { Refs, Violation } from "~/api/types";
import { targetOf } from "~/conditions/fieldPaths";
import { FieldPicker } from "~/conditions/FieldPicker";
import { useLabel } from "~/i18n";
import { useTeamRoles } from "~/records/teamRoles";
import classes from "./flows.module.css";
import { OneRecord } from "./OneRecord";
import { said, stepsOf } from "./places";
import type { useWords } from "./useWords";

const NEW: Record<Source["type"], Source> = {
  manager: { type: "manager", of: "submitter", up: 0 },
  person: { type: "person", id: "" },
  role: { type: "role", role: "" },
  group: { type: "group", id: "" },
  department: { type: "department", id: "", with_sub: false },
  department_head: { type: "department_head", of: "submitter", up: 0 },
  owner: { type: "owner" },
  submitter: { type: "submitter" },
  team: { type: "team" },
  field: { type: "field", path: "" },
};
const MOST_UP = 9;

type Props = {
  object: string;
  label: string;
  sources: Source[];
  /** They are asked one after another. */
  ordered?: boolean;
  refs: Refs;
  words: Pick<ReturnType<typeof useWords>, "source">;
  findings: Violation[];
  onChange: (sources: Source[]) => void;
};

/** Who is asked: people, and whoever plays a part for the record. */
export function SourcesInput({ object, label, sources, ordered, refs, words, findings, onChange }: Props) {
  const { t } = useTranslation("flows");
  const put = (index: number, source: Source) => onChange(sources.map((it, place) => (place === index ? source : it)));
  const shift = (index: number, by: 1 | -1) => {
    const next = [...sources];
    const [taken] = next.splice(index, 1);
    next.splice(index + by, 0, taken!);
    onChange(next);
  };
  // A violation's path tells which of them it is about.
  const placeOf = (it: Violation) => stepsOf(it).find((step) => /^\d+$/.test(step));
  const errorAt = (index: number) => said(findings.filter((it) => placeOf(it) === String(index)));
  const general = said(findings.filter((it) => placeOf(it) === undefined));
  return (
    <div role="group" aria-label={label} className={classes.sources}>
      <p className={classes.label}>{label}</p>
      {sources.map((source, index) => (
        <div key={index} className={classes.source}>
          <div className={classes.sourceHead}>
            {ordered && <span className={classes.place}>{index + 1}</span>}
            <span className={classes.sourceName}>{t(`source.${source.type}`)}</span>
            {ordered && (
              <>
                <ActionIcon aria-label={t("whoEarlier", { who: words.source(source) })} disabled={index === 0} onClick={() => shift(index, -1)}>
                  <IconArrowUp size={15} />
                </ActionIcon>
                <ActionIcon aria-label={t("whoLater", { who: words.source(source) })} disabled={index === sources.length - 1} onClick={() => shift(index, 1)}>
                  <IconArrowDown size={15} />
                </ActionIcon>
              </>
            )}
            <ActionIcon aria-label={t("removeWho", { who: words.source(source) })} onClick={() => onChange(sources.filter((_, place) => place !== index))}>
              <IconX size={15} />
            </ActionIcon>
          </div>
          <Detail object={object} source={source} refs={refs} error={errorAt(index)} onChange={(it) => put(index, it)} />
        </div>
      ))}
      {general && <p className={classes.wrong}>{general}</p>}
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <Button variant="subtle" size="compact-sm" ml={-6} w="fit-content" leftSection={<IconPlus size={14} />}>
            {t("addWho")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={380} style={{ overflowY: "auto" }}>
          {(Object.keys(NEW) as Source["type"][]).map((type) => (
            <Menu.Item key={type} onClick={() => onChange([...sources, NEW[type]])}>
              {t(`source.${type}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

type DetailProps = { object: string; source: Source; refs: Refs; error?: string; onChange: (source: Source) => void };

/** What has to be said besides the kind. */
function Detail({ object, source, refs, error, onChange }: DetailProps) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const roles = useRoles().data?.items ?? [];
  const team = useTeamRoles().roles;
  const name = t(`source.${source.type}`);
  switch (source.type) {
    case "person":
      return <OneRecord object="employee" aria-label={name} value={source.id} refs={refs} error={error} onChange={(id) => onChange({ ...source, id })} />;
    case "group":
      return <OneRecord object="user_group" aria-label={name} value={source.id} refs={refs} error={error} onChange={(id) => onChange({ ...source, id })} />;
    case "department":
      return (
        <>
          <OneRecord object="department" aria-label={name} value={source.id} refs={refs} error={error} onChange={(id) => onChange({ ...source, id })} />
          <Checkbox mt={8} label={t("withSub")} checked={source.with_sub} onChange={(event) => onChange({ ...source, with_sub: event.currentTarget.checked })} />
        </>
      );
    case "role":
      return <Select aria-label={name} searchable allowDeselect={false} placeholder={t("says.unset")} data={roles.map((role) => ({ value: role.key, label: label(role.name) }))} value={source.role || null} error={error} onChange={(role) => role && onChange({ ...source, role })} />;
    case "team":
      return <Select aria-label={name} clearable placeholder={t("anyRole")} data={team.map((role) => ({ value: role.key, label: label(role.label) }))} value={source.role ?? null} error={error} onChange={(role) => onChange(role ? { type: "team", role } : { type: "team" })} />;
    case "field":
      return (
        <>
          <FieldPicker object={object} aria-label={t("pathLabel")} only={(field) => targetOf(field) !== undefined} value={source.path || null} onChange={(path) => onChange({ ...source, path: path.key })} />
          {error && <p className={classes.wrong}>{error}</p>}
        </>
      );
    case "manager":
    case "department_head":
      return (
        <div className={classes.pair}>
          <Select aria-label={`${name}: ${t("ofWhom")}`} allowDeselect={false} data={(["submitter", "owner"] as const).map((of) => ({ value: of, label: `${t("ofWhom")} ${t(`of.${of}`)}` }))} value={source.of} error={error} onChange={(of) => of && onChange({ ...source, of: of as Whose })} />
          <Select
            aria-label={`${name}: ${t("up")}`}
            allowDeselect={false}
            data={Array.from({ length: MOST_UP + 1 }, (_, up) => ({ value: String(up), label: up === 0 ? t("directly") : t("higher", { count: up }) }))}
            value={String(source.up ?? 0)}
            onChange={(up) => up !== null && onChange({ ...source, up: Number(up) })}
          />
        </div>
      );
    default:
      return error ? <p className={classes.wrong}>{error}</p> : null;
  }
}
