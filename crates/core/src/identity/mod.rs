//! Who somebody is: signing in by password, code or provider, browser sessions, personal access tokens, the first set-up.
//!
//! People are records (object `employee`); what lets them in is kept apart and never leaves this room.

mod agent;
mod lock_out;
mod me;
mod password;
mod provider;
mod scopes;
mod second_factor;
mod security;
mod session;
mod set_up;
pub mod settings;
mod sign_in;
mod tokens;
pub mod totp;

use db::Read;
use db::records::{Scope, Viewer};
use model::{Id, Record, Value};

use crate::access::Rights;
use crate::ctx::Who;
use crate::{Error, Meta, Result, people, pools};

pub use me::{UpdateMe, me, update_me};
pub use password::{ChangePassword, change_password, hash_password, judge_password, may_set_password, set_password, set_password_of};
pub use provider::{Word, enter_by_provider};
pub use scopes::Scopes;
pub use second_factor::{
    BeginSecondFactor, ConfirmSecondFactor, ProveSecondFactor, begin_second_factor, confirm_second_factor, disable_second_factor,
    remake_recovery_codes, second_factor,
};
pub use security::{end_session_of, end_sessions_of, reset_second_factor, security, unlink, unlock};
pub use session::{How, Seen, SignedIn, end_other_sessions, end_session, keep_seen, session, sessions, sign_out};
pub use set_up::{SetUp, set_up, setup_state};
pub use settings::{UpdateSignIn, allow_passwords, client_secret, sign_in_settings, update_sign_in};
pub use sign_in::{Entered, Pending, sign_in, sign_in_by_code};
pub use tokens::{CreateToken, create_token, revoke_token, token, tokens};

/// The product itself.
pub fn system(meta: &Meta, why: &'static str) -> Who {
    Who {
        id: Id::SYSTEM,
        name: "Stagecraft".to_owned(),
        email: String::new(),
        department: None,
        language: meta.organisation.language.clone(),
        time_zone: meta.organisation.time_zone.clone(),
        rights: Rights::everything(),
        viewer: Viewer { id: Id::SYSTEM, principals: vec![Id::SYSTEM], sees_all: true, people: 0, veils: std::sync::Arc::default() },
        system: Some(why),
    }
}

/// The person of an id with his roles; one who is no longer active is as good as unknown.
pub fn load_who(tx: &mut Read, meta: &Meta, id: Id) -> Result<Who> {
    let employee = meta.schema.object("employee").ok_or(Error::Unauthenticated("auth.required"))?;
    let found = db::records::load(tx, &meta.schema, employee, &Scope::All("to know who asks"), &[id])?;
    let person = found.into_iter().next().filter(is_active).ok_or(Error::Unauthenticated("auth.required"))?;
    who_of(tx, meta, &person)
}

/// What a person's roles let him do.
pub(crate) fn rights_of(meta: &Meta, person: &Record) -> Rights {
    let keys: &[String] = match person.get("roles") {
        Value::Keys(keys) => keys,
        _ => &[],
    };
    Rights::of(keys.iter().filter_map(|key| meta.role(key)).cloned().collect(), meta.sources.clone())
}

/// What a person is as a caller, whether or not he still works here.
pub(crate) fn who_of(tx: &mut Read, meta: &Meta, person: &Record) -> Result<Who> {
    let id = person.id;
    let rights = rights_of(meta, person);
    let department = person.reference("department");
    let principals = people::principals(meta, person, &rights);
    let veils = pools::veils(meta, &principals, &rights);
    let rights = rights.without(pools::untold(meta, &veils));
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    Ok(Who {
        id,
        name: person.text("name").to_owned(),
        email: person.text("email").to_owned(),
        department,
        language: or(person.text("language"), &meta.organisation.language),
        time_zone: or(person.text("time_zone"), &meta.organisation.time_zone),
        viewer: Viewer {
            id,
            veils: std::sync::Arc::new(veils),
            principals,
            sees_all: rights.see_all,
            people: db::access::people_seen_by(tx, id)?,
        },
        rights,
        system: None,
    })
}

/// What a person is called, for the trace.
pub(crate) fn name_of(cx: &crate::Ctx, tx: &mut Read, person: Id) -> Result<String> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = db::records::names(tx, &cx.meta.schema, employee, &Scope::All("to name somebody in the trace"), &[person])?;
    Ok(found.into_iter().next().map(|(_, name)| name).unwrap_or_default())
}

/// Works here and is not voided.
pub(crate) fn is_active(person: &Record) -> bool {
    person.get("active").is_true() && person.text("lifecycle_status") != "voided"
}

/// 64 hexadecimal digits that nobody guesses.
pub(crate) fn secret() -> String {
    let bytes: [u8; 32] = rand::random();
    hex(&bytes)
}

/// What is stored of a secret: its SHA-256.
pub(crate) fn digest(secret: &str) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(secret.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// True for a person who works here and has a role that administers.
pub(crate) fn administers(meta: &Meta, person: &Record) -> bool {
    let of_role = |key: &String| meta.role(key).is_some_and(|role| role.administrator);
    matches!(person.get("roles"), Value::Keys(keys) if keys.iter().any(of_role)) && is_active(person)
}

/// Those who work here and have a role that administers.
pub(crate) fn administrators(cx: &crate::Ctx, tx: &mut Read) -> Result<Vec<Id>> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let mut ids = std::collections::BTreeSet::new();
    for role in cx.meta.roles.iter().filter(|role| role.administrator) {
        ids.extend(db::records::all_with_key(tx, employee, "roles", &role.key)?);
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let people = db::records::load(tx, &cx.meta.schema, employee, &Scope::All("to tell administrators"), &ids)?;
    Ok(people.iter().filter(|person| administers(&cx.meta, person)).map(|person| person.id).collect())
}

/// Somebody stays administrator, or nobody could mend anything any more.
pub(crate) fn keep_one_administrator(cx: &crate::Ctx, tx: &mut db::Write, work: &mut [crate::save::Working]) -> Result<()> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    // Two who step down at once meet here.
    tx.lock(&["administrators".to_owned()])?;
    let mut ids = std::collections::BTreeSet::new();
    for role in cx.meta.roles.iter().filter(|role| role.administrator) {
        ids.extend(db::records::all_with_key(tx, employee, "roles", &role.key)?);
    }
    let concerned: Vec<Id> = work.iter().filter(|item| item.error.is_none()).map(|item| item.after.id).collect();
    let others: Vec<Id> = ids.into_iter().filter(|id| !concerned.contains(id)).collect();
    let people = db::records::load(tx, &cx.meta.schema, employee, &Scope::All("to keep one administrator"), &others)?;
    let stay = work.iter().filter(|item| item.error.is_none()).any(|item| administers(&cx.meta, &item.after));
    if !stay && !people.iter().any(|person| administers(&cx.meta, person)) {
        for item in work.iter_mut().filter(|item| item.error.is_none()) {
            item.findings.push(model::Violation::new("people.last_administrator", "roles"));
        }
    }
    Ok(())
}
