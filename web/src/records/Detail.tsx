import { Alert, Badge, Button, Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { Link, useLocation, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { usePools } from "~/api/pools";
import { useObject, useObjects, useRecord } from "~/api/queries";
import { rememberOpened } from "~/api/search";
import { WhoSees } from "~/access/WhoSees";
import type { ObjectDef, Rec, Value } from "~/api/types";
import { MergeNotice } from "~/merging/MergeNotice";
import { useLabel } from "~/i18n";
import { LINES } from "~/lines/places";
import { veiledIn } from "~/pools/veil";
import { isTyping } from "~/shell/useShellKeys";
import { taskOfHash } from "~/stageTasks/order";
import { Activity } from "~/timeline/Activity";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { PageSkeleton, RowSkeletons } from "~/ui/Skeletons";
import classes from "./Detail.module.css";
import { Facts } from "./Facts";
import { FieldHistory } from "./FieldHistory";
import { LockBadge } from "./LockBadge";
import { RecordActs } from "./RecordActs";
import { nameOf, RecordDialog } from "./RecordDialog";
import { RelatedList } from "./RelatedList";
import { relationsTo } from "./relations";
import { Sections } from "./Sections";
import { Team } from "./Team";

const ApprovalBanner = lazy(() => import("~/approvals/ApprovalBanner").then((room) => ({ default: room.ApprovalBanner })));
const ApprovalsOf = lazy(() => import("~/approvals/ApprovalsOf").then((room) => ({ default: room.ApprovalsOf })));
const LinesTab = lazy(() => import("~/lines/LinesTab").then((room) => ({ default: room.LinesTab })));
const PaperActs = lazy(() => import("~/quotes/PaperActs").then((room) => ({ default: room.PaperActs })));
const PaperHead = lazy(() => import("~/quotes/PaperHead").then((room) => ({ default: room.PaperHead })));
const QuotesTab = lazy(() => import("~/quotes/QuotesTab").then((room) => ({ default: room.QuotesTab })));
const Competition = lazy(() => import("~/deals/Competition").then((room) => ({ default: room.Competition })));
const DecisionMap = lazy(() => import("~/deals/DecisionMap").then((room) => ({ default: room.DecisionMap })));
const ReviewAct = lazy(() => import("~/deals/Review").then((room) => ({ default: room.ReviewAct })));
const Reviews = lazy(() => import("~/deals/Review").then((room) => ({ default: room.Reviews })));
const HierarchyTab = lazy(() => import("~/accounts/HierarchyTab").then((room) => ({ default: room.HierarchyTab })));
const LeadActs = lazy(() => import("~/leads/LeadActs").then((room) => ({ default: room.LeadActs })));
const AlikeCard = lazy(() => import("~/duplicates/AlikeCard").then((room) => ({ default: room.AlikeCard })));
const PersonHoldings = lazy(() => import("~/holding/PersonHoldings").then((room) => ({ default: room.PersonHoldings })));
const PoolActs = lazy(() => import("~/pools/PoolActs").then((room) => ({ default: room.PoolActs })));
const StagePath = lazy(() => import("~/processes/StagePath").then((room) => ({ default: room.StagePath })));
const Slips = lazy(() => import("~/saleLog/Slips").then((room) => ({ default: room.Slips })));
const StageHistory = lazy(() => import("~/saleLog/StageHistory").then((room) => ({ default: room.StageHistory })));

/** One record with all that belongs to it. */
export function Detail() {
  const { object: key, id } = useParams({ strict: false }) as { object: string; id: string };
  const { t } = useTranslation("records");
  const object = useObject(key);
  const record = useRecord(key, id);
  const lies = Boolean(record.data?.fields["pool"]) && !record.data?.fields["owner"];
  const pools = usePools(lies);
  if (!object) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("unknownObject")}</EmptyState>;
  if (record.isError && (!record.data || (record.error instanceof ApiProblem && record.error.status === 404))) {
    return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  }
  if (!record.data) return <PageSkeleton />;
  const veiled = veiledIn(record.data, lies ? pools.data?.items : undefined);
  return <RecordScreen key={id} object={object} record={veiled ? { ...record.data, veiled } : record.data} />;
}

/** Records of the organisation itself: nobody calls on them. */
const PEOPLE = ["employee", "department", "user_group"];

/** Tabs that an address may lead to. */
const OWN_TABS = ["lines", "quotes", "map", "competition", "hierarchy"];

/** Tabs that need the whole width. */
const WIDE_TABS = ["lines", "map", "hierarchy"];

/** What is offered and ordered; its screen has its own acts. */
const PAPERS = ["quote", "sales_order"];

/** What lives in a deal and is shown in tabs and cards of its own. */
const ROUND_A_DEAL = ["contact_role", "opportunity_competitor", "win_loss_review"];

/** Acts with pools, of whichever object lies in one. */
const POOL_ACTS = ["claim", "return", "move_pool", "assign"];

/** A change in the making: begun by the button or the key, or in place and met by somebody else's. */
export type Editing = { base?: Rec; draft?: Record<string, Value>; present?: Rec };

function RecordScreen({ object, record }: { object: ObjectDef; record: Rec }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const objects = useObjects();
  const [editing, setEditing] = useState<Editing>();
  const beside = useMediaQuery("(min-width: 75em)", true, { getInitialValueInEffect: false });
  const hash = useLocation({ select: (location) => location.hash });
  // A task of the stage stands above the tabs.
  const toActivity = hash !== "" && !OWN_TABS.includes(hash) && !taskOfHash(hash);
  const lined = LINES[object.key];
  const quoted = object.key === "opportunity" && objects.some((it) => PAPERS.includes(it.key));
  const deal = object.key === "opportunity";
  const mapped = deal && objects.some((it) => it.key === "contact_role");
  // Who may not know what is above an account has no group to look at.
  const grouped = object.key === "account" && object.fields.some((field) => field.key === "parent");
  const contested = deal && objects.some((it) => it.key === "opportunity_competitor");
  const hasLines = lined !== undefined && objects.some((it) => it.key === lined);
  // Of what is made of lines, these are what one comes for.
  const [chosen, setTab] = useState(OWN_TABS.includes(hash) ? hash : toActivity ? "activity" : hasLines && object.key !== "opportunity" ? "lines" : "details");
  const [unsaved, setUnsaved] = useState(false);
  const [linesOpened, setLinesOpened] = useState(chosen === "lines");
  if (chosen === "lines" && !linesOpened) setLinesOpened(true);
  const [ledTo, setLedTo] = useState(hash);
  // A notice may lead to what was said here while one looks at something else of the same record.
  if (hash !== ledTo) {
    setLedTo(hash);
    if (OWN_TABS.includes(hash)) setTab(hash);
    else if (toActivity) setTab("activity");
  }
  // Where there is room, what is being done stands beside whatever else one looks at.
  const followed = !PEOPLE.includes(object.key);
  const besideIt = beside && !WIDE_TABS.includes(chosen);
  const tab = chosen === "activity" && (besideIt || !followed) ? "details" : chosen;
  const mayEdit = record.can?.includes("edit") ?? false;
  const voided = record.fields.lifecycle_status === "voided";
  const led = object.fields.some((field) => field.type === "process");
  const name = nameOf(object, record);
  const pooled = [...(record.can ?? []), ...(record.cannot ?? []).map((one) => one.act)].some((act) => POOL_ACTS.includes(act));
  const relations = relationsTo(object.key, objects).filter((relation) => relation.object.key !== lined && !(grouped && relation.object.key === "account" && relation.field.key === "parent") && !(deal && ROUND_A_DEAL.includes(relation.object.key)) && !(quoted && PAPERS.includes(relation.object.key)) && !(object.key === "quote" && PAPERS.includes(relation.object.key)));

  useEffect(() => rememberOpened(object.key, record.id), [object.key, record.id]);

  useEffect(() => {
    if (!mayEdit) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "e" || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      setEditing({});
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [mayEdit]);

  return (
    <Page
      title={name}
      above={
        <Link to="/o/$object" params={{ object: object.key }}>
          {label(object.plural)}
        </Link>
      }
      actions={
        <>
          {voided && <Badge color="red">{t("voided")}</Badge>}
          <LockBadge record={record} />
          {mayEdit && (
            <Button variant="default" leftSection={<IconPencil size={16} stroke={1.7} />} onClick={() => setEditing({})}>
              {t("edit")}
            </Button>
          )}
          <WhoSees object={object} record={record} name={name} onTeam={object.owned ? () => setTab("team") : undefined} />
          {object.key === "lead" && (
            <Suspense fallback={null}>
              <LeadActs object={object} record={record} name={name} />
            </Suspense>
          )}
          {PAPERS.includes(object.key) && !voided && (
            <Suspense fallback={null}>
              <PaperActs record={record} />
            </Suspense>
          )}
          {deal && (
            <Suspense fallback={null}>
              <ReviewAct deal={record} />
            </Suspense>
          )}
          {pooled && (
            <Suspense fallback={null}>
              <PoolActs object={object} record={record} name={name} />
            </Suspense>
          )}
          <RecordActs object={object} record={record} name={name} />
        </>
      }
    >
      <div className={classes.screen}>
        {(record.approval || record.fields.lifecycle_status === "ineffective") && (
          <Suspense fallback={null}>
            <ApprovalBanner record={record} />
          </Suspense>
        )}
        {object.owned && <MergeNotice object={object} record={record} />}
        {led && (
          <Suspense fallback={<RowSkeletons rows={2} />}>
            <StagePath id={record.id} />
          </Suspense>
        )}
        {PAPERS.includes(object.key) && (
          <Suspense fallback={<RowSkeletons rows={1} />}>
            <PaperHead record={record} />
          </Suspense>
        )}
        <Facts object={object} record={record} />
        <div className={classes.parts}>
          <Tabs id="record" value={tab} onChange={(next) => setTab(next ?? "details")} keepMounted={false} classNames={{ list: classes.tabs }}>
            <Tabs.List>
              <Tabs.Tab value="details">{t("tabDetails")}</Tabs.Tab>
              {hasLines && (
                <Tabs.Tab value="lines" rightSection={unsaved ? <span className={classes.unsaved} role="img" aria-label={t("unsaved", { ns: "lines" })} /> : undefined}>
                  {t(object.key === "price_book" ? "tabPrices" : "tab", { ns: "lines" })}
                </Tabs.Tab>
              )}
              {quoted && <Tabs.Tab value="quotes">{t("tab", { ns: "quotes" })}</Tabs.Tab>}
              {mapped && <Tabs.Tab value="map">{t("map", { ns: "deals" })}</Tabs.Tab>}
              {contested && <Tabs.Tab value="competition">{t("competition", { ns: "deals" })}</Tabs.Tab>}
              {grouped && <Tabs.Tab value="hierarchy">{t("tab", { ns: "accounts" })}</Tabs.Tab>}
              {followed && !besideIt && <Tabs.Tab value="activity">{t("tab", { ns: "timeline" })}</Tabs.Tab>}
              {object.owned && <Tabs.Tab value="team">{t("tabTeam")}</Tabs.Tab>}
              {led && <Tabs.Tab value="stages">{t("tabStages")}</Tabs.Tab>}
              {followed && <Tabs.Tab value="approvals">{t("tab", { ns: "approvals" })}</Tabs.Tab>}
              <Tabs.Tab value="history">{t("tabHistory")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="details" pt="md">
              <div className={classes.columns} data-single={relations.length === 0 || undefined}>
                <div className={classes.column}>
                  <Suspense fallback={null}>
                    <AlikeCard object={object} record={record} />
                    {object.key === "employee" && <PersonHoldings person={record.id} />}
                  </Suspense>
                  {deal && (
                    <Suspense fallback={null}>
                      <Reviews deal={record} />
                    </Suspense>
                  )}
                  {led && (
                    <Suspense fallback={null}>
                      <Slips deal={record.id} />
                    </Suspense>
                  )}
                  <Sections object={object} record={record} onEdit={setEditing} />
                  {record.external_ids && record.external_ids.length > 0 && (
                    <Alert variant="transparent" p={0} color="gray">
                      {t("externalIds")} {record.external_ids.map((it) => `${it.source}: ${it.id}`).join(", ")}
                    </Alert>
                  )}
                </div>
                {relations.length > 0 && (
                  <div className={classes.column}>
                    {relations.map((relation) => (
                      <RelatedList key={`${relation.object.key}.${relation.field.key}`} relation={relation} relations={relations} record={record} name={name} />
                    ))}
                  </div>
                )}
              </div>
            </Tabs.Panel>
            {hasLines && linesOpened && (
              // What has been typed stays, and stays guarded, while one looks at another tab: hidden, not put to sleep.
              <div role="tabpanel" id="record-panel-lines" aria-labelledby="record-tab-lines" hidden={tab !== "lines"} className={classes.panel}>
                <Suspense fallback={<RowSkeletons rows={5} />}>
                  <LinesTab record={record} onChanged={setUnsaved} />
                </Suspense>
              </div>
            )}
            {quoted && (
              <Tabs.Panel value="quotes" pt="md">
                <Suspense fallback={<RowSkeletons rows={3} />}>
                  <QuotesTab deal={record} />
                </Suspense>
              </Tabs.Panel>
            )}
            {mapped && (
              <Tabs.Panel value="map" pt="md">
                <Suspense fallback={<RowSkeletons rows={4} />}>
                  <DecisionMap deal={record} />
                </Suspense>
              </Tabs.Panel>
            )}
            {contested && (
              <Tabs.Panel value="competition" pt="md">
                <Suspense fallback={<RowSkeletons rows={3} />}>
                  <Competition deal={record} />
                </Suspense>
              </Tabs.Panel>
            )}
            {grouped && (
              <Tabs.Panel value="hierarchy" pt="md">
                <Suspense fallback={<RowSkeletons rows={4} />}>
                  <HierarchyTab account={record} />
                </Suspense>
              </Tabs.Panel>
            )}
            {followed && !besideIt && (
              <Tabs.Panel value="activity" pt="md">
                <Activity object={object} record={record} />
              </Tabs.Panel>
            )}
            {object.owned && (
              <Tabs.Panel value="team" pt="md">
                <Team object={object} record={record} />
              </Tabs.Panel>
            )}
            {led && (
              <Tabs.Panel value="stages" pt="md">
                <Suspense fallback={<RowSkeletons rows={4} />}>
                  <StageHistory id={record.id} />
                </Suspense>
              </Tabs.Panel>
            )}
            {followed && (
              <Tabs.Panel value="approvals" pt="md">
                <Suspense fallback={<RowSkeletons rows={3} />}>
                  <ApprovalsOf object={object.key} id={record.id} />
                </Suspense>
              </Tabs.Panel>
            )}
            <Tabs.Panel value="history" pt="md">
              <FieldHistory object={object} id={record.id} />
            </Tabs.Panel>
          </Tabs>
          {followed && besideIt && (
            <aside className={classes.beside} aria-label={t("tab", { ns: "timeline" })}>
              <Activity object={object} record={record} />
            </aside>
          )}
        </div>
      </div>
      {editing && <RecordDialog object={object} record={editing.base ?? record} given={editing.draft} present={editing.present} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}
