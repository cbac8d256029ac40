//! Signing in by browser.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::office::{Answer, Office, both, one};
use testkit::Database;

fn cookie(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

fn log_in(office: &Office, email: &str, password: &str) -> Answer {
    office.asks("POST", "/api/v1/auth/login", &[], Some(&json!({"email": email, "password": password})))
}

#[test]
fn a_session_begins_with_a_password_and_ends_with_signing_out() {
    both(|office| {
        office.give_password("kim", "correct horse");
        let welcome = log_in(office, "kim@example.com", "correct horse").is_ok();
        let set = welcome.headers["set-cookie"].to_str().unwrap();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
        let (cookie, csrf) = (cookie(&welcome), welcome.body["csrf_token"].as_str().unwrap().to_owned());
        assert_eq!(welcome.body["person"]["email"], "kim@example.com");

        office.asks("GET", "/api/v1/me", &[("cookie", &cookie)], None).is_ok();
        let body = json!({"fields": {"name": "By browser"}});
        office.asks("POST", "/api/v1/records/opportunity", &[("cookie", &cookie)], Some(&body)).refused(StatusCode::FORBIDDEN, "auth.csrf");
        let wrong = [("cookie", cookie.as_str()), ("x-csrf-token", "guess")];
        office.asks("POST", "/api/v1/records/opportunity", &wrong, Some(&body)).refused(StatusCode::FORBIDDEN, "auth.csrf");
        let right = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str())];
        office.asks("POST", "/api/v1/records/opportunity", &right, Some(&body)).is(StatusCode::CREATED);

        office.asks("POST", "/api/v1/auth/logout", &[("cookie", &cookie)], None).refused(StatusCode::FORBIDDEN, "auth.csrf");
        let bye = office.asks("POST", "/api/v1/auth/logout", &right, None).is(StatusCode::NO_CONTENT);
        assert!(bye.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        office.asks("GET", "/api/v1/me", &[("cookie", &cookie)], None).refused(StatusCode::UNAUTHORIZED, "auth.required");
    });
}

#[test]
fn an_unknown_address_and_a_wrong_password_answer_the_same_and_many_failures_have_to_wait() {
    one(|office| {
        office.give_password("kim", "correct horse");
        let strip = |answer: Answer| {
            let mut body = answer.refused(StatusCode::UNAUTHORIZED, "auth.wrong_password").body;
            body["request_id"] = Json::Null;
            body
        };
        assert_eq!(strip(log_in(office, "kim@example.com", "wrong")), strip(log_in(office, "nobody@example.com", "wrong")));
        let mut last = log_in(office, "kim@example.com", "wrong");
        for _ in 0..25 {
            if last.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            last = log_in(office, "kim@example.com", "wrong");
        }
        let last = last.refused(StatusCode::TOO_MANY_REQUESTS, "auth.too_many");
        assert!(last.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
        log_in(office, "kim@example.com", "correct horse").is(StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    one(|office| {
        office.give_password("kim", "correct horse");
        let (one, other) = (log_in(office, "kim@example.com", "correct horse"), log_in(office, "kim@example.com", "correct horse"));
        let (here, there) = (cookie(&one), cookie(&other));
        let csrf = one.body["csrf_token"].as_str().unwrap();
        let headers = [("cookie", here.as_str()), ("x-csrf-token", csrf)];
        let wrong = json!({"current": "wrong", "new": "battery staple"});
        office.asks("POST", "/api/v1/me/password", &headers, Some(&wrong)).is_invalid(&["auth.wrong_password:current"]);
        let right = json!({"current": "correct horse", "new": "battery staple"});
        office.asks("POST", "/api/v1/me/password", &headers, Some(&right)).is(StatusCode::NO_CONTENT);
        office.asks("GET", "/api/v1/me", &[("cookie", &here)], None).is_ok();
        office.asks("GET", "/api/v1/me", &[("cookie", &there)], None).refused(StatusCode::UNAUTHORIZED, "auth.required");
    });
}

#[test]
fn tokens_are_told_once_and_can_be_revoked() {
    one(|office| {
        let kim = office.kim();
        let made = kim.posts("/me/tokens", &json!({"name": "export"})).is(StatusCode::CREATED);
        let (id, token) = (made.body["id"].as_str().unwrap(), made.body["token"].as_str().unwrap());
        let bearer = format!("Bearer {token}");
        let me = office.asks("GET", "/api/v1/me", &[("authorization", &bearer)], None).is_ok();
        assert_eq!((me.body["person"]["name"].as_str(), &me.body["csrf_token"]), (Some("Kim Park"), &Json::Null));
        let list = kim.gets("/me/tokens").is_ok();
        assert!(!list.text.contains(token));
        office.lee().asks(axum::http::Method::DELETE, &format!("/me/tokens/{id}"), &[], None).is_not_found();
        kim.asks(axum::http::Method::DELETE, &format!("/me/tokens/{id}"), &[], None).is(StatusCode::NO_CONTENT);
        office.asks("GET", "/api/v1/me", &[("authorization", &bearer)], None).refused(StatusCode::UNAUTHORIZED, "auth.required");
    });
}

#[test]
fn whoever_comes_first_sets_up_and_nobody_after() {
    testkit::both(|database: &Database| {
        let office = Office::on(database);
        let state = office.asks("GET", "/api/v1/setup", &[], None).is_ok();
        assert_eq!(state.body["needs_setup"], true);
        let wanted = json!({"organisation": "Northwind", "main_currency": "EUR", "time_zone": "Europe/Berlin", "language": "en",
            "name": "First", "email": "first@example.com", "password": "correct horse"});
        let first = office.asks("POST", "/api/v1/setup", &[], Some(&wanted)).is_ok();
        assert_eq!((&first.body["admin"], first.body["organisation"]["main_currency"].as_str()), (&json!(true), Some("EUR")));
        office.asks("POST", "/api/v1/setup", &[], Some(&wanted)).refused(StatusCode::CONFLICT, "setup.done");
        assert_eq!(office.asks("GET", "/api/v1/setup", &[], None).body["needs_setup"], false);
    });
}
