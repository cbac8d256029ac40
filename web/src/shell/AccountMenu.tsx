import { Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
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
  const me = useMe();
  const label = useLabel();
  const language = useLanguage();
  const choose = useChooseLanguage();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  return (
    <Menu position="right-end" width={252} closeOnItemClick>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t("account", { name: me.person.name })}>
          <Avatar name={me.person.name} size={26} />
          {!narrow && (
            <span className={classes.who}>
              <span className={classes.name}>{me.person.name}</span>
              <span className={classes.role}>{me.roles.map((role) => label(role.name)).join(", ")}</span>
            </span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.person.email}</Menu.Label>
        <Menu.Item component={Link} to="/me" leftSection={<IconUserCircle size={17} stroke={1.6} />}>
          {t("profile")}
        </Menu.Item>
        <Menu.Divider />
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
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.6} />} onClick={() => signOut()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
