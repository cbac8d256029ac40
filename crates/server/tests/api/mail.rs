//! How e-mail leaves the house, and what is on its way.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};
use stagecraft_core::mail::{self, Letterhead, Outcome, Own, Security, Settings};

use crate::office::{Office, both, one};

fn settings() -> Json {
    json!({
        "host": "mail.example.com", "port": 2525, "security": "starttls", "user": "crm", "password": "a secret of ours",
        "sender_name": "Sales", "sender_address": "crm@example.com",
    })
}

/// Kim is told something by e-mail.
fn kim_is_given_a_deal(office: &Office) {
    let every = json!({"kinds": [{"kind": "assigned", "in_app": true, "email": "at_once"}], "digest_at": "08:00", "digest_days": []});
    office.kim().puts("/me/notification-preferences", &every).is_ok();
    let deal = office.mona().opens_a_deal(&json!({"name": "Rail"}));
    office.mona().posts(&format!("{}/change-owner", deal.path()), &json!({"owner": office.kim().id.to_string()})).is_ok();
}

#[test]
fn settings_are_saved_whole_and_the_password_is_never_shown() {
    both(|office| {
        let ada = office.ada();
        let empty = ada.gets("/organisation/mail").is_ok();
        assert_eq!((&empty.body["configured"], &empty.body["version"]), (&json!(false), &json!(0)));
        ada.posts("/organisation/mail/test", &json!({})).is_invalid(&["mail.not_configured"]);
        let saved = ada.puts("/organisation/mail", &settings()).is_ok();
        assert_eq!((&saved.body["has_password"], &saved.body["port"]), (&json!(true), &json!(2525)));
        for text in [&saved.text, &ada.gets("/organisation/mail").text, &ada.gets("/audit?kind=mail_settings").text] {
            assert!(!text.contains("a secret of ours"), "{text}");
        }
        assert_eq!(office.kim().gets("/me/notification-preferences").body["email_available"], true);
        // It stays with its server, and is not carried to another.
        let mut other = settings();
        other.as_object_mut().unwrap().remove("password");
        other["sender_name"] = json!("Vertrieb");
        assert_eq!(ada.puts("/organisation/mail", &other).is_ok().body["has_password"], true);
        other["host"] = json!("mail.evil.example");
        assert_eq!(ada.puts("/organisation/mail", &other).is_ok().body["has_password"], false);
        let stale = ada.asks(Method::PUT, "/organisation/mail", &[("if-match", "\"v1\"")], Some(&settings()));
        stale.refused(StatusCode::CONFLICT, "record.version_conflict");
        assert_eq!(ada.puts("/organisation/mail", &json!({})).is_ok().body["configured"], false);
        office.kim().gets("/organisation/mail").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn what_is_wrong_with_settings_is_said_at_once() {
    one(|office| {
        let ada = office.ada();
        let wrong =
            json!({"host": "mail.example.com\r\nRCPT", "port": 0, "sender_address": "crm@example.com\nBcc: x@y", "sender_name": "a\nb"});
        ada.puts("/organisation/mail", &wrong).is_invalid(&[
            "field.invalid:host",
            "field.invalid:sender_address",
            "field.too_long:sender_name",
            "field.out_of_range:port",
        ]);
        let mut clear = settings();
        clear["security"] = json!("none");
        ada.puts("/organisation/mail", &clear).is_invalid(&["mail.password_in_clear:security"]);
        clear["host"] = json!("localhost");
        ada.puts("/organisation/mail", &clear).is_ok();
    });
}

#[test]
fn what_the_servers_configuration_says_nobody_changes_on_screen() {
    one(|office| {
        let settings = Settings {
            host: "mail.example.com".into(),
            port: 25,
            security: Security::Tls,
            user: None,
            sender_name: String::new(),
            sender_address: "crm@example.com".into(),
        };
        office.house.send_mail_by(Own { settings, password: None }).unwrap();
        let ada = office.ada();
        let shown = ada.gets("/organisation/mail").is_ok().body;
        assert_eq!((&shown["fixed"], &shown["host"], &shown["has_password"]), (&json!(true), &json!("mail.example.com"), &json!(false)));
        ada.puts("/organisation/mail", &self::settings()).is_invalid(&["mail.fixed"]);
        // Also when the definitions have changed since.
        ada.patches("/organisation", &json!({"name": "Renamed"})).is_ok();
        assert_eq!(ada.gets("/organisation/mail").body["fixed"], true);
    });
}

#[test]
fn an_email_is_written_with_its_notice_claimed_once_and_tried_again() {
    both(|office| {
        let ada = office.ada();
        kim_is_given_a_deal(office);
        assert_eq!(ada.gets("/mail").is_ok().body["items"], json!([]), "none is sent from here yet");
        ada.puts("/organisation/mail", &settings()).is_ok();
        kim_is_given_a_deal(office);
        let list = ada.gets("/mail?state=waiting").is_ok().body;
        let item = &list["items"][0];
        assert_eq!((list["items"].as_array().unwrap().len(), &list["counts"]["waiting"]), (1, &json!(1)));
        assert!(item["message_id"].as_str().unwrap().ends_with("@example.com>"), "{item}");
        ada.posts(&format!("/mail/{}/retry", item["id"].as_str().unwrap()), &json!({})).is_invalid(&["mail.not_failed"]);

        let (lease, claimed) = mail::claim(&office.house, 10).unwrap();
        assert_eq!((claimed.len(), mail::claim(&office.house, 10).unwrap().1.len()), (1, 0), "it is one server's at a time");
        assert!(mail::next(&office.house, lease, None, Some(claimed[0].id)).unwrap());
        let system = stagecraft_core::Credential::System("to read a letter");
        let letters = office.house.read(&system, db::Limits::default(), |cx, tx| mail::compose(cx, tx, &claimed)).unwrap();
        let letter = letters[0].as_ref().unwrap();
        assert_eq!((letter.address.as_str(), letter.notices["items"].as_array().unwrap().len()), ("kim@example.com", 1));
        let head = Letterhead { address: "kim@example.com", subject: "Rail" };
        let refused = Outcome::Refused("550 no such person".into());
        mail::next(&office.house, lease, Some((&claimed[0], &head, &refused)), None).unwrap();
        let failed = ada.gets("/mail?state=failed").is_ok().body["items"][0].clone();
        assert_eq!((&failed["message"], &failed["attempts"]), (&json!("550 no such person"), &json!(1)));
        let again = ada.posts(&format!("/mail/{}/retry", failed["id"].as_str().unwrap()), &json!({})).is_ok();
        assert_eq!(again.body["mail"]["state"], "waiting");
        assert_eq!(again.body["mail"]["message_id"], failed["message_id"], "it is the same message");
        office.kim().gets("/mail").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn an_email_does_not_tell_what_its_reader_no_longer_sees() {
    both(|office| {
        office.ada().puts("/organisation/mail", &settings()).is_ok();
        kim_is_given_a_deal(office);
        let deal = office.kim().gets("/records/opportunity").body["items"][0]["id"].as_str().unwrap().to_owned();
        let lee = office.lee().id.to_string();
        office.ada().posts(&format!("/records/opportunity/{deal}/change-owner"), &json!({"owner": lee})).is_ok();
        let (_, claimed) = mail::claim(&office.house, 10).unwrap();
        let system = stagecraft_core::Credential::System("to read a letter");
        let letters = office.house.read(&system, db::Limits::default(), |cx, tx| mail::compose(cx, tx, &claimed)).unwrap();
        assert_eq!(letters.iter().map(|letter| letter.as_ref().err()).collect::<Vec<_>>(), [Some(&"out_of_sight")]);
    });
}
