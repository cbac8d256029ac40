import { Alert, Button, Group, Modal, Stack, Text, Textarea, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { NoRoom } from "~/holding/NoRoom";
import { noRoomOfError } from "~/holding/refusal";

type Props = Omit<ButtonProps, "onClick"> & {
  title: string;
  /** What will happen, in a sentence. */
  text?: ReactNode;
  /** The word on the button that does it. */
  confirm: string;
  danger?: boolean;
  /** Ask for a reason and hand it over. */
  withReason?: boolean;
  onConfirm: (reason: string) => Promise<unknown>;
  children: ReactNode;
};

/** A button whose act is asked about first; a refusal is shown in the question. */
export function ConfirmButton({ title, text, confirm, danger, withReason, onConfirm, children, ...button }: Props) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button {...button} onClick={open}>
        {children}
      </Button>
      <ConfirmDialog opened={opened} onClose={close} title={title} text={text} confirm={confirm} danger={danger} withReason={withReason} onConfirm={onConfirm} />
    </>
  );
}

/** The question itself, for acts that start from a menu. */
export function ConfirmDialog({
  opened, onClose, title, text, confirm, danger, withReason, onConfirm,
}: Pick<Props, "title" | "text" | "confirm" | "danger" | "withReason" | "onConfirm"> & { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("ui");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const close = () => {
    setError(undefined);
    setReason("");
    onClose();
  };
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm(reason.trim());
      close();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Stack gap="md">
          {text && <Text size="md">{text}</Text>}
          {withReason && <Textarea label={t("reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} data-autofocus />}
          <NoRoom violations={error instanceof ApiProblem ? error.violations : undefined} />
          {error !== undefined && !noRoomOfError(error) && (
            <Alert color="red" variant="light" role="alert">
              {messageOf(error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              {t("cancel")}
            </Button>
            <Button type="submit" color={danger ? "red.8" : undefined} loading={busy}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
