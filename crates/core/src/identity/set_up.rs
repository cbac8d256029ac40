//! The first set-up: while there is nobody who could sign in, whoever comes first becomes the administrator.

use db::{Limits, Read};
use model::Value;
use model::organisation::Organisation;
use sea_query::{Expr, Query};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::session::{How, SignedIn, begin};
use super::settings::Passwords;
use super::{hash_password, judge_password};
use crate::audit::Origin;
use crate::records::read_fields;
use crate::save::{Change, Deed, save};
use crate::{Credential, Ctx, Error, House, Result, organisation};

/// `POST /setup`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    pub organisation: String,
    pub main_currency: String,
    pub time_zone: String,
    pub language: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// What the sign-in page must know before anybody is signed in.
pub fn setup_state(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let someone = someone_may_sign_in(tx)?;
    let demo = crate::demo::people(cx, tx)?;
    Ok(json!({
        "needs_setup": !someone,
        "demo": !demo.is_empty(),
        "demo_people": demo,
        "organisation": cx.meta.organisation.name,
        "language": cx.meta.organisation.language,
        "languages": model::organisation::LANGUAGES,
        "passwords": cx.meta.sign_in.passwords.allowed,
        "provider": cx.meta.sign_in.active_provider().map(|provider| json!({"button": provider.button})),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

fn someone_may_sign_in(tx: &mut Read) -> Result<bool> {
    Ok(tx.optional(Query::select().expr_as(Expr::val(1_i64), "one").from("credential").limit(1))?.is_some())
}

/// Sets up an empty installation and signs its administrator in.
pub fn set_up(house: &House, limits: Limits, wanted: &SetUp, origin: &Origin) -> Result<SignedIn> {
    let found = judge_password(&Passwords::default(), &wanted.password, &wanted.name, &wanted.email, "password");
    if !found.is_empty() {
        return Err(found.into());
    }
    let hash = hash_password(&wanted.password)?;
    house.write(&Credential::System("first set-up"), limits, origin, |cx, tx| {
        // Two people may come first at once: the later one waits here and finds it done.
        tx.lock(&["set_up".to_owned()])?;
        if someone_may_sign_in(tx)? {
            return Err(Error::AlreadySetUp);
        }
        let settings = Organisation {
            name: wanted.organisation.trim().to_owned(),
            main_currency: wanted.main_currency.parse().map_err(|()| Error::invalid("field.invalid", "main_currency"))?,
            time_zone: wanted.time_zone.clone(),
            language: wanted.language.clone(),
            ..Organisation::default()
        };
        organisation::put(cx, tx, &settings)?;
        let mut person = Change::new("employee", Deed::Create);
        let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
        let typed = json!({"name": wanted.name, "email": wanted.email});
        person.patch = read_fields(cx, employee, typed.as_object().unwrap_or(&Map::new()))?;
        // A person without an address could not sign in again.
        if person.patch.get("email").is_none_or(Value::is_null) {
            return Err(Error::invalid("field.required", "email"));
        }
        person.patch.insert("active".into(), true.into());
        person.patch.insert("language".into(), wanted.language.as_str().into());
        person.patch.insert("roles".into(), Value::Keys(vec!["administrator".into()]));
        let saved = save(cx, tx, person)?;
        super::set_password_of(cx, tx, saved.record.id, &hash)?;
        begin(cx, tx, saved.record.id, How::Password, origin)
    })
}
