import { Kbd, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./KeyboardHelp.module.css";
import { PALETTE_KEYS } from "./Navigation";

export function KeyboardHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("shell");
  const rows: [string[], string][] = [
    [[PALETTE_KEYS], t("keyPalette")],
    [["j"], t("keyNext")],
    [["k"], t("keyPrevious")],
    [["↵"], t("keyOpen")],
    [["c"], t("keyCreate")],
    [["e"], t("keyEdit")],
    [["m"], t("keyMove")],
    [["n"], t("keyStageTask")],
    [["x"], t("keySelect")],
    [["F2"], t("keyCell")],
    [["/"], t("keyFilter")],
    [["l"], t("keyCall")],
    [["t"], t("keyTask")],
    [["w"], t("keyComment")],
    [["g", "h"], t("keyHome")],
    [["g", "t"], t("keyTodo")],
    [["g", "o"], t("keyTable")],
    [["g", "b"], t("keyBoard")],
    [["?"], t("keyHelp")],
  ];
  return (
    <Modal opened={opened} onClose={onClose} title={t("keysTitle")} size="sm" closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <dl className={classes.keys}>
        {rows.map(([keys, text]) => (
          <div key={text} className={classes.row}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 && <span className={classes.then}> {t("then")} </span>}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
