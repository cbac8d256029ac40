import { ActionIcon, Button, Paper, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useSaveTeam, useTeam } from "~/api/queries";
import type { ObjectDef, Rec, Refs, Team as TeamAsSeen, TeamMember } from "~/api/types";
import { DecimalInput } from "~/fields/DecimalInput";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel, useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { addDecimal } from "~/processes/amounts";
import { Avatar } from "~/ui/Avatar";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import { mergeTeams } from "./mergeTeams";
import classes from "./Team.module.css";
import { useTeamRoles } from "./teamRoles";

/** The people who work on a record beside its owner. */
export function Team({ object, record }: { object: ObjectDef; record: Rec }) {
  const team = useTeam(object.key, record.id);
  if (team.isError) return <ErrorState compact error={team.error} onRetry={() => void team.refetch()} />;
  if (!team.data) return <RowSkeletons rows={3} />;
  return <Members key={record.id} object={object} record={record} team={team.data} refs={{ ...record.refs, ...team.data.refs }} />;
}

const PLAIN = "member";
const WHOLE = "100";
/** What is shared out; what cannot be read as a number is told by the server. */
const totalOf = (members: TeamMember[]) => members.reduce((sum, { share }) => (share && /^\d+(\.\d+)?$/.test(share) ? addDecimal(sum, share) : sum), "0");
/** `members/2/share` concerns the share of the third. */
const placeOf = (path: string | null | undefined) => /^members\/(\d+)\/(\w+)/.exec(path ?? "")?.slice(1) as [string, string] | undefined;

function Members({ object, record, team, refs }: { object: ObjectDef; record: Rec; team: TeamAsSeen; refs: Refs }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const language = useLanguage();
  const teamRoles = useTeamRoles();
  const [{ members, version, refs: others }, setSeen] = useState<TeamAsSeen>(team);
  const [draft, setDraft] = useState(members);
  const [given, setGiven] = useState(team.version);
  const [meanwhile, setMeanwhile] = useState(false);
  const [names, setNames] = useState<Record<string, string>>({});
  const save = useSaveTeam(object.key, record.id);
  const may = record.can?.includes("team") ?? false;
  const changed = JSON.stringify(draft) !== JSON.stringify(members);
  const change = (next: TeamMember[]) => {
    if (save.isError) save.reset();
    setMeanwhile(false);
    setDraft(next);
  };
  const set = (index: number, part: Partial<TeamMember>) => change(draft.map((member, at) => (at === index ? { ...member, ...part } : member)));
  const nameOf = (id: string) => names[id] ?? refs[id]?.name ?? others?.[id]?.name ?? t("someone");
  const access = [
    { value: "read", label: t("accessRead") },
    { value: "read_write", label: t("accessReadWrite") },
  ];
  // One that is offered no more stays with those who have it.
  const rolesFor = (present: string) => {
    const offered = teamRoles.roles.filter((role) => role.active || role.key === present).map((role) => ({ value: role.key, label: label(role.label) }));
    return offered.some((role) => role.value === present) ? offered : [...offered, { value: present, label: teamRoles.name(present) }];
  };
  const violations = save.error instanceof ApiProblem ? save.error.violations : [];
  const errorAt = (index: number, part: string) => violations.filter(({ path }) => placeOf(path)?.[0] === String(index) && placeOf(path)?.[1] === part).map((it) => it.message).join(" ") || undefined;
  const loose = save.isError ? (violations.length > 0 ? violations.filter(({ path }) => !placeOf(path)).map((it) => it.message) : [messageOf(save.error)]) : [];
  const submit = () => save.mutateAsync({ version, members: draft }).then(saved, refused);
  const saved = (present: TeamAsSeen) => {
    setSeen(present);
    setDraft(present.members);
    told(t("teamSaved"));
  };
  // Somebody else was faster: his changes come in, one's own stay as typed, and nothing is saved before one has looked.
  const takeIn = (present: TeamAsSeen) => {
    const both = mergeTeams(members, draft, present.members);
    if (present.version !== version && changed && JSON.stringify(both) !== JSON.stringify(present.members)) setMeanwhile(true);
    setDraft(both);
    setSeen(present);
  };
  const refused = (error: unknown) => {
    if (!(error instanceof ApiProblem) || error.code !== "record.version_conflict" || !error.record) return;
    takeIn(error.record as unknown as TeamAsSeen);
    save.reset();
  };
  // What the stream has told of meanwhile.
  if (team.version !== given) {
    setGiven(team.version);
    takeIn(team);
  }
  const shared = totalOf(draft);
  const percent = (value: string) => `${formatDecimal(value, language)} %`;

  return (
    <Paper className={classes.team}>
      <GeneralFindings findings={{ byField: {}, general: meanwhile ? [t("teamMeanwhile")] : loose }} />
      {draft.length === 0 ? (
        <p className={classes.none}>{t("teamEmpty")}</p>
      ) : (
        <table className={classes.members}>
          <thead>
            <tr>
              <th scope="col">{t("teamPerson")}</th>
              <th scope="col">{t("teamRole")}</th>
              <th scope="col">{t("teamAccess")}</th>
              <th scope="col" data-figures>
                {t("teamShare")}
              </th>
              {may && (
                <th scope="col" aria-label={t("remove", { ns: "ui" })} />
              )}
            </tr>
          </thead>
          <tbody>
            {draft.map((member, index) => {
              const name = nameOf(member.person);
              const role = member.role || PLAIN;
              return (
                <tr key={member.person}>
                  <th scope="row">
                    <span className={classes.person}>
                      <Avatar name={name} size={28} />
                      {name}
                    </span>
                    {errorAt(index, "person") && <span className={classes.wrong}>{errorAt(index, "person")}</span>}
                  </th>
                  {may ? (
                    <>
                      <td>
                        <Select aria-label={`${t("teamRole")}: ${name}`} data={rolesFor(role)} value={role} allowDeselect={false} error={errorAt(index, "role")} onChange={(value) => value && set(index, { role: value })} />
                      </td>
                      <td>
                        <Select aria-label={`${t("teamAccess")}: ${name}`} data={access} value={member.access} allowDeselect={false} error={errorAt(index, "access")} onChange={(value) => set(index, { access: value === "read_write" ? "read_write" : "read" })} />
                      </td>
                      <td data-figures>
                        <DecimalInput
                          aria-label={`${t("teamShare")}: ${name}`}
                          classNames={{ input: classes.share }}
                          rightSection="%"
                          value={member.share}
                          error={errorAt(index, "share")}
                          onChange={(share) => set(index, { share })}
                        />
                      </td>
                      <td>
                        <ActionIcon aria-label={`${t("remove", { ns: "ui" })}: ${name}`} onClick={() => change(draft.filter((_, at) => at !== index))}>
                          <IconX size={17} />
                        </ActionIcon>
                      </td>
                    </>
                  ) : (
                    <>
                      <td>{teamRoles.name(role)}</td>
                      <td>{access.find((it) => it.value === member.access)?.label}</td>
                      <td data-figures>{member.share ? percent(member.share) : "–"}</td>
                    </>
                  )}
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={3}>{t("teamShareHint")}</td>
              <td data-figures data-over={addDecimal(WHOLE, shared, -1).startsWith("-") || undefined}>
                <span className="visually-hidden">{t("teamShareTotal")} </span>
                {percent(shared)}
              </td>
              {may && <td />}
            </tr>
          </tfoot>
        </table>
      )}
      {may && (
        <div className={classes.foot}>
          <RecordSelect
            key={draft.length}
            aria-label={t("teamAdd")}
            placeholder={t("teamAdd")}
            object="employee"
            value={null}
            w={260}
            onChange={(person, name) => {
              if (!person || draft.some((member) => member.person === person)) return;
              if (name) setNames({ ...names, [person]: name });
              change([...draft, { person, role: PLAIN, access: "read", share: null }]);
            }}
          />
          <Button disabled={!changed} loading={save.isPending} onClick={() => void submit()}>
            {t("teamSave")}
          </Button>
        </div>
      )}
    </Paper>
  );
}
