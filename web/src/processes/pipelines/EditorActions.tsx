import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconCopy, IconDots, IconPlayerPause, IconPlayerPlay, IconTestPipe, IconTrash, IconTrashX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { activate, deleteProcess, discardDraft, useAfterProcesses, type Process } from "~/api/processes";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { toldOfRefusal } from "~/ui/undoable";
import type { Asked } from "./Editor";
import { EditorState } from "./EditorState";
import { NewPipeline } from "./NewPipeline";
import type { Problem } from "./problems";
import { PublishDialog } from "./PublishDialog";
import type { useDrawing } from "./useDrawing";

type Props = {
  id: string;
  published: Process | null;
  drawing: ReturnType<typeof useDrawing>;
  problems: Problem[];
  editable: boolean;
  onOpen: (asked: Asked) => void;
  onAnew: () => Promise<void>;
};
type Dialog = "publish" | "copy" | "discard" | "delete";

/** How it stands with the draft, and what can be done with it and the process. */
export function EditorActions({ id, published, drawing, problems, editable, onOpen, onAnew }: Props) {
  const { t } = useTranslation("pipelines");
  const navigate = useNavigate();
  const router = useRouter();
  const after = useAfterProcesses();
  const [dialog, setDialog] = useState<Dialog>();
  const { process, state, undo, redo, flush, version, forget } = drawing;
  const isDraft = state.answer !== undefined || state.status !== "saved";
  const close = () => setDialog(undefined);
  const turn = useMutation({
    mutationFn: (active: boolean) => activate(id, active),
    onSuccess: async (_, active) => {
      told(t(active ? "activated" : "deactivated", { name: process.name }));
      await flush();
      await onAnew();
    },
    onError: toldOfRefusal,
  });
  const open = async (next: Dialog) => {
    await flush();
    setDialog(next);
  };
  if (!editable) return <EditorState published={published} drawing={drawing} problems={problems} onOpen={onOpen} />;
  return (
    <Group gap="xs">
      <EditorState published={published} drawing={drawing} problems={problems} onOpen={onOpen} />
      <Group gap={2} wrap="nowrap">
        <ActionIcon aria-label={t("undo")} title={t("undo")} disabled={!undo} bg="transparent" onClick={undo}>
          <IconArrowBackUp size={18} />
        </ActionIcon>
        <ActionIcon aria-label={t("redo")} title={t("redo")} disabled={!redo} bg="transparent" onClick={redo}>
          <IconArrowForwardUp size={18} />
        </ActionIcon>
      </Group>
      <Button variant="default" leftSection={<IconTestPipe size={16} />} onClick={() => void flush().then((kept) => kept && router.history.push(`/admin/pipelines/${id}/try`))}>
        {t("tryOut")}
      </Button>
      <Button disabled={!isDraft || state.status === "conflict"} onClick={() => void open("publish")}>
        {t("publish")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t("more")}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => void open("copy")}>
            {t("copy")}
          </Menu.Item>
          {published && (
            <Menu.Item leftSection={published.active ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />} onClick={() => turn.mutate(!published.active)}>
              {t(published.active ? "deactivate" : "activate")}
            </Menu.Item>
          )}
          {isDraft && (
            <Menu.Item leftSection={<IconTrashX size={16} />} onClick={() => setDialog("discard")}>
              {t("discard")}
            </Menu.Item>
          )}
          {published && (
            <Menu.Item color="var(--danger)" leftSection={<IconTrash size={16} />} onClick={() => setDialog("delete")}>
              {t("delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === "publish" && <PublishDialog id={id} published={published} drawing={drawing} problems={problems} onClose={close} onPublished={onAnew} onOpen={onOpen} />}
      {dialog === "copy" && <NewPipeline from={process} onClose={close} />}
      <ConfirmDialog
        opened={dialog === "discard"}
        onClose={close}
        title={t("discardTitle")}
        text={t(published ? "discardText" : "discardNewText", { version: published?.version })}
        confirm={t("discard")}
        danger
        onConfirm={async () => {
          // What is on its way is waited for, so that the draft is thrown away as it then is.
          await flush();
          if (version() > 0) await discardDraft(id, version());
          forget();
          if (published) await onAnew();
          else {
            after();
            await navigate({ to: "/admin/pipelines" });
          }
        }}
      />
      <ConfirmDialog
        opened={dialog === "delete"}
        onClose={close}
        title={t("deleteTitle", { name: published?.name ?? process.name })}
        text={t("deleteText")}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          await deleteProcess(id);
          forget();
          after();
          told(t("deleted", { name: process.name }));
          await navigate({ to: "/admin/pipelines" });
        }}
      />
    </Group>
  );
}
