import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DefinitionAct, DefinitionState } from "~/api/definitions";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useLanguage } from "~/i18n";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { formatDay } from "~/ui/format";
import { told } from "./told";
import classes from "./objects.module.css";
import { UseList, usesOf } from "./UseList";

type Props = {
  name: string;
  /** To be typed before it is lost for good. */
  keyOf: string;
  state: DefinitionState;
  dropsAt?: string | null;
  act: (act: DefinitionAct) => Promise<unknown>;
  onDone: (act: DefinitionAct) => void;
};

/** What can be done with an object or a field as a whole. A refusal lists every use, each with the way there. */
export function Acts({ name, keyOf, state, dropsAt, act, onDone }: Props) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  const [refused, setRefused] = useState<unknown>();
  const [busy, setBusy] = useState<DefinitionAct>();
  const [dropping, setDropping] = useState(false);

  const run = async (what: DefinitionAct) => {
    setRefused(undefined);
    setBusy(what);
    try {
      await act(what);
      told(t(`acted.${what}`, { name }));
      onDone(what);
    } catch (error) {
      setRefused(error);
    } finally {
      setBusy(undefined);
    }
  };
  const used = usesOf(refused);

  return (
    <div>
      {refused !== undefined && (
        <Alert ref={(alert) => alert?.scrollIntoView({ block: "nearest" })} color="red" variant="light" role="alert" mb="sm" title={used ? t("inUse") : t("refused")}>
          {used ? <UseList uses={used} /> : refused instanceof ApiProblem && refused.violations.length > 0 ? refused.violations.map((it, index) => <div key={index}>{it.message}</div>) : messageOf(refused)}
        </Alert>
      )}
      {state === "hidden" && dropsAt && (
        <p className={classes.fine} style={{ marginBottom: 8 }}>
          {t("recoverableUntil", { day: formatDay(dropsAt.slice(0, 10), language) })}
        </p>
      )}
      <Group gap="sm">
        {state === "disabled" && (
          <Button variant="default" loading={busy === "enable"} onClick={() => void run("enable")}>
            {t("enable")}
          </Button>
        )}
        {state === "hidden" && (
          <>
            <Button variant="default" loading={busy === "recover"} onClick={() => void run("recover")}>
              {t("recover")}
            </Button>
            <Button variant="light" color="red" onClick={() => setDropping(true)}>
              {t("drop")}
            </Button>
          </>
        )}
        {state === "live" && (
          <ConfirmButton variant="default" title={t("disableTitle", { name })} text={t("disableText")} confirm={t("disable")} onConfirm={() => run("disable")}>
            {t("disable")}
          </ConfirmButton>
        )}
        {state !== "hidden" && (
          <ConfirmButton variant="light" color="red" title={t("deleteTitle", { name })} text={t("deleteText")} confirm={t("delete")} danger onConfirm={() => run("hide")}>
            {t("delete")}
          </ConfirmButton>
        )}
      </Group>
      {dropping && (
        <DropDialog
          name={name}
          keyOf={keyOf}
          onClose={() => setDropping(false)}
          onDrop={async () => {
            await run("drop");
            setDropping(false);
          }}
        />
      )}
    </div>
  );
}

/** Nothing is lost by a slip of the hand: the key has to be typed. */
function DropDialog({ name, keyOf, onClose, onDrop }: { name: string; keyOf: string; onClose: () => void; onDrop: () => Promise<void> }) {
  const { t } = useTranslation("objects");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <Modal opened onClose={onClose} title={t("dropTitle", { name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== keyOf) return;
          setBusy(true);
          void onDrop();
        }}
      >
        <Stack gap="md">
          <Text>{t("dropText")}</Text>
          <TextInput label={t("typeKey", { key: keyOf })} data-autofocus value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.currentTarget.value)} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" color="red.8" disabled={typed !== keyOf} loading={busy}>
              {t("drop")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
