import { Alert, Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { keys, useObject, useObjects } from "~/api/queries";
import type { Path, PathStage, Rec, Value, Violation } from "~/api/types";
import { LostTo } from "~/deals/LostTo";
import { isEmpty } from "~/fields/contract";
import { frozenIn } from "~/fields/draft";
import { FieldForm } from "~/fields/FieldForm";
import { NoRoom } from "~/holding/NoRoom";
import { isNoRoom } from "~/holding/refusal";
import { useLabel } from "~/i18n";
import { RequirementList } from "./fixes/RequirementList";
import classes from "./path.module.css";
import { useMoveNotices } from "./moveNotices";
import { Bypass } from "./moving/Bypass";
import { createdOf, isGateOfRecord } from "./moving/created";
import { RecordsToCreate } from "./moving/RecordsToCreate";
import { useMoveCheck } from "./moving/useMoveCheck";
import { asksOf, requirementsOf, sortRequirements } from "./requirements";
import { actsOn, isClosed, useMove, type Move } from "./useMove";

interface Props {
  record: Rec;
  path: Path;
  target: PathStage;
  /** The other process into which the deal goes. */
  process?: { id: string; name: string };
  violations?: Violation[];
  onBack?: () => void;
  /** Reopening may lead to any stage of the process. */
  onTarget: (stage: string) => void;
  onMoved: (record: Rec) => void;
  onCancel: () => void;
}

/** Who got a deal instead, and the reason that says there was such a one. */
const RIVAL = "competitor";

/** A deal that was lost for another reason after all was not lost to the one chosen before. */
const withoutRival = ({ [RIVAL]: rival, ...given }: Record<string, Value>, changed: string): Record<string, Value> => (rival === undefined || (changed === "lost_reason" && given["lost_reason"] !== RIVAL) ? given : { ...given, [RIVAL]: rival });

/** What is asked before one move. The server is asked again while one types, so the list is always what it would say. */
export function MoveForm({ record, path, target, process, violations, onBack, onTarget, onMoved, onCancel }: Props) {
  const { t } = useTranslation("processes");
  const { t: say } = useTranslation("path");
  const label = useLabel();
  const formId = useId();
  const client = useQueryClient();
  const move = useMove();
  const notices = useMoveNotices();
  const objects = useObjects();
  const fields = useObject("opportunity")?.fields ?? [];
  const reopen = !process && isClosed(path);
  const [given, setGiven] = useState<Record<string, Value>>({});
  const [drafts, setDrafts] = useState<Record<string, Value>[]>([]);
  const [reason, setReason] = useState("");
  const [bypass, setBypass] = useState(false);
  const [tried, setTried] = useState(false);
  const [begunWith] = useState(target.requirements);

  const stage = label(target.label);
  const name = String(record.fields["name"] ?? "");
  const askedRecords = target.asks_records ?? [];
  const wanted: Move = {
    id: record.id,
    version: record.version,
    stage: target.key,
    fields: given,
    create: createdOf(askedRecords, drafts, objects),
    reason,
    bypass,
    reopen,
    process: process?.id,
  };
  // Until something is filled in, the path has already said all there is to say.
  const begun = Object.keys(given).length > 0 || reason.trim() !== "" || bypass || askedRecords.length > 0;
  const check = useMoveCheck(wanted, target.requirements, begun && !move.isPending && !move.isSuccess);

  const refused = move.error instanceof ApiProblem && move.error.status === 422 ? move.error.violations : undefined;
  // Whether there is room is told apart: nothing on the deal itself puts it right.
  const noRoom = (refused ?? check.data?.violations ?? violations ?? []).filter(isNoRoom);
  const refusal = refused?.filter((it) => !isNoRoom(it));
  // What a refusal has said before holds until the path says something else, because something has been put right.
  const foreseen = violations && violations.length > 0 && target.requirements === begunWith ? requirementsOf(violations.filter((it) => !isNoRoom(it)), target.key) : target.requirements;
  const requirements = (refusal && requirementsOf(refusal, target.key)) ?? check.data?.requirements ?? foreseen;
  // An amount that follows the lines is not asked about: it cannot be typed.
  const frozen = frozenIn(record);
  const editable = fields.filter((field) => field.access === "write" && !field.read_only && !frozen.includes(field.key)).map((field) => field.key);
  const asks = asksOf(target, [...foreseen, ...requirements], Object.keys(given).filter((key) => key !== RIVAL), editable);
  const sorted = sortRequirements(requirements, asks);
  // What is said of a record that is created along stands in its form.
  const elsewhere = sorted.elsewhere.filter((requirement) => !isGateOfRecord(requirement, askedRecords.length));
  const ownViolations = (refusal ?? check.data?.violations ?? []).filter((violation) => violation.path?.startsWith("create"));
  // Passed by is what the path names; with the bypass on, the server no longer counts it.
  const passed = foreseen.filter((requirement) => requirement.code !== "stage.reason_required");
  const offersBypass = actsOn(path, record).bypass && (bypass || elsewhere.length > 0);
  const asksReason = target.asks_reason || reopen || Boolean(process) || bypass || sorted.atReason.length > 0;
  const asked = fields.filter((field) => asks.includes(field.key)).sort((a, b) => asks.indexOf(a.key) - asks.indexOf(b.key));
  // Lost to whom is asked where it is known that it was to somebody, and never stands in the way.
  const asksRival = asks.includes("lost_reason") && !asks.includes(RIVAL) && ({ ...record.fields, ...given })["lost_reason"] === RIVAL;
  const otherError = move.error && !refused ? move.error : check.error;
  const ready = asked.length === 0 && !asksReason && elsewhere.length === 0 && askedRecords.length === 0;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setTried(true);
    if (elsewhere.length > 0) return;
    try {
      const saved = await move.mutateAsync(wanted);
      onMoved(saved.record);
      if (process) notices.changed(saved.record, process.name);
      else notices.moved(saved.record, path.current);
    } catch (error) {
      if (isConflict(error)) {
        notices.conflict(record, error.record);
        void client.invalidateQueries({ queryKey: keys.record("opportunity", record.id) });
      }
    }
  };
  const change = (act: () => void) => {
    move.reset();
    act();
  };
  const reasonLabel = process ? say("change.reason") : bypass ? say("bypass.reason") : reopen ? t("reasonReopen") : target.type === "in_progress" ? t("reasonBack") : t("reason");

  return (
    <Stack gap="md">
      {target.prompt && <p className={classes.prompt}>{target.prompt}</p>}
      {target.guidance && !target.prompt && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-line" }}>
          {target.guidance}
        </Text>
      )}
      {elsewhere.length > 0 && !bypass && (
        <div className={classes.between} role="status">
          <h3 className={classes.betweenTitle}>{t("standsBetween", { stage })}</h3>
          <RequirementList requirements={elsewhere} record={record} path={path} />
        </div>
      )}
      <NoRoom violations={noRoom} object="opportunity" record={record.id} />
      {offersBypass && <Bypass bypassing={bypass} passed={passed} onChange={(next) => change(() => setBypass(next))} />}
      {/* What is put right above has forms of its own; a form within a form there is not. */}
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {asked.length > 0 && (
            <div>
              <Text size="sm" c="dimmed" mb={6}>
                {t(asked.some((field) => isEmpty(record.fields[field.key])) ? "asked" : "toCheck")}
              </Text>
              <FieldForm
                fields={asked}
                values={{ ...record.fields, ...given }}
                refs={record.refs}
                required={bypass ? undefined : asks}
                autoFocus={elsewhere.length === 0}
                findings={tried ? { byField: sorted.atField, general: [] } : undefined}
                onChange={(key, value) => change(() => setGiven((now) => withoutRival({ ...now, [key]: value ?? null }, key)))}
              />
              {asksRival && <LostTo deal={record} value={given["competitor"] ?? record.fields["competitor"]} onChange={(competitor) => change(() => setGiven((now) => ({ ...now, competitor })))} />}
            </div>
          )}
          <RecordsToCreate
            asked={askedRecords}
            deal={record}
            drafts={drafts}
            violations={tried ? ownViolations : undefined}
            autoFocus={asked.length === 0}
            onChange={(index, key, value) => change(() => setDrafts((now) => askedRecords.map((_, at) => (at === index ? { ...now[at], [key]: value } : (now[at] ?? {})))))}
          />
          {reopen && (
            <Select
              label={t("chooseStage")}
              data={path.stages.filter((it) => it.type === "in_progress").map((it) => ({ value: it.key, label: label(it.label) }))}
              allowDeselect={false}
              value={target.key}
              onChange={(key) => key && onTarget(key)}
            />
          )}
          {asksReason && (
            <Textarea
              label={reasonLabel}
              withAsterisk
              aria-required
              autosize
              minRows={2}
              data-autofocus={asked.length === 0 || undefined}
              value={reason}
              error={tried && sorted.atReason.length > 0 ? sorted.atReason.join(" ") : undefined}
              onChange={(event) => {
                const text = event.currentTarget.value;
                change(() => setReason(text));
              }}
            />
          )}
          {ready && <Text>{t("nothingStands", { stage })}</Text>}
          {otherError && (
            <Alert color="red" variant="light" role="alert">
              {isConflict(otherError) ? t("conflict", { name }) : messageOf(otherError)}
            </Alert>
          )}
        </Stack>
      </form>
      <Group justify="flex-end" gap="sm">
        {onBack && (
          <Button variant="subtle" color="gray" mr="auto" onClick={onBack}>
            {t("back")}
          </Button>
        )}
        <Button variant="default" onClick={onCancel}>
          {t("cancel")}
        </Button>
        <Button type="submit" form={formId} color={bypass ? "red.8" : undefined} loading={move.isPending} disabled={elsewhere.length > 0} data-autofocus={ready || undefined}>
          {process ? say("change.submit") : reopen ? t("reopen") : bypass ? say("bypass.submit", { stage }) : t("moveTo", { stage })}
        </Button>
      </Group>
    </Stack>
  );
}
