import { Alert, Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, post } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { keys, useObject } from "~/api/queries";
import type { Path, PathStage, Rec, Requirement, Value, Violation } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldForm } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { Requirements } from "./Requirements";
import classes from "./path.module.css";
import { useMoveNotices } from "./moveNotices";
import { asksOf, requirementsOf, sortRequirements } from "./requirements";
import { isClosed, useMove } from "./useMove";

const TYPING = 300;

interface Props {
  record: Rec;
  path: Path;
  target: PathStage;
  violations?: Violation[];
  onBack?: () => void;
  /** Reopening may lead to any stage of the process. */
  onTarget: (stage: string) => void;
  onMoved: (record: Rec) => void;
  onCancel: () => void;
}

/** What is asked before one move. The server is asked again while one types, so the list is always what it would say. */
export function MoveForm({ record, path, target, violations, onBack, onTarget, onMoved, onCancel }: Props) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const client = useQueryClient();
  const move = useMove();
  const notices = useMoveNotices();
  const fields = useObject("opportunity")?.fields ?? [];
  const reopen = isClosed(path);
  const [given, setGiven] = useState<Record<string, Value>>({});
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);

  const stage = label(target.label);
  const name = String(record.fields["name"] ?? "");
  const body = { stage: target.key, fields: given, reason: reason.trim() || undefined };
  const [settled] = useDebouncedValue(JSON.stringify(body), TYPING);
  const check = useQuery({
    queryKey: ["move-check", record.id, record.version, reopen, settled],
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
    // Until something is filled in, the path has already said all there is to say.
    enabled: (Object.keys(given).length > 0 || reason.trim() !== "") && !move.isPending && !move.isSuccess,
    queryFn: async (): Promise<Requirement[]> => {
      try {
        await post(`/records/opportunity/${record.id}/${reopen ? "reopen" : "move"}`, { ...(JSON.parse(settled) as object), dry_run: true }, { ifMatch: record.version });
        return [];
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 422) return requirementsOf(error.violations, target.key);
        throw error;
      }
    },
  });

  const refused = move.error instanceof ApiProblem && move.error.status === 422 ? requirementsOf(move.error.violations, target.key) : undefined;
  const foreseen = violations && violations.length > 0 ? requirementsOf(violations, target.key) : target.requirements;
  const requirements = refused ?? check.data ?? foreseen;
  const editable = fields.filter((field) => field.access === "write" && !field.read_only).map((field) => field.key);
  const asks = asksOf(target, [...foreseen, ...requirements], Object.keys(given), editable);
  const sorted = sortRequirements(requirements, asks);
  const asksReason = target.asks_reason || reopen || sorted.atReason.length > 0;
  const asked = fields.filter((field) => asks.includes(field.key)).sort((a, b) => asks.indexOf(a.key) - asks.indexOf(b.key));
  const otherError = move.error && !refused ? move.error : check.error;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    try {
      const saved = await move.mutateAsync({
        id: record.id,
        version: record.version,
        stage: target.key,
        fields: Object.keys(given).length > 0 ? given : undefined,
        reason: reason.trim() || undefined,
        reopen,
      });
      onMoved(saved.record);
      notices.moved(saved.record, path.current);
    } catch (error) {
      if (isConflict(error)) {
        notices.conflict(record, error.record);
        void client.invalidateQueries({ queryKey: keys.record("opportunity", record.id) });
      }
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        {target.prompt && (
          <p className={classes.prompt}>{target.prompt}</p>
        )}
        {target.guidance && !target.prompt && (
          <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-line" }}>
            {target.guidance}
          </Text>
        )}
        {sorted.elsewhere.length > 0 && (
          <div className={classes.between} role="status">
            <Text size="sm" fw={600}>
              {t("standsBetween", { stage })}
            </Text>
            <Requirements requirements={sorted.elsewhere} />
          </div>
        )}
        {asked.length > 0 && (
          <div>
            <Text size="sm" c="dimmed" mb={6}>
              {t(asked.some((field) => isEmpty(record.fields[field.key])) ? "asked" : "toCheck")}
            </Text>
            <FieldForm
              fields={asked}
              values={{ ...record.fields, ...given }}
              refs={record.refs}
              required={asks}
              autoFocus
              findings={tried ? { byField: sorted.atField, general: [] } : undefined}
              onChange={(key, value) => {
                move.reset();
                setGiven((now) => ({ ...now, [key]: value ?? null }));
              }}
            />
          </div>
        )}
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
            label={reopen ? t("reasonReopen") : target.type === "in_progress" ? t("reasonBack") : t("reason")}
            withAsterisk
            aria-required
            autosize
            minRows={2}
            data-autofocus={asked.length === 0 || undefined}
            value={reason}
            error={tried && sorted.atReason.length > 0 ? sorted.atReason.join(" ") : undefined}
            onChange={(event) => {
              move.reset();
              setReason(event.currentTarget.value);
            }}
          />
        )}
        {asked.length === 0 && !asksReason && sorted.elsewhere.length === 0 && <Text>{t("nothingStands", { stage })}</Text>}
        {otherError && (
          <Alert color="red" variant="light" role="alert">
            {isConflict(otherError) ? t("conflict", { name }) : messageOf(otherError)}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          {onBack && (
            <Button variant="subtle" color="gray" mr="auto" onClick={onBack}>
              {t("back")}
            </Button>
          )}
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={move.isPending} disabled={sorted.elsewhere.length > 0} data-autofocus={(asked.length === 0 && !asksReason) || undefined}>
            {reopen ? t("reopen") : t("moveTo", { stage })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
