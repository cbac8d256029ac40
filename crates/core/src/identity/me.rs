//! The signed-in person: what the screens must know of him.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::organisation::LANGUAGES;
use model::role::Act;
use model::{Value, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::save::{Change, Deed, save_as_system};
use crate::{Ctx, Result, events};

/// `PATCH /me`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    pub language: Option<String>,
    pub time_zone: Option<String>,
}

/// Who one is, what one may do.
pub fn me(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let acts: BTreeMap<&str, Vec<&str>> = cx
        .meta
        .order
        .iter()
        .filter(|key| cx.who.rights.may(Act::Read, key))
        .map(|key| (key.as_str(), cx.who.rights.acts(key).iter().map(|act| act.key()).collect()))
        .collect();
    let roles: Vec<Json> = cx.who.rights.roles().iter().map(|role| json!({"key": role.key, "name": role.name})).collect();
    Ok(json!({
        "person": {"id": cx.who.id.to_string(), "name": cx.who.name, "email": cx.who.email},
        "roles": roles,
        "acts": acts,
        "admin": cx.is_administrator(),
        "reads_audit": cx.who.rights.reads_audit,
        "language": cx.who.language,
        "time_zone": cx.who.time_zone,
        "csrf_token": cx.csrf,
        "organisation": cx.meta.organisation,
        "meta_version": cx.meta.version,
        "must_enrol": cx.proof.must_enrol,
        "scopes": cx.proof.scopes.as_ref().map(|scopes| scopes.words()),
        "stream_position": events::position(tx)?.to_string(),
    }))
}

/// Changes one's own language and time zone.
pub fn update_me(cx: &Ctx, tx: &mut Write, wanted: &UpdateMe) -> Result<()> {
    cx.at_large()?;
    let mut change = Change::new("employee", Deed::Edit);
    change.id = Some(cx.who.id);
    if let Some(language) = &wanted.language {
        if !LANGUAGES.contains(&language.as_str()) {
            return Err(Violation::new("field.not_an_option", "language").with("options", LANGUAGES.to_vec()).into());
        }
        change.patch.insert("language".into(), language.as_str().into());
    }
    if let Some(zone) = &wanted.time_zone {
        crate::organisation::check_time_zone(zone)?;
        change.patch.insert("time_zone".into(), Value::from(zone.as_str()));
    }
    save_as_system(cx, tx, "a person may choose his own language and time zone", change)?;
    Ok(())
}
