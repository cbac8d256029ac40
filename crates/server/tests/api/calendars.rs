//! Business calendars over the API.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Person, both};

/// More days than fit into a calendar.
fn many_days() -> Vec<Json> {
    (0..2_001).map(|_| json!({"from": "2026-01-01", "to": "2026-01-01", "kind": "holiday"})).collect()
}

fn saves(ada: Person<'_>, id: &str, version: &str, calendar: &Json) -> crate::office::Answer {
    ada.asks(Method::PUT, &format!("/calendars/{id}"), &[("if-match", version)], Some(calendar))
}

#[test]
fn a_calendar_is_added_once_replaced_by_version_and_removed() {
    both(|office| {
        let ada = office.ada();
        let wanted = json!({"name": "Shift", "week": {"monday": [{"from": "22:00", "to": "24:00"}]}});
        let key = [("idempotency-key", "a-calendar")];
        let made = ada.asks(Method::POST, "/calendars", &key, Some(&wanted)).is(StatusCode::CREATED);
        let again = ada.asks(Method::POST, "/calendars", &key, Some(&wanted)).is(StatusCode::CREATED);
        assert_eq!((&again.body, made.headers["etag"].to_str().unwrap()), (&made.body, "\"v1\""));
        let id = made.body["id"].as_str().unwrap();
        let mut next = made.body.clone();
        next["days"] = ada.posts("/calendars/days", &json!({"text": "2026-12-25, Christmas\nsoon"})).is_ok().body["days"].clone();
        let saved = saves(ada, id, "\"v1\"", &next).is_ok();
        assert_eq!((saved.body["version"].as_i64(), saved.body["days"][0]["name"].as_str()), (Some(2), Some("Christmas")));
        let late = saves(ada, id, "\"v1\"", &next).refused(StatusCode::CONFLICT, "record.version_conflict");
        assert_eq!(late.body["record"], saved.body);
        let asked = json!({"from": "2026-12-21T22:30:00Z", "seconds": 7_200});
        let said = office.kim().posts(&format!("/calendars/{id}/reckon"), &asked).is_ok();
        assert_eq!((&said.body["is_working"], &said.body["at"]), (&json!(true), &json!("2026-12-28T22:30:00.000000Z")));
        office.kim().puts(&format!("/calendars/{id}"), &next).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        ada.asks(Method::DELETE, &format!("/calendars/{id}"), &[], None).is(StatusCode::NO_CONTENT);
        ada.gets(&format!("/calendars/{id}")).is_not_found();
    });
}

#[test]
fn what_stands_against_it_is_told() {
    both(|office| {
        let ada = office.ada();
        let usual = ada.gets("/calendars").is_ok().body["items"][0].clone();
        let path = format!("/calendars/{}", usual["id"].as_str().unwrap());
        ada.asks(Method::DELETE, &path, &[], None).is_invalid(&["calendar.one_must_hold"]);
        let department = ada.gets("/records/department").is_ok().body["items"][0]["id"].clone();
        let other = json!({"name": "Shift", "departments": [department]});
        let other = ada.posts("/calendars", &other).is(StatusCode::CREATED).body["id"].as_str().unwrap().to_owned();
        ada.asks(Method::DELETE, &format!("/calendars/{other}"), &[], None).is_invalid(&["calendar.in_use"]);
        let mut usual = usual;
        usual["departments"] = json!([department]);
        ada.puts(&path, &usual).is_invalid(&["calendar.department_taken"]);
        let span = |from: &str, to: &str| json!({"from": from, "to": to});
        let many: Vec<Json> = (0..13).map(|at| span(&format!("{at}:00"), &format!("{at}:30"))).collect();
        let wrong = json!({"name": "Wrong", "week": {
            "monday": [span("10:00", "09:00")], "tuesday": [span("09:00", "12:00"), span("11:00", "13:00")], "wednesday": many,
        }, "days": [{"from": "2026-01-01", "to": "2026-01-01", "kind": "holiday", "hours": [span("09:00", "10:00")]}]});
        let mut told: Vec<String> = ada.posts("/calendars", &wrong).is(StatusCode::UNPROCESSABLE_ENTITY).body["violations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect();
        told.sort();
        assert_eq!(
            told,
            ["calendar.ends_before_it_begins", "calendar.holiday_with_hours", "calendar.hours_overlap", "calendar.too_many_hours"]
        );
        ada.posts("/calendars", &json!({"name": "Many", "days": many_days()})).is_invalid(&["calendar.too_many_days"]);
    });
}
