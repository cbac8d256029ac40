import { Alert, Button, Group, Loader, Modal, Select, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { Rec, Refs, Violation } from "~/api/types";
import { RecordsSelect } from "~/fields/RecordsSelect";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import classes from "./people.module.css";
import { PersonSelect } from "./PersonSelect";
import { previewKey, previewOf, useDisable, type Disable, type Disabled, type HandedOver, type Part } from "./standing";

const TYPING = 250;
const keyOf = ({ object, part }: Part) => `${object}.${part}`;

/** What has been chosen; what says nothing follows the choice for everything. */
type Choices = {
  everything: string[];
  receivers: Record<string, string[]>;
  stays: Record<string, boolean>;
  reports?: string | null;
  heads: string | null;
  teams: "stay" | "leave" | "replace";
  replacement: string | null;
  reason: string;
};

function wantedOf(choices: Choices, parts: HandedOver[]): Disable {
  const spread = parts.map(({ object, part }) => {
    const key = keyOf({ object, part });
    return choices.stays[key] ? { object, part, stay: true } : { object, part, receivers: choices.receivers[key] ?? choices.everything };
  });
  return {
    spread,
    ...(choices.reports === undefined ? {} : { reports: { to: choices.reports } }),
    heads: { to: choices.heads },
    ...(choices.teams === "stay" ? {} : { teams: { to: choices.teams === "replace" ? choices.replacement : null } }),
    reason: choices.reason.trim() || undefined,
  };
}

/** Ends a person's access and hands over what he owns: what would become of it is shown before, and told with every choice. */
export function DisableDialog({ person, onClose }: { person: Rec; onClose: () => void }) {
  const { t } = useTranslation("people");
  const name = String(person.fields["name"] ?? "");
  const disable = useDisable(person.id);
  const [choices, setChoices] = useState<Choices>({ everything: [], receivers: {}, stays: {}, heads: null, teams: "stay", replacement: null, reason: "" });
  const choose = (some: Partial<Choices>) => setChoices((now) => ({ ...now, ...some }));
  // What he owns is learnt first; then every choice is tried.
  const first = useQuery({ queryKey: previewKey(person.id, { spread: [] }), queryFn: () => previewOf(person.id, { spread: [] }), gcTime: 0 });
  const parts = first.data?.objects ?? [];
  const wanted = wantedOf(choices, parts);
  const { reason: _reason, ...judged } = wanted;
  const [asked] = useDebouncedValue(JSON.stringify(judged), TYPING);
  const preview = useQuery({
    queryKey: previewKey(person.id, JSON.parse(asked) as Disable),
    queryFn: () => previewOf(person.id, JSON.parse(asked) as Disable),
    placeholderData: keepPreviousData,
    enabled: first.isSuccess,
    gcTime: 0,
    retry: false,
  });
  const settled = asked === JSON.stringify(judged) && !preview.isPlaceholderData && !preview.isFetching;
  const told = preview.data ?? first.data;
  const problem = disable.error ?? (settled ? preview.error : null);
  const violations = problem instanceof ApiProblem ? problem.violations : settled ? (told?.violations ?? []) : [];
  const ready = settled && preview.isSuccess && violations.length === 0;
  // What nobody gets yet is said at its place: it is no fault, only not chosen.
  const against = violations.filter((violation) => violation.code !== "disable.not_spread");

  return (
    <Modal opened onClose={onClose} size={680} title={t("disableTitle", { name })} closeButtonProps={{ "aria-label": t("close") }}>
      {first.isError && <ErrorState error={first.error} onRetry={() => void first.refetch()} />}
      {first.isPending && (
        <Group justify="center" p="xl">
          <Loader aria-label={t("looking")} />
        </Group>
      )}
      {told && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!ready) return;
            disable.mutate(wanted, {
              onSuccess: () => {
                notifications.show({ icon: <IconCheck size={18} />, message: t("disabled", { name }) });
                onClose();
              },
            });
          }}
        >
          <Stack gap="md">
            <Text size="sm">{t("disableHint", { name })}</Text>
            {parts.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t("ownsNothing", { name })}
              </Text>
            ) : (
              <>
                <RecordsSelect object="employee" label={t("everythingTo")} description={t("evenly")} value={choices.everything} onChange={(everything) => choose({ everything })} data-autofocus />
                <ul className={classes.parts}>
                  {parts.map((part) => (
                    <PartRow
                      key={keyOf(part)}
                      part={part}
                      told={told.objects.find((it) => keyOf(it) === keyOf(part)) ?? part}
                      refs={told.refs}
                      name={name}
                      stays={choices.stays[keyOf(part)] ?? false}
                      receivers={choices.receivers[keyOf(part)]}
                      onStays={(stays) => choose({ stays: { ...choices.stays, [keyOf(part)]: stays } })}
                      onReceivers={(receivers) => {
                        const { [keyOf(part)]: _, ...rest } = choices.receivers;
                        choose({ receivers: receivers ? { ...rest, [keyOf(part)]: receivers } : rest });
                      }}
                    />
                  ))}
                </ul>
              </>
            )}
            <Places told={first.data ?? told} name={name} choices={choices} choose={choose} />
            <Textarea label={t("reason")} value={choices.reason} onChange={(event) => choose({ reason: event.currentTarget.value })} autosize minRows={1} />
            {against.length > 0 && <Reasons violations={against} refs={told.refs} />}
            {problem && violations.length === 0 && (
              <Alert color="red" variant="light" role="alert">
                {messageOf(problem)}
              </Alert>
            )}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={onClose}>
                {t("cancel")}
              </Button>
              <Button type="submit" color="red.8" loading={disable.isPending} disabled={!ready}>
                {parts.length === 0 ? t("disable") : t("disableAndHandOver")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

type RowProps = {
  part: HandedOver;
  told: HandedOver;
  refs: Refs;
  name: string;
  stays: boolean;
  receivers?: string[];
  onStays: (stays: boolean) => void;
  onReceivers: (receivers: string[] | undefined) => void;
};

/** One part of what he owns, and who gets how much of it. */
function PartRow({ part, told, refs, name, stays, receivers, onStays, onReceivers }: RowProps) {
  const { t } = useTranslation("people");
  const what = usePartWords();
  const title = what(part);
  // Room is told for one more of an object: of what is closed it says nothing.
  const limited = part.part !== "closed" && told.receivers.some((one) => one.room !== null);
  return (
    <li className={classes.part}>
      <div className={classes.partHead}>
        <b>{title}</b>
        <span className="figures">{part.count}</span>
        {part.may_stay && <Switch size="xs" label={t("staysWith", { name })} checked={stays} onChange={(event) => onStays(event.currentTarget.checked)} />}
        {!stays && receivers === undefined && (
          <Button size="compact-xs" variant="subtle" onClick={() => onReceivers([])}>
            {t("toOthers")}
          </Button>
        )}
      </div>
      {!stays && receivers !== undefined && (
        <RecordsSelect object="employee" aria-label={t("whoGets", { what: title })} size="sm" value={receivers} onChange={(ids) => onReceivers(ids)} />
      )}
      {!stays && told.nobodys > 0 && (
        <Text size="sm" c="var(--warn)">
          {t("nobodys", { count: told.nobodys })}
        </Text>
      )}
      {!stays && told.receivers.length > 0 && (
        <table className={classes.gets}>
          <thead>
            <tr>
              <th scope="col">{t("receiver")}</th>
              <th scope="col">{t("gets")}</th>
              <th scope="col">{t("holds")}</th>
              {limited && <th scope="col">{t("room")}</th>}
            </tr>
          </thead>
          <tbody>
            {told.receivers.map((one) => (
              <tr key={one.person}>
                <td>{refs[one.person]?.name ?? "…"}</td>
                <td className="figures">{one.gets}</td>
                <td className="figures">{one.holds}</td>
                {limited && (
                  <td className="figures" data-over={(one.room !== null && one.gets > one.room) || undefined}>
                    {one.room ?? t("noLimit")}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

/** `Opportunities, open`; the plural of other objects. */
export function usePartWords() {
  const { t } = useTranslation("people");
  const label = useLabel();
  const objects = useObjects();
  return ({ object, part }: Part) => {
    const plural = label(objects.find((it) => it.key === object)?.plural) || object;
    return part === "all" ? plural : t(part === "open" ? "openOf" : "closedOf", { objects: plural });
  };
}

/** Where he stands beside what he owns. */
function Places({ told, name, choices, choose }: { told: Disabled; name: string; choices: Choices; choose: (some: Partial<Choices>) => void }) {
  const { t } = useTranslation("people");
  const names = (ids: string[]) => ids.map((id) => told.refs[id]?.name ?? "…").join(t("listed"));
  const { reports, heads, assists, groups, teams, sharing_rules: rules } = told;
  return (
    <>
      {reports.people.length > 0 && (
        <PersonSelect
          label={t("reportsTo", { name, count: reports.people.length })}
          description={names(reports.people.slice(0, 12))}
          value={choices.reports === undefined ? reports.to : choices.reports}
          onChange={(id) => choose({ reports: id })}
        />
      )}
      {heads.departments.length > 0 && <PersonSelect label={t("headsNow", { departments: names(heads.departments) })} placeholder={t("noHead")} value={choices.heads} onChange={(id) => choose({ heads: id })} />}
      {teams.records > 0 && (
        <Group grow align="flex-end" gap="sm">
          <Select
            label={t("inTeams", { count: teams.records })}
            allowDeselect={false}
            data={(["stay", "leave", "replace"] as const).map((value) => ({ value, label: t(`teams_${value}`) }))}
            value={choices.teams}
            onChange={(value) => value && choose({ teams: value as Choices["teams"] })}
          />
          {choices.teams === "replace" && <PersonSelect label={t("replacement")} value={choices.replacement} onChange={(id) => choose({ replacement: id })} />}
        </Group>
      )}
      {(groups.groups.length > 0 || assists.departments.length > 0 || rules.length > 0) && (
        <Text size="sm" c="dimmed">
          {[
            groups.groups.length > 0 && t("leavesGroups", { groups: names(groups.groups) }),
            assists.departments.length > 0 && t("assistsNoMore", { departments: names(assists.departments) }),
            rules.length > 0 && t("rulesNoMore", { rules: rules.map((it) => it.name).join(t("listed")) }),
            rules.some((it) => it.put_aside) && t("rulesPutAside", { rules: rules.filter((it) => it.put_aside).map((it) => it.name).join(t("listed")) }),
          ]
            .filter(Boolean)
            .join(" ")}
        </Text>
      )}
    </>
  );
}

/** What stands against it, with the record that is meant. */
function Reasons({ violations, refs }: { violations: Violation[]; refs: Refs }) {
  const { t } = useTranslation("people");
  const SHOWN = 8;
  return (
    <Alert color="red" variant="light" role="alert" title={t("refusedTitle")}>
      <ul className={classes.reasons}>
        {violations.slice(0, SHOWN).map((violation, index) => {
          const record = typeof violation.params?.["record"] === "string" ? (violation.params["record"] as string) : undefined;
          const named = record ? refs[record] : undefined;
          return (
            <li key={index}>
              {named && (
                <a href={`/o/${named.object}/${record}`} target="_blank" rel="noreferrer">
                  {named.name}
                </a>
              )}
              {named && ": "}
              {violation.message}
            </li>
          );
        })}
      </ul>
      {violations.length > SHOWN && t("moreReasons", { count: violations.length - SHOWN })}
    </Alert>
  );
}
