import { Button, Checkbox, Drawer, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ObjectRights } from "~/api/roles";
import frame from "~/objects/objects.module.css";
import { groupsOf, useActWords } from "./acts";
import { FieldRights } from "./FieldRights";
import { EVERY } from "./roleDraft";
import classes from "./roles.module.css";

type Props = {
  /** `*` for every object that has no rights of its own. */
  object: string;
  objectName: string;
  roleName: string;
  acts: readonly string[];
  rights: ObjectRights;
  follows: boolean;
  /** It can only be looked at. */
  fixed?: boolean;
  onActs: (acts: string[], on: boolean) => void;
  onFields: (fields: string[], access: "hidden" | "read" | "write") => void;
  onFollow: () => void;
  onClose: () => void;
};

/** What one role may do with one kind of record, and know of its fields. */
export function RightsDrawer({ object, objectName, roleName, acts, rights, follows, fixed, onActs, onFields, onFollow, onClose }: Props) {
  const { t } = useTranslation("roles");
  const words = useActWords();
  const every = t("every");
  return (
    <Drawer opened position="right" size={600} onClose={onClose} title={t("rightsOf", { object: objectName, role: roleName })}>
      <Stack gap="lg">
        {object === EVERY ? (
          <Text size="sm" c="dimmed">
            {t("everyHint")} {t("fieldsEvery")}
          </Text>
        ) : (
          <div className={classes.follows}>
            <span>{follows ? t("follows", { every, object: objectName }) : t("ownRights")}</span>
            {!follows && !fixed && (
              <Button size="compact-sm" variant="default" onClick={onFollow}>
                {t("followAgain", { every })}
              </Button>
            )}
          </div>
        )}
        <section>
          <h3 className={classes.part}>{t("may")}</h3>
          <div className={classes.actGroups}>
            {groupsOf(acts).map((group) => (
              <fieldset key={group.key} className={classes.actGroup}>
                <legend>{words.group(group.key)}</legend>
                {group.acts.map((act) => (
                  <Checkbox key={act} size="sm" disabled={fixed} label={words.name(act)} description={words.hint(act)} checked={rights.acts.includes(act)} onChange={(event) => onActs([act], event.currentTarget.checked)} />
                ))}
              </fieldset>
            ))}
          </div>
        </section>
        {object !== EVERY && <FieldRights object={object} rights={rights} fixed={fixed} onFields={onFields} />}
        <div className={frame.foot}>
          <Button onClick={onClose}>{t("done")}</Button>
        </div>
      </Stack>
    </Drawer>
  );
}
