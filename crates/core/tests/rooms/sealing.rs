//! Secrets that are sealed with a key outside of the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Id, Via};
use sea_query::Query;
use serde_json::{Value as Json, json};
use stagecraft_core::identity::{self, Entered, totp};
use stagecraft_core::{Credential, House, Limits, mail, webhooks};
use testkit::{Database, both};

use crate::office::Office;

const PASSWORD: &str = "correct horse";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "ffffffffffffffffffffffffffffffff";

/// What stands in the database of the secrets.
fn kept(house: &House) -> Vec<String> {
    let places = [
        ("second_factor", "secret"),
        ("sign_in_settings", "client_secret"),
        ("mail_settings", "password"),
        ("webhook", "secret"),
        ("webhook", "former_secret"),
    ];
    let read = house.read(&Credential::System("a test"), Limits::default(), |_, tx| {
        let mut kept: Vec<String> = Vec::new();
        for (table, column) in places {
            for row in tx.all(Query::select().column(column).from(table))? {
                kept.extend(row.get::<Option<String>>(column)?);
            }
        }
        Ok(kept)
    });
    read.unwrap()
}

/// Signs Kim in, with a code where it is asked for.
fn signs_in(house: &House, secret: Option<&[u8]>) -> Result<Credential, String> {
    let entered =
        identity::sign_in(house, Limits::default(), "kim@example.com", PASSWORD, &Via::Screen.into()).map_err(|e| e.to_string())?;
    let signed_in = match (entered, secret) {
        (Entered::SignedIn(signed_in), _) => signed_in,
        (Entered::CodeNeeded(pending), Some(secret)) => {
            let now = house.read(&Credential::System("the clock"), Limits::default(), |cx, _| Ok(cx.at.0 / 1_000_000)).unwrap();
            let code = totp::code_at(secret, now);
            identity::sign_in_by_code(house, Limits::default(), &pending.token, &code, &Via::Screen.into()).map_err(|e| e.to_string())?
        }
        (Entered::CodeNeeded(_), None) => return Err("a code is asked for".to_owned()),
    };
    Ok(Credential::Session { token: signed_in.token, csrf: Some(signed_in.csrf) })
}

/// Kim has a second factor, and there are a provider and a mail server with secrets.
fn settled(office: &Office, database: &Database) -> Vec<u8> {
    let hash = identity::hash_password(PASSWORD).unwrap();
    office.write(office.ada, |cx, tx| identity::set_password(cx, tx, office.kim, &hash)).unwrap();
    let me = signs_in(&office.house, None).unwrap();
    let begun = identity::begin_second_factor(&office.house, &me, Limits::default(), &Default::default()).unwrap();
    let secret = totp::from_base32(begun["secret"].as_str().unwrap()).unwrap();
    let now = office.read(office.kim, |cx, _| Ok(cx.at.0 / 1_000_000)).unwrap();
    let wanted = serde_json::from_value(json!({"code": totp::code_at(&secret, now)})).unwrap();
    office.house.write(&me, Limits::default(), Via::Screen, |cx, tx| identity::confirm_second_factor(cx, tx, &wanted)).unwrap();
    database.advance(60);
    let provider =
        json!({"provider": {"active": false, "issuer": "https://login.example.com", "client_id": "sc", "client_secret": "client hush"}});
    let provider = serde_json::from_value(provider).unwrap();
    office.write(office.ada, |cx, tx| identity::update_sign_in(cx, tx, None, &provider)).unwrap();
    let wanted: mail::UpdateMail = serde_json::from_value(
        json!({"host": "mail.example.com", "user": "crm", "password": "mail hush", "sender_address": "crm@example.com"}),
    )
    .unwrap();
    office.write(office.ada, |cx, tx| mail::update(cx, tx, None, &wanted)).unwrap();
    secret
}

fn provider_secret(house: &House) -> Result<Option<String>, String> {
    house.read(&Credential::System("a test"), Limits::default(), |_, tx| identity::client_secret(tx)).map_err(|e| e.to_string())
}

fn mail_password(house: &House) -> Result<Option<String>, String> {
    let read = house.read(&Credential::System("a test"), Limits::default(), mail::password);
    read.map(|password| password.map(|password| password.0)).map_err(|e| e.to_string())
}

/// A webhook whose secret was rolled: its id, and what it signs with.
fn hooked(office: &Office) -> (Id, Vec<String>) {
    let id = office.hooks(json!([{"object": "opportunity", "acts": ["create"]}]));
    let first = signs(office, id).remove(0);
    let rolled = office.write(office.ada, |cx, tx| webhooks::roll(cx, tx, id)).unwrap();
    (id, vec![rolled["secret"].as_str().unwrap().to_owned(), first])
}

/// What a delivery of a webhook is signed with.
fn signs(office: &Office, id: Id) -> Vec<String> {
    office.write(office.ada, |cx, tx| webhooks::test(cx, tx, id)).unwrap();
    let sending = webhooks::claim(&office.house, 100, &BTreeMap::new()).unwrap().pop().unwrap();
    let arrived = webhooks::Outcome { status: Some(200), ..webhooks::Outcome::default() };
    webhooks::finish(&office.house, &sending, &arrived, &webhooks::Pace::default()).unwrap();
    sending.secrets
}

/// The same house, started anew.
fn again(database: &Database) -> Arc<House> {
    Arc::new(House::counting(database.again()).unwrap())
}

#[test]
fn what_stood_open_is_sealed_at_the_next_start_and_of_no_use_without_the_key() {
    both(|database| {
        let office = Office::new(database);
        let secret = settled(&office, database);
        let (hook, signing) = hooked(&office);
        let open = kept(&office.house);
        assert_eq!(open.len(), 5);
        assert!(signing.iter().all(|secret| open.contains(secret)), "{open:?}");
        assert!(open.iter().any(|text| text.contains("client hush")) && open.iter().any(|text| text.contains("mail hush")), "{open:?}");
        assert!(!office.house.needs_key().unwrap());

        let house = again(database);
        house.seal_with(KEY).unwrap();
        let sealed = kept(&office.house);
        assert!(sealed.iter().all(|text| text.contains("sealed:1:") && !text.contains("hush")), "{sealed:?}");
        assert!(sealed.iter().all(|text| !text.contains("whsec_")), "{sealed:?}");
        let base32 = totp::base32(&secret);
        assert!(sealed.iter().all(|text| !text.contains(&base32)));
        signs_in(&house, Some(&secret)).unwrap();
        assert_eq!(provider_secret(&house).unwrap().as_deref(), Some("client hush"));
        assert_eq!(mail_password(&house).unwrap().as_deref(), Some("mail hush"));
        let office = Office { house, ..office };
        assert_eq!(signs(&office, hook), signing);
        // Sealing again changes nothing.
        let third = again(database);
        third.seal_with(KEY).unwrap();
        assert_eq!(kept(&office.house), sealed);

        // A copy of the database alone, or with another key.
        let stolen = again(database);
        assert!(stolen.needs_key().unwrap());
        database.advance(60);
        assert!(signs_in(&stolen, Some(&secret)).unwrap_err().contains("sealed"));
        assert!(provider_secret(&stolen).unwrap_err().contains("sealed"));
        let wrong = again(database);
        assert!(wrong.seal_with(OTHER).unwrap_err().to_string().contains("not with this server's key"));
        assert_eq!(kept(&office.house), sealed);
    });
}

#[test]
fn what_is_new_is_sealed_at_once_and_bound_to_its_row() {
    both(|database| {
        let office = Office::new(database);
        office.house.seal_with(KEY).unwrap();
        let secret = settled(&office, database);
        assert!(kept(&office.house).iter().all(|text| text.contains("sealed:1:")), "{:?}", kept(&office.house));
        signs_in(&office.house, Some(&secret)).unwrap();
        // Kept, where nothing is said of it.
        let mut wanted: Json = json!({"host": "mail.example.com", "user": "crm", "sender_address": "other@example.com"});
        let update: mail::UpdateMail = serde_json::from_value(wanted.clone()).unwrap();
        office.write(office.ada, |cx, tx| mail::update(cx, tx, None, &update)).unwrap();
        assert_eq!(mail_password(&office.house).unwrap().as_deref(), Some("mail hush"));
        wanted["password"] = json!("newer");
        let update: mail::UpdateMail = serde_json::from_value(wanted).unwrap();
        office.write(office.ada, |cx, tx| mail::update(cx, tx, None, &update)).unwrap();
        assert_eq!(mail_password(&office.house).unwrap().as_deref(), Some("newer"));
        // Somebody who can write to the database puts his own secret into another's place: it does not open there.
        let copy = |_: &stagecraft_core::Ctx, tx: &mut db::Write| {
            let other: String = tx.one(Query::select().column("client_secret").from("sign_in_settings"))?.get("client_secret")?;
            tx.execute(Query::update().table("mail_settings").value("password", other)).map_err(Into::into)
        };
        office.house.write(&Credential::System("a test"), Limits::default(), Via::System, copy).unwrap();
        assert!(mail_password(&office.house).unwrap_err().contains("sealed"));
    });
}

#[test]
fn what_webhooks_sign_with_is_sealed_and_goes_on_to_sign() {
    both(|database| {
        let office = Office::new(database);
        office.house.seal_with(KEY).unwrap();
        let (hook, signing) = hooked(&office);
        let sealed = kept(&office.house);
        assert!(sealed.len() == 2 && sealed.iter().all(|text| text.starts_with("sealed:1:")), "{sealed:?}");
        assert_eq!(signs(&office, hook), signing);
    });
}

#[test]
fn another_key_takes_the_place_of_the_one_before_wholly_or_not_at_all() {
    both(|database| {
        let office = Office::new(database);
        let secret = settled(&office, database);
        let (hook, signing) = hooked(&office);
        office.house.seal_with(KEY).unwrap();
        let sealed = kept(&office.house);

        // Who was not told the key of before changes nothing, whatever he would seal with.
        assert!(again(database).seal_anew(OTHER).unwrap_err().to_string().contains("not with this server's key"));
        assert_eq!(kept(&office.house), sealed);

        assert_eq!(office.house.seal_anew(OTHER).unwrap(), 5);
        let anew = kept(&office.house);
        assert!(anew.iter().all(|text| text.contains("sealed:1:") && !sealed.contains(text)), "{anew:?}");
        assert!(again(database).seal_with(KEY).unwrap_err().to_string().contains("not with this server's key"));
        let house = again(database);
        house.seal_with(OTHER).unwrap();
        database.advance(60);
        signs_in(&house, Some(&secret)).unwrap();
        assert_eq!(provider_secret(&house).unwrap().as_deref(), Some("client hush"));
        assert_eq!(mail_password(&house).unwrap().as_deref(), Some("mail hush"));
        let office = Office { house, ..office };
        assert_eq!(signs(&office, hook), signing);
        assert_eq!(kept(&office.house), anew);
    });
}
