import { Button, Group } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition } from "~/api/definitions";
import { messageOf } from "~/api/problem";
import { keys } from "~/api/queries";
import { isEssential, useAfterRoles, useRoleActs, useRoles, type Role, type RoleDocument } from "~/api/roles";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { ActGrid, type ActRow } from "~/roles/ActGrid";
import { groupsOf } from "~/roles/acts";
import { ActLines } from "~/roles/ActLines";
import { RightsDrawer } from "~/roles/RightsDrawer";
import { documentOf, isOwn, merged, rightsOf, sameRole, withActs, withFields, withoutOwn } from "~/roles/roleDraft";
import { presentRole, sendMerged } from "~/roles/sendMerged";
import { usePartWords } from "~/roles/usePartWords";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { Meanwhile } from "./Meanwhile";
import { told } from "./told";
import classes from "./objects.module.css";

/** A role that has been changed here, over what the person saw of it. */
type Change = { seen: Role; document: RoleDocument };
type Refusal = { role: string; error: unknown };

/** What each role may do with the records of one object. Saved is every role that has been changed. */
export function RoleRights({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const { t: words } = useTranslation("roles");
  const label = useLabel();
  const client = useQueryClient();
  const after = useAfterRoles();
  const partWords = usePartWords();
  const roles = useRoles();
  const acts = useRoleActs().data?.objects.find((it) => it.key === object.key)?.acts;
  const [changes, setChanges] = useState<Record<string, Change>>({});
  const [refused, setRefused] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState<string>();
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  if (roles.isError) return <ErrorState compact error={roles.error} onRetry={() => void roles.refetch()} />;
  if (!roles.data || !acts) return <RowSkeletons rows={6} />;

  const items = roles.data.items;
  const documentFor = (role: Role) => changes[role.key]?.document ?? documentOf(role);
  const change = (keys_: string[], next: (objects: RoleDocument["objects"]) => RoleDocument["objects"]) => {
    setRefused(undefined);
    setChanges((now) => {
      const result = { ...now };
      for (const role of items.filter((it) => keys_.includes(it.key))) {
        const seen = result[role.key]?.seen ?? role;
        const document = result[role.key]?.document ?? documentOf(role);
        const changed = { ...document, objects: next(document.objects) };
        if (sameRole(documentOf(seen), changed)) delete result[role.key];
        else result[role.key] = { seen, document: changed };
      }
      return result;
    });
  };
  const waiting = Object.values(changes);
  const save = async (list: Change[]) => {
    setBusy(true);
    setRefused(undefined);
    for (const { seen, document } of list) {
      try {
        const saved = await sendMerged(document, seen);
        client.setQueryData<{ items: Role[] }>(keys.roles, (now) => now && { items: now.items.map((it) => (it.key === saved.key ? saved : it)) });
        setChanges(({ [saved.key]: _, ...others }) => others);
      } catch (error) {
        // What is not saved stays as it was typed; the others before it are.
        setRefused({ role: seen.key, error });
        setBusy(false);
        return;
      }
    }
    setBusy(false);
    told(t("rightsSaved", { name: label(object.plural) }));
    void after();
  };

  const rows: ActRow[] = items.map((role) => {
    const document = documentFor(role);
    const rights = rightsOf(document, object.key);
    const count = (access: string) => Object.values(rights.fields).filter((it) => it === access).length;
    const [hidden, read] = [count("hidden"), count("read")];
    return {
      key: role.key,
      name: label(role.name),
      note: [hidden > 0 && words("hiddenCount", { count: hidden }), read > 0 && words("readCount", { count: read })].filter(Boolean).join(", ") || undefined,
      acts,
      held: new Set(rights.acts),
      follows: !isOwn(document, object.key),
      fixed: isEssential(role),
    };
  });
  const role = items.find((it) => it.key === opened);
  const clashing = refused && changes[refused.role];
  const present = presentRole(refused?.error);
  const clash = clashing && present && merged(documentOf(clashing.seen), clashing.document, documentOf(present), "mine");
  const open = (key: string) => setOpened(key);

  return (
    <section className={classes.access}>
      <div className={classes.bar}>
        <div>
          <h2 className={classes.partTitle}>{t("rightsTitle")}</h2>
          <p className={classes.fine}>{t(phone ? "rightsHintPhone" : "rightsHint", { every: words("every") })}</p>
        </div>
        <Group gap="sm">
          {waiting.length > 0 && (
            <Button
              variant="default"
              onClick={() => {
                setChanges({});
                setRefused(undefined);
              }}
            >
              {t("discard")}
            </Button>
          )}
          <Button disabled={waiting.length === 0 || present !== undefined} loading={busy} onClick={() => void save(waiting)}>
            {t("rightsSave")}
          </Button>
        </Group>
      </div>
      {clashing && present && clash ? (
        <Meanwhile
          text={t("meanwhileRole", { name: label(present.name) })}
          rows={clash.clashes.map((part) => ({ name: partWords.name(part), now: partWords.value(documentOf(present), part), mine: partWords.value(clashing.document, part) }))}
          busy={busy}
          onKeepMine={() => void save([{ seen: present, document: clash.role }, ...waiting.filter((it) => it !== clashing)])}
          onTakeTheirs={() => {
            setChanges(({ [present.key]: _, ...others }) => others);
            setRefused(undefined);
            void after();
          }}
        />
      ) : (
        refused && <GeneralFindings findings={{ byField: {}, general: [`${label(items.find((it) => it.key === refused.role)?.name)}: ${messageOf(refused.error)}`] }} />
      )}
      {phone ? (
        <ActLines rows={rows} onOpen={open} />
      ) : (
        <ActGrid
          label={t("rightsTitle")}
          head={words("role")}
          groups={groupsOf(acts)}
          rows={rows}
          onAct={(key, list, on) => change([key], (now) => withActs(now, object.key, list, on))}
          onColumn={(act, on) => change(rows.filter((row) => !row.fixed).map((row) => row.key), (now) => withActs(now, object.key, [act], on))}
          onOpen={open}
          onFollow={(key) => change([key], (now) => withoutOwn(now, object.key))}
          followLabel={words("followAgain", { every: words("every") })}
        />
      )}
      {role && (
        <RightsDrawer
          object={object.key}
          objectName={label(object.plural)}
          roleName={label(role.name)}
          acts={acts}
          rights={rightsOf(documentFor(role), object.key)}
          follows={!isOwn(documentFor(role), object.key)}
          fixed={isEssential(role)}
          onActs={(list, on) => change([role.key], (now) => withActs(now, object.key, list, on))}
          onFields={(fields, access) => change([role.key], (now) => withFields(now, object.key, fields, access))}
          onFollow={() => change([role.key], (now) => withoutOwn(now, object.key))}
          onClose={() => setOpened(undefined)}
        />
      )}
      <UnsavedGuard changed={() => waiting.length > 0} />
    </section>
  );
}
