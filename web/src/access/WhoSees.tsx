import { ActionIcon, Badge, Button, Drawer, Menu, Stack, Tooltip } from "@mantine/core";
import { IconEye, IconShare, IconUserPlus, IconUsers, IconUserSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePersonAnswer, useRecordAccess, type Missing } from "~/api/access";
import { useMe, useSaveTeam, useTeam } from "~/api/queries";
import type { Level } from "~/api/sharing";
import type { ObjectDef, Rec, Refs } from "~/api/types";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel, useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { Avatar } from "~/ui/Avatar";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./access.module.css";
import { Reasons } from "./Reasons";

type Props = { object: ObjectDef; record: Rec; name: string; onTeam?: () => void };

/** The button that opens the panel of who sees a record and why. */
export function WhoSees(props: Props) {
  const { t } = useTranslation("access");
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Tooltip label={t("open")}>
        <ActionIcon variant="default" size={36} aria-label={t("open")} onClick={() => setOpened(true)}>
          <IconEye size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Drawer opened={opened} position="right" size={560} onClose={() => setOpened(false)} title={t("title", { name: props.name })}>
        <Panel {...props} onTeam={props.onTeam && (() => (setOpened(false), props.onTeam?.()))} />
      </Drawer>
    </>
  );
}

function Panel({ object, record, name, onTeam }: Props) {
  const { t } = useTranslation("access");
  const label = useLabel();
  const language = useLanguage();
  const [asked, setAsked] = useState<{ id: string; name: string }>();
  const access = useRecordAccess(object.key, record.id, "");
  const owner = typeof record.fields.owner === "string" ? record.fields.owner : undefined;
  const first = access.data?.pages[0];
  const refs: Refs = Object.assign({ ...record.refs }, ...(access.data?.pages ?? []).map((page) => page.refs)) as Refs;
  const people = access.data?.pages.flatMap((page) => page.people) ?? [];
  const base = first?.base ?? object.base;
  const byParent = typeof base === "object" && base !== null ? base.by_parent : undefined;

  return (
    <Stack gap="md">
      <RecordSelect
        object="employee"
        label={t("ask")}
        description={t("askHint")}
        leftSection={<IconUserSearch size={16} />}
        value={asked?.id ?? null}
        name={asked?.name}
        onChange={(id, called) => setAsked(id ? { id, name: called ?? "" } : undefined)}
      />
      {asked && <Answer key={asked.id} object={object} record={record} person={asked} owner={owner} refs={refs} onTeam={onTeam} />}
      {first && (
        <p className={classes.base}>
          {byParent
            ? t("base.by_parent", { field: label(object.fields.find((it) => it.key === byParent)?.label) || byParent })
            : t(`base.${base === "public_read" || base === "public_write" ? base : "private"}`, { objects: label(object.plural) })}
        </p>
      )}
      {access.isError && <ErrorState compact error={access.error} onRetry={() => void access.refetch()} />}
      {access.isPending && <RowSkeletons rows={6} />}
      {first && (
        <section aria-label={t("title", { name })}>
          {typeof first.count === "number" && <h3 className={classes.count}>{t("people", { count: first.count, shown: formatDecimal(first.count, language) })}</h3>}
          <ul className={classes.people}>
            {people.map((person) => (
              <li key={person.person}>
                <Avatar name={refs[person.person]?.name ?? ""} size={28} />
                <div className={classes.who}>
                  <div className={classes.whoName}>
                    <b>{refs[person.person]?.name ?? "…"}</b>
                    <LevelBadge level={person.level} />
                  </div>
                  <Reasons reasons={person.reasons} refs={refs} owner={owner} />
                </div>
              </li>
            ))}
          </ul>
          {access.hasNextPage && (
            <Button variant="default" mt="sm" loading={access.isFetchingNextPage} onClick={() => void access.fetchNextPage()}>
              {t("more")}
            </Button>
          )}
        </section>
      )}
    </Stack>
  );
}

export function LevelBadge({ level }: { level: Level }) {
  const { t } = useTranslation("access");
  return (
    <Badge color={level === "read_write" ? "brand" : "gray"} size="sm" flex="none">
      {t(`levels.${level}`)}
    </Badge>
  );
}

type Asked = { object: ObjectDef; record: Rec; person: { id: string; name: string }; owner?: string; refs: Refs; onTeam?: () => void };

/** What holds for one person, and what would change it. */
function Answer({ object, record, person, owner, refs, onTeam }: Asked) {
  const { t } = useTranslation("access");
  const answer = usePersonAnswer(object.key, record.id, person.id);
  if (answer.isError) return <ErrorState compact error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return <RowSkeletons rows={2} />;
  const { sees, level, reasons, missing } = answer.data;
  return (
    <div className={classes.answer} data-sees={sees || undefined} role="status">
      <b>{sees && level !== "none" ? t("sees", { name: person.name, level: t(`levels.${level}`) }) : t("seesNot", { name: person.name })}</b>
      {reasons.length > 0 && <Reasons reasons={reasons} refs={{ ...refs, ...answer.data.refs }} owner={owner} />}
      {missing.length > 0 && (
        <ul className={classes.missing}>
          {missing.map((it) => (
            <li key={it.code}>
              <MissingWords missing={it} object={object} />
            </li>
          ))}
        </ul>
      )}
      <Mend object={object} record={record} person={person} missing={missing} onTeam={onTeam} />
    </div>
  );
}

function MissingWords({ missing, object }: { missing: Missing; object: ObjectDef }) {
  const { t, i18n } = useTranslation("access");
  const label = useLabel();
  const key = `missing.${missing.code}`;
  return i18n.exists(`access:${key}`) ? t(key as "missing.not_given", { objects: label(object.plural) }) : missing.code;
}

/** What one may do oneself about somebody's not seeing a record. */
function Mend({ object, record, person, missing, onTeam }: Omit<Asked, "refs"> & { missing: Missing[] }) {
  const { t } = useTranslation("access");
  const me = useMe();
  const mayTeam = object.owned && (record.can?.includes("team") ?? false);
  const team = useTeam(object.key, record.id, mayTeam);
  const save = useSaveTeam(object.key, record.id);
  const given = !missing.some((it) => it.code === "not_given");
  const inTeam = team.data?.members.some((member) => member.person === person.id);
  const add = (access: Level) =>
    save.mutate(
      { version: team.data?.version ?? "", members: [...(team.data?.members ?? []), { person: person.id, role: "member", access }] },
      { onSuccess: () => told(t("added", { name: person.name })), onError: () => void team.refetch() },
    );
  return (
    <div className={classes.mend}>
      {!given && mayTeam && !inTeam && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-md" variant="default" leftSection={<IconUserPlus size={15} />} loading={save.isPending} disabled={!team.data}>
              {t("addToTeam")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => add("read")}>{t("addReading")}</Menu.Item>
            <Menu.Item onClick={() => add("read_write")}>{t("addWriting")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {inTeam && onTeam && (
        <Button size="compact-md" variant="default" leftSection={<IconUsers size={15} />} onClick={onTeam}>
          {t("teamTab")}
        </Button>
      )}
      {me.admin && !given && (
        <Button component={Link} to="/admin/sharing" search={{ object: object.key, rule: "new" } as never} size="compact-md" variant="default" leftSection={<IconShare size={15} />}>
          {t("newRule")}
        </Button>
      )}
      {me.admin && (
        <Button component={Link} to="/admin/people/$id/access" params={{ id: person.id } as never} size="compact-md" variant="default" leftSection={<IconEye size={15} />}>
          {t("itsRoles", { name: person.name })}
        </Button>
      )}
      {save.isError && <ErrorState compact error={save.error} />}
    </div>
  );
}
