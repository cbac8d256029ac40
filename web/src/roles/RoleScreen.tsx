import { ActionIcon, Alert, Button, Menu, Switch, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowsDiff, IconCopy, IconDotsVertical, IconSearch, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { keys, useMe, useObjects } from "~/api/queries";
import { isEssential, useAfterRoles, useRoleActs, useRoles, type ObjectActs, type Role, type RoleDocument } from "~/api/roles";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { noLabel } from "~/objects/keys";
import { LabelInputs } from "~/objects/LabelInputs";
import { Meanwhile } from "~/objects/Meanwhile";
import { told } from "~/objects/told";
import { iconOf } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { PageSkeleton } from "~/ui/Skeletons";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { ActGrid, type ActRow } from "./ActGrid";
import { groupsOf } from "./acts";
import { ActLines } from "./ActLines";
import { DeleteRole } from "./DeleteRole";
import { Holders } from "./Holders";
import { RightsDrawer } from "./RightsDrawer";
import { documentOf, EVERY, isOwn, merged, rightsOf, sameRole, withActs, withColumn, withFields, withoutOwn } from "./roleDraft";
import classes from "./roles.module.css";
import { presentRole, sendMerged } from "./sendMerged";
import { usePartWords } from "./usePartWords";

const NEW: RoleDocument = { name: noLabel, description: null, see_all: false, administrator: false, reads_audit: false, objects: { [EVERY]: { acts: ["read"], fields: {} } } };
const SHOWN = ["name", "description"];

/** Opens the editor on a stored role, or under `new` on a new one, which may begin as a copy. */
export function RoleScreen() {
  const { t } = useTranslation("roles");
  const me = useMe();
  const { role: key = "" } = useParams({ strict: false });
  const { from } = useSearch({ strict: false }) as { from?: string };
  const roles = useRoles(me.admin);
  const acts = useRoleActs(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const failed = [roles, acts].find((it) => it.isError && !it.data);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!roles.data || !acts.data) return <PageSkeleton />;
  const find = (wanted: string | undefined) => roles.data.items.find((it) => it.key === wanted);
  if (key !== "new") {
    const stored = find(key);
    if (!stored) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("notFound", { ns: "ui" })}</EmptyState>;
    return <Editor key={key} stored={stored} begins={documentOf(stored)} acts={acts.data.objects} />;
  }
  const model = find(from);
  const named = (language: "en" | "zh-CN") => (model ? t("copyOf", { name: model.name[language] || model.name.en, lng: language }) : "");
  const begins = model ? { ...documentOf(model), name: { en: named("en"), "zh-CN": named("zh-CN") } } : NEW;
  return <Editor key={`new ${from ?? ""}`} begins={begins} acts={acts.data.objects} />;
}

function Editor({ stored, begins, acts }: { stored?: Role; begins: RoleDocument; acts: ObjectActs[] }) {
  const { t } = useTranslation("roles");
  const label = useLabel();
  const objects = useObjects();
  const navigate = useNavigate();
  const client = useQueryClient();
  const after = useAfterRoles();
  const partWords = usePartWords();
  // What the person saw when the first change was begun; until then it is what there is.
  const [base, setBase] = useState({ role: stored, document: begins });
  const [draft, setDraft] = useState(begins);
  const changed = !sameRole(base.document, draft) || !stored;
  if (stored && !changed && stored.version !== base.role?.version) {
    setBase({ role: stored, document: begins });
    setDraft(begins);
  }
  const [opened, setOpened] = useState<string>();
  const [typed, setTyped] = useState("");
  const [deleting, setDeleting] = useState(false);
  const leaving = useRef(false);
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });

  const save = useMutation({
    mutationFn: ({ over, document }: { over?: Role; document: RoleDocument }) => sendMerged(document, over),
    onSuccess: async (saved) => {
      const document = documentOf(saved);
      setBase({ role: saved, document });
      setDraft(document);
      told(t(stored ? "saved" : "created", { name: label(saved.name) }));
      client.setQueryData<{ items: Role[] }>(keys.roles, (roles) => roles && { items: roles.items.some((it) => it.key === saved.key) ? roles.items.map((it) => (it.key === saved.key ? saved : it)) : [...roles.items, saved] });
      leaving.current = true;
      if (!stored) await navigate({ to: "/admin/roles/$role", params: { role: saved.key }, replace: true });
      leaving.current = false;
      void after();
    },
  });
  const present = presentRole(save.error);
  const clash = present && merged(base.document, draft, documentOf(present), "mine");
  const findings = findingsOfError(save.error, SHOWN);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");
  const set = (change: Partial<RoleDocument>) => {
    if (!save.isPending && !present) save.reset();
    setDraft((now) => ({ ...now, ...change }));
  };
  const setRights = (change: (objects: RoleDocument["objects"]) => RoleDocument["objects"]) => set({ objects: change(draft.objects) });

  const name = label(draft.name) || t("newRoleTitle");
  const nameOf = (key: string) => (key === EVERY ? t("every") : label(objects.find((it) => it.key === key)?.plural) || key);
  const actsOf = (key: string) => acts.find((it) => it.key === key)?.acts ?? [];
  const fixed = stored !== undefined && isEssential(stored);
  const rows = useRows(draft, acts, nameOf, typed, fixed);
  const shown = rows.map((row) => ({ key: row.key, acts: row.acts }));

  return (
    <Page
      pinned
      title={name}
      above={<Link to="/admin/roles">{t("title")}</Link>}
      actions={
        <>
          <span className={classes.state} role="status">
            {changed && stored ? t("unsaved") : ""}
          </span>
          {changed && stored && (
            <Button
              variant="default"
              onClick={() => {
                save.reset();
                setDraft(base.document);
              }}
            >
              {t("discard")}
            </Button>
          )}
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate({ over: base.role, document: draft })}>
            {t(stored ? "save" : "create")}
          </Button>
          {stored && (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label={t("acts_of", { name })}>
                  <IconDotsVertical size={17} stroke={1.7} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => void navigate({ to: "/admin/roles/$role", params: { role: "new" }, search: { from: stored.key } })}>
                  {t("duplicate")}
                </Menu.Item>
                <Menu.Item leftSection={<IconArrowsDiff size={16} />} onClick={() => void navigate({ to: "/admin/roles/compare", search: { a: stored.key } })}>
                  {t("compare")}
                </Menu.Item>
                {!fixed && (
                  <Menu.Item color="var(--danger)" leftSection={<IconTrash size={16} />} onClick={() => setDeleting(true)}>
                    {t("delete")}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {present && clash ? (
        <Meanwhile
          rows={clash.clashes.map((part) => ({ name: partWords.name(part), now: partWords.value(documentOf(present), part), mine: partWords.value(draft, part) }))}
          busy={save.isPending}
          onKeepMine={() => save.mutate({ over: present, document: clash.role })}
          onTakeTheirs={() => {
            setDraft(merged(base.document, draft, documentOf(present), "theirs").role);
            setBase({ role: present, document: documentOf(present) });
            save.reset();
          }}
        />
      ) : (
        <GeneralFindings findings={findings} />
      )}
      <div className={classes.top}>
        <section className={classes.card}>
          <h2 className={classes.cardTitle}>{t("about")}</h2>
          <LabelInputs what={t("name")} required autoFocus={!stored} value={draft.name} error={errorAt("name")} onChange={(it) => set({ name: it })} />
          <LabelInputs what={t("description")} lines value={draft.description ?? noLabel} error={errorAt("description")} onChange={(it) => set({ description: it })} />
        </section>
        <section className={classes.card}>
          <h2 className={classes.cardTitle}>{t("reach")}</h2>
          <Switch label={t("seeAll")} description={t("seeAllHint")} disabled={fixed} checked={draft.see_all} onChange={(event) => set({ see_all: event.currentTarget.checked })} />
          <Switch label={t("administrator")} description={t("administratorHint")} disabled={fixed} checked={draft.administrator} onChange={(event) => set({ administrator: event.currentTarget.checked })} />
          <Switch label={t("readsAudit")} description={t("readsAuditHint")} disabled={fixed} checked={draft.reads_audit} onChange={(event) => set({ reads_audit: event.currentTarget.checked })} />
        </section>
        <section className={classes.card}>
          <h2 className={classes.cardTitle}>{t("people")}</h2>
          {stored ? <Holders role={stored} /> : <p className={classes.fine}>{t("peopleNone")}</p>}
        </section>
      </div>
      <div className={classes.gridHead}>
        <div>
          <h2 className={classes.cardTitle}>{t("rights")}</h2>
          {fixed && <p className={classes.fixed}>{t("essential")}</p>}
          <p className={classes.fine}>{t(phone ? "rightsHintPhone" : "rightsHint", { every: t("every") })}</p>
        </div>
        <TextInput type="search" aria-label={t("find")} placeholder={t("find")} leftSection={<IconSearch size={15} />} w={phone ? "100%" : 230} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      </div>
      {rows.length === 0 && <Alert variant="transparent">{t("noObject")}</Alert>}
      {rows.length > 0 &&
        (phone ? (
          <ActLines rows={rows} onOpen={setOpened} />
        ) : (
          <ActGrid
            label={t("rights")}
            head={t("object")}
            groups={groupsOf(acts.flatMap((it) => it.acts))}
            rows={rows}
            onAct={(key, list, on) => setRights((now) => withActs(now, key, list, on))}
            onColumn={(act, on) => setRights((now) => withColumn(now, shown, act, on))}
            onOpen={setOpened}
            onFollow={(key) => setRights((now) => withoutOwn(now, key))}
            followLabel={t("followAgain", { every: t("every") })}
          />
        ))}
      {opened && (
        <RightsDrawer
          object={opened}
          objectName={nameOf(opened)}
          roleName={name}
          acts={actsOf(opened)}
          rights={rightsOf(draft, opened)}
          follows={opened !== EVERY && !isOwn(draft, opened)}
          fixed={fixed}
          onActs={(list, on) => setRights((now) => withActs(now, opened, list, on))}
          onFields={(fields, access) => setDraft((now) => ({ ...now, objects: withFields(now.objects, opened, fields, access) }))}
          onFollow={() => setRights((now) => withoutOwn(now, opened))}
          onClose={() => setOpened(undefined)}
        />
      )}
      {deleting && stored && (
        <DeleteRole
          role={stored}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            leaving.current = true;
            return navigate({ to: "/admin/roles" });
          }}
        />
      )}
      <UnsavedGuard changed={() => !leaving.current && (stored ? changed : !sameRole(begins, draft))} />
    </Page>
  );
}

/** The lines of the grid, "every other object" first. */
function useRows(draft: RoleDocument, acts: ObjectActs[], nameOf: (key: string) => string, typed: string, fixed: boolean): ActRow[] {
  const { t } = useTranslation("roles");
  const wanted = typed.trim().toLowerCase();
  const objects = useObjects();
  return [...acts]
    .filter((it) => nameOf(it.key).toLowerCase().includes(wanted) && it.acts.length > 0)
    .sort((one, other) => Number(other.key === EVERY) - Number(one.key === EVERY))
    .map(({ key, acts: possible }) => {
      const rights = rightsOf(draft, key);
      const count = (access: string) => Object.values(rights.fields).filter((it) => it === access).length;
      const [hidden, read] = [count("hidden"), count("read")];
      const Icon = key === EVERY ? undefined : iconOf(objects.find((it) => it.key === key) ?? key);
      return {
        key,
        name: nameOf(key),
        icon: Icon && <Icon size={17} stroke={1.6} />,
        note: [hidden > 0 && t("hiddenCount", { count: hidden }), read > 0 && t("readCount", { count: read })].filter(Boolean).join(", ") || undefined,
        acts: possible,
        held: new Set(rights.acts),
        follows: key !== EVERY && !isOwn(draft, key),
        leads: key === EVERY,
        fixed,
      };
    });
}
