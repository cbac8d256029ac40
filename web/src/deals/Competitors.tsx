import { ActionIcon, Alert, Button, Group, Menu, Text } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconPencil, IconPlus, IconSwords, IconTrash, IconTrophy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "~/api/http";
import { useAfterWrite, useObject } from "~/api/queries";
import type { MoneyValue, ObjectDef, Rec, Saved } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel, useLanguage } from "~/i18n";
import type { Editing } from "~/records/Detail";
import { InlineField } from "~/records/InlineField";
import { RecordDialog } from "~/records/RecordDialog";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal, formatMoney } from "~/ui/format";
import { Money } from "~/ui/Money";
import { RowSkeletons } from "~/ui/Skeletons";
import { Tone } from "~/ui/Tone";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";
import { ofDeal, restoreRecord, RIVAL, voidRecord } from "./api";
import classes from "./competition.module.css";
import { differenceOf } from "./price";

/** Who else is after a deal: how each stands, at which price, and who got it in the end. */
export function Competitors({ deal }: { deal: Rec }) {
  const { t } = useTranslation("deals");
  const object = useObject(RIVAL);
  const rivals = useQuery(ofDeal(object, deal.id, "created_at"));
  const [adding, setAdding] = useState(false);
  if (!object) return null;
  const mayEditDeal = deal.can?.includes("edit") ?? false;
  const add = mayEditDeal && object.acts.includes("create") && (
    <Button size="compact-md" variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
      {t("addRival")}
    </Button>
  );
  const ours = deal.fields.amount as MoneyValue | null | undefined;
  const known = deal.frozen?.includes("competitor") ? [] : (rivals.data ?? []);
  const unsaid = deal.fields.stage_type === "lost" && deal.fields.lost_reason === "competitor" && !deal.fields.competitor && mayEditDeal && known.length > 0;
  return (
    <section aria-label={t("competitors")} className={classes.section}>
      <header className={classes.head}>
        <h2 className={classes.heading}>{t("competitors")}</h2>
        {ours && (
          <span className={classes.ours}>
            {t("ourPrice")} <strong>{<Money value={ours} />}</strong>
          </span>
        )}
        {rivals.data && rivals.data.length > 0 && <span className={classes.end}>{add}</span>}
      </header>
      {rivals.isError && <ErrorState compact error={rivals.error} onRetry={() => void rivals.refetch()} />}
      {rivals.isPending && <RowSkeletons rows={2} />}
      {unsaid && <WhoWon deal={deal} rivals={known} />}
      {rivals.data?.length === 0 && (
        <EmptyState icon={<IconSwords size={30} stroke={1.4} />} title={t("noRivals")} action={add || undefined}>
          {t("noRivalsHint")}
        </EmptyState>
      )}
      <ul className={classes.rivals}>
        {rivals.data?.map((rival) => (
          <Rival key={rival.id} object={object} rival={rival} ours={ours} open={deal.fields.stage_type === "lost" && !rivals.data?.some((one) => one.fields.won === true)} mayEdit={mayEditDeal && object.acts.includes("edit")} mayVoid={mayEditDeal && object.acts.includes("void")} />
        ))}
      </ul>
      {adding && <RecordDialog object={object} given={{ opportunity: deal.id }} refs={{ [deal.id]: { object: "opportunity", name: String(deal.fields.name ?? "") } }} onClose={() => setAdding(false)} />}
    </section>
  );
}

/** A deal was lost to somebody: to whom is one press away. */
function WhoWon({ deal, rivals }: { deal: Rec; rivals: Rec[] }) {
  const { t } = useTranslation("deals");
  const after = useAfterWrite();
  const choose = async (competitor: string) => {
    try {
      after((await patch<Saved>(`/records/opportunity/${deal.id}`, { fields: { competitor } }, { ifMatch: deal.version })).record);
    } catch (error) {
      toldOfRefusal(error);
    }
  };
  const offered = new Map(rivals.map((rival) => [String(rival.fields.competitor ?? ""), rival.refs?.[String(rival.fields.competitor)]?.name]));
  return (
    <Alert color="yellow" variant="light" mb="sm">
      <Group gap="xs">
        <Text size="sm">{t("whoWon")}</Text>
        {[...offered].map(
          ([id, name]) =>
            name && (
              <Button key={id} size="compact-sm" variant="default" onClick={() => void choose(id)}>
                {name}
              </Button>
            ),
        )}
      </Group>
    </Alert>
  );
}

type RivalProps = { object: ObjectDef; rival: Rec; /** The deal is lost, and nobody is said to have got it. */ open: boolean; ours: MoneyValue | null | undefined; mayEdit: boolean; mayVoid: boolean };

function Rival({ object, rival, open, ours, mayEdit, mayVoid }: RivalProps) {
  const { t } = useTranslation("deals");
  const label = useLabel();
  const after = useAfterWrite();
  const [editing, setEditing] = useState<Editing>();
  const field = (key: string) => object.fields.find((one) => one.key === key);
  const called = field("competitor");
  const name = rival.refs?.[String(rival.fields.competitor)]?.name ?? t("somebody");
  const writesWon = mayEdit && field("won")?.access === "write";
  const mark = async (won: boolean) => {
    try {
      after((await patch<Saved>(`/records/${RIVAL}/${rival.id}`, { fields: { won } }, { ifMatch: rival.version })).record);
    } catch (error) {
      toldOfRefusal(error);
    }
  };
  const remove = async () => {
    try {
      const { record } = await voidRecord(RIVAL, rival);
      after(record);
      toldWithUndo({ message: t("rivalRemoved", { name }), undo: t("undo", { ns: "ui" }), onUndo: async () => after((await restoreRecord(record)).record), undone: t("rivalBack", { name }) });
    } catch (error) {
      toldOfRefusal(error);
    }
  };
  const value = (key: string) => {
    const one = field(key);
    if (!one) return null;
    return (
      <div className={classes.value}>
        <dt>{label(one.label)}</dt>
        <dd>
          {mayEdit && one.access === "write" ? <InlineField object={object} record={rival} field={one} onConflict={setEditing} /> : <FieldShow field={one} value={rival.fields[key]} refs={rival.refs} />}
          {key === "quoted_price" && <Gap theirs={rival.fields.quoted_price as MoneyValue | null} ours={ours} />}
        </dd>
      </div>
    );
  };
  return (
    <li className={classes.rival} aria-label={name} data-won={rival.fields.won === true || undefined}>
      <div className={classes.top}>
        <div className={classes.who}>
          <span className={classes.name}>{called && <FieldShow field={called} value={rival.fields.competitor} refs={rival.refs} />}</span>
          <span className={classes.offer}>{String(rival.fields.name ?? "")}</span>
        </div>
        {rival.fields.won === true && (
          <span className={classes.mark}>
            <Tone tone="danger">
              <IconTrophy size={13} style={{ verticalAlign: -2, marginInlineEnd: 4 }} aria-hidden />
              {t("gotIt")}
            </Tone>
          </span>
        )}
        {open && writesWon && (
          <Button className={classes.mark} size="compact-sm" variant="default" leftSection={<IconTrophy size={14} />} onClick={() => void mark(true)}>
            {t("markWinner")}
          </Button>
        )}
        {(mayEdit || mayVoid) && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("more", { name })}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayEdit && (
                <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setEditing({ base: rival })}>
                  {t("editAll")}
                </Menu.Item>
              )}
              {rival.fields.won === true && writesWon && (
                <Menu.Item leftSection={<IconArrowBackUp size={15} />} onClick={() => void mark(false)}>
                  {t("notWinner")}
                </Menu.Item>
              )}
              {mayVoid && (
                <Menu.Item color="var(--danger)" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
                  {t("removeRival")}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <dl className={classes.values}>
        {value("quoted_price")}
        {value("standing")}
        {value("strengths")}
        {value("weaknesses")}
      </dl>
      {editing && <RecordDialog object={object} record={editing.base ?? rival} given={editing.draft} present={editing.present} onClose={() => setEditing(undefined)} />}
    </li>
  );
}

function Gap({ theirs, ours }: { theirs: MoneyValue | null | undefined; ours: MoneyValue | null | undefined }) {
  const { t } = useTranslation("deals");
  const language = useLanguage();
  if (!theirs || !ours) return null;
  const gap = differenceOf(theirs, ours);
  if (!gap) return <span className={classes.gap}>{t("otherCurrency")}</span>;
  const told = { amount: formatMoney(gap.by, language), percent: gap.percent && formatDecimal(gap.percent, language) };
  return (
    <span className={classes.gap} data-side={gap.side}>
      {gap.side === "level" ? t("level") : t(`${gap.side}${gap.percent === undefined ? "" : "Percent"}` as "abovePercent", told)}
    </span>
  );
}
