//! Signing in, roles, settings.

use serde_json::json;
use stagecraft_core::identity::{self, SetUp};
use stagecraft_core::{Credential, Error, House, Limits};
use testkit::both;

use crate::office::{Office, refusals};

fn set_up(house: &House) -> stagecraft_core::Result<identity::SignedIn> {
    let wanted: SetUp = serde_json::from_value(json!({
        "organisation": "Wind & Sons", "main_currency": "EUR", "time_zone": "Europe/Berlin", "language": "en",
        "name": "Ada", "email": "Ada@Wind.example", "password": "correct horse",
    }))
    .unwrap();
    identity::set_up(house, Limits::default(), &wanted, &model::Via::Screen.into())
}

#[test]
fn the_first_becomes_administrator_and_there_is_no_second_first() {
    both(|database| {
        let house = House::open(database.db().clone()).unwrap();
        let session = set_up(&house).unwrap();
        assert!(matches!(set_up(&house), Err(Error::AlreadySetUp)));
        let credential = Credential::Session { token: session.token.clone(), csrf: None };
        let me = house.read(&credential, Limits::default(), identity::me).unwrap();
        assert_eq!((me["admin"].as_bool(), me["organisation"]["main_currency"].as_str()), (Some(true), Some("EUR")));
        // A session reads without the token of its forms, and does not write.
        let written = house.write(&credential, Limits::default(), model::Via::Screen, |_, _| Ok(()));
        assert!(matches!(written, Err(Error::Unauthenticated("auth.csrf"))));
        identity::sign_out(&house, Limits::default(), &session.token, &model::Via::Screen.into()).unwrap();
        assert!(matches!(house.read(&credential, Limits::default(), |_, _| Ok(())), Err(Error::Unauthenticated("auth.required"))));
    });
}

#[test]
fn a_wrong_password_and_an_unknown_person_answer_the_same_and_many_failures_rest_the_account() {
    both(|database| {
        let house = House::open(database.db().clone()).unwrap();
        set_up(&house).unwrap();
        let sign_in =
            |email: &str, password: &str| identity::sign_in(&house, Limits::default(), email, password, &model::Via::Screen.into());
        assert!(matches!(sign_in("nobody@wind.example", "correct horse"), Err(Error::Unauthenticated("auth.wrong_password"))));
        assert!(sign_in("ada@wind.example", "correct horse").is_ok(), "an address is the same in any case");
        for _ in 0..8 {
            assert!(matches!(sign_in("ada@wind.example", "wrong"), Err(Error::Unauthenticated("auth.wrong_password"))));
        }
        assert!(matches!(sign_in("ada@wind.example", "correct horse"), Err(Error::TooMany { .. })));
        database.advance(301);
        assert!(sign_in("ada@wind.example", "correct horse").is_ok());
    });
}

#[test]
fn tokens_act_as_their_person_until_they_end() {
    both(|database| {
        let office = Office::new(database);
        let wanted = serde_json::from_value(json!({"name": "CI", "expires_at": "2999-01-01T00:00:00Z"})).unwrap();
        let made = office.write(office.kim, |cx, tx| identity::create_token(cx, tx, &wanted)).unwrap();
        let token = Credential::Token(made["token"].as_str().unwrap().to_owned());
        let name = |credential: &Credential| office.house.read(credential, Limits::default(), |cx, _| Ok(cx.who.name.clone()));
        assert_eq!(name(&token).unwrap(), "Kim");
        let id = made["id"].as_str().unwrap().parse().unwrap();
        assert!(matches!(office.write(office.lee, |cx, tx| identity::revoke_token(cx, tx, id)), Err(Error::NotFound)));
        // One who no longer works here is let in by nothing.
        office.edits(office.ada, "employee", office.kim, json!({"active": false})).unwrap();
        assert!(matches!(name(&token), Err(Error::Unauthenticated("auth.required"))));
    });
}

#[test]
fn roles_are_given_by_administrators_and_the_last_one_stays() {
    both(|database| {
        let office = Office::new(database);
        assert!(matches!(
            office.edits(office.kim, "employee", office.kim, json!({"roles": ["administrator"]})),
            Err(Error::Forbidden { .. } | Error::Invalid(_))
        ));
        assert_eq!(
            refusals(office.edits(office.ada, "employee", office.ada, json!({"roles": ["salesperson"]}))),
            ["people.last_administrator:roles"]
        );
        assert_eq!(
            refusals(office.edits(office.ada, "employee", office.ada, json!({"active": false}))),
            ["people.last_administrator:roles"]
        );
        office.edits(office.ada, "employee", office.mona, json!({"roles": ["sales_manager", "administrator"]})).unwrap();
        office.edits(office.ada, "employee", office.ada, json!({"roles": ["salesperson"]})).unwrap();
    });
}
