import { Popover, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconBulb, IconGauge, IconLogout, IconStack2, IconUserCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { useChooseLanguage } from "~/account/useChooseLanguage";
import { useSignOut } from "~/account/useSignOut";
import { useLabel, useLanguage } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import classes from "./AccountMenu.module.css";

/** Who is signed in; profile, colours, language and leaving behind it. */
export function AccountMenu({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation("shell");
  const [opened, setOpened] = useState(false);
  const me = useMe();
  const label = useLabel();
  const language = useLanguage();
  const choose = useChooseLanguage();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  return (
    <Popover position="right-end" width={252} shadow="md" trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <UnstyledButton className={classes.button} onClick={() => setOpened(!opened)}>
          <Avatar name={me.person.name} size={26} />
          <span className="visually-hidden">{narrow ? `${t("account")} ${me.person.name}` : `${t("account")} `}</span>
          {!narrow && (
            <span className={classes.who}>
              <span className={classes.name}>{me.person.name}</span>
              <span className={classes.role}>{me.roles.map((role) => label(role.name)).join(", ")}</span>
            </span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <p className={classes.email}>{me.person.email}</p>
        <Link to="/me" className={classes.item} onClick={() => setOpened(false)}>
          <IconUserCircle size={17} stroke={1.6} />
          {t("profile")}
        </Link>
        <Link to="/holdings" className={classes.item} onClick={() => setOpened(false)}>
          <IconGauge size={17} stroke={1.6} />
          {t("holdings")}
        </Link>
        <Link to="/admin/jobs" search={me.admin ? { mine: true } : {}} className={classes.item} onClick={() => setOpened(false)}>
          <IconStack2 size={17} stroke={1.6} />
          {t("myJobs")}
        </Link>
        <a href={language === "zh-CN" ? "/docs/zh" : "/docs"} target="_blank" rel="noreferrer" className={classes.item} onClick={() => setOpened(false)}>
          <IconBulb size={17} stroke={1.6} />
          {t("help", { ns: "ui" })}
        </a>
        <hr className={classes.rule} />
        <div className={classes.choice}>
          <Text size="xs" c="dimmed" mb={4} id="choice-colours">
            {t("colours")}
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="choice-colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
            data={[
              { value: "light", label: t("light") },
              { value: "dark", label: t("dark") },
              { value: "auto", label: t("auto") },
            ]}
          />
        </div>
        <div className={classes.choice}>
          <Text size="xs" c="dimmed" mb={4} id="choice-language">
            {t("language")}
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="choice-language"
            value={language}
            onChange={(value) => choose(value === "zh-CN" ? "zh-CN" : "en")}
            data={[
              { value: "en", label: "English" },
              { value: "zh-CN", label: "简体中文" },
            ]}
          />
        </div>
        <hr className={classes.rule} />
        <button type="button" className={classes.item} onClick={() => void signOut()}>
          <IconLogout size={17} stroke={1.6} />
          {t("signOut")}
        </button>
      </Popover.Dropdown>
    </Popover>
  );
}
