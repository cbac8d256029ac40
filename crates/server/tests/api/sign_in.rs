//! Signing in with a second factor, sessions, settings, tokens with scopes.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};
use stagecraft_core::identity::totp;
use stagecraft_core::{Credential, Limits};

use crate::office::{Answer, Office, both, one};

const PASSWORD: &str = "correct horse";

/// Somebody's browser.
struct Browser<'a> {
    office: &'a Office,
    cookie: String,
    csrf: String,
}

fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

fn log_in(office: &Office, who: &str) -> Answer {
    let agent = [("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")];
    office.asks("POST", "/api/v1/auth/login", &agent, Some(&json!({"email": format!("{who}@example.com"), "password": PASSWORD})))
}

fn browser<'a>(office: &'a Office, welcome: &Answer) -> Browser<'a> {
    Browser { office, cookie: cookies(welcome)[0].clone(), csrf: welcome.body["csrf_token"].as_str().unwrap().to_owned() }
}

impl Browser<'_> {
    fn asks(&self, method: &str, path: &str, body: Option<&Json>) -> Answer {
        let headers = [("cookie", self.cookie.as_str()), ("x-csrf-token", self.csrf.as_str())];
        self.office.asks(method, &format!("/api/v1{path}"), &headers, body)
    }
}

/// Time stands still in the office, and it is the office's that counts.
fn now(office: &Office) -> i64 {
    office.house.read(&Credential::System("the clock"), Limits::default(), |cx, _| Ok(cx.at.0 / 1_000_000)).unwrap()
}

/// Sets up a second factor; its secret, the step of the code that confirmed it, the recovery codes.
fn enrols(browser: &Browser<'_>, seconds: i64) -> (Vec<u8>, Vec<Json>) {
    let begun = browser.asks("POST", "/me/second-factor", Some(&json!({}))).is_ok();
    assert!(begun.body["uri"].as_str().unwrap().starts_with("otpauth://totp/"), "{}", begun.body);
    let secret = totp::from_base32(begun.body["secret"].as_str().unwrap()).unwrap();
    browser.asks("POST", "/me/second-factor/confirm", Some(&json!({"code": "no"}))).is_invalid(&["second_factor.wrong_code:code"]);
    let made = browser.asks("POST", "/me/second-factor/confirm", Some(&json!({"code": totp::code_at(&secret, seconds)}))).is_ok();
    browser.asks("POST", "/me/second-factor", Some(&json!({}))).is_invalid(&["second_factor.on_already"]);
    (secret, made.body["recovery_codes"].as_array().unwrap().clone())
}

#[test]
fn with_a_second_factor_one_signs_in_by_password_and_code() {
    both(|office| {
        office.give_password("kim", PASSWORD);
        let first = browser(office, &log_in(office, "kim").is_ok());
        first
            .asks("POST", "/me/second-factor/recovery-codes", Some(&json!({"password": PASSWORD})))
            .is_invalid(&["second_factor.not_begun"]);
        // The clock of a code may be off by a step: the one of just before confirms, so that the present one is left for signing in.
        let (secret, recovery) = enrols(&first, now(office) - 30);
        let state = first.asks("GET", "/me/second-factor", None).is_ok();
        assert_eq!((&state.body["on"], &state.body["recovery_codes_left"]), (&json!(true), &json!(10)));

        let half = log_in(office, "kim").is(StatusCode::ACCEPTED);
        assert_eq!(half.body, json!({"code_needed": true, "expires_in": 300}));
        let pending = cookies(&half)[0].clone();
        assert!(pending.starts_with("stagecraft_pending="));
        let set = half.headers["set-cookie"].to_str().unwrap();
        assert!(set.contains("HttpOnly") && set.contains("Path=/api/v1/auth"), "{set}");
        // Half a sign-in is none.
        office.asks("GET", "/api/v1/me", &[("cookie", &pending)], None).refused(StatusCode::UNAUTHORIZED, "auth.required");
        let step = |pending: &str, code: &Json| {
            office.asks("POST", "/api/v1/auth/second-factor", &[("cookie", pending)], Some(&json!({"code": code})))
        };
        office
            .asks("POST", "/api/v1/auth/second-factor", &[], Some(&json!({"code": "1"})))
            .refused(StatusCode::UNAUTHORIZED, "auth.sign_in_expired");
        step(&pending, &json!("12345")).refused(StatusCode::UNAUTHORIZED, "auth.wrong_code");
        let welcome = step(&pending, &json!(totp::code_at(&secret, now(office)))).is_ok();
        assert_eq!(welcome.body["person"]["email"], "kim@example.com");
        assert!(cookies(&welcome).contains(&"stagecraft_pending=".to_owned()));
        step(&pending, &recovery[0]).refused(StatusCode::UNAUTHORIZED, "auth.sign_in_expired");

        // A recovery code once, and not twice.
        let half = log_in(office, "kim").is(StatusCode::ACCEPTED);
        let by_recovery = browser(office, &step(&cookies(&half)[0], &recovery[0]).is_ok());
        let half = log_in(office, "kim").is(StatusCode::ACCEPTED);
        step(&cookies(&half)[0], &recovery[0]).refused(StatusCode::UNAUTHORIZED, "auth.wrong_code");
        let list = by_recovery.asks("GET", "/me/sessions", None).is_ok();
        let how: Vec<&str> = list.body["items"].as_array().unwrap().iter().filter_map(|item| item["how"].as_str()).collect();
        assert_eq!(how.len(), 3);
        assert!(["recovery_code", "second_factor", "password"].iter().all(|wanted| how.contains(wanted)), "{how:?}");

        first.asks("POST", "/me/second-factor/disable", Some(&json!({"password": "wrong"}))).is_invalid(&["auth.wrong_password:password"]);
        first.asks("POST", "/me/second-factor/disable", Some(&json!({"code": recovery[1]}))).is(StatusCode::NO_CONTENT);
        log_in(office, "kim").is_ok();
    });
}

#[test]
fn sessions_are_seen_and_ended_by_oneself_and_by_administrators() {
    both(|office| {
        office.give_password("kim", PASSWORD);
        office.give_password("ada", PASSWORD);
        let (here, there) = (browser(office, &log_in(office, "kim").is_ok()), browser(office, &log_in(office, "kim").is_ok()));
        let list = here.asks("GET", "/me/sessions", None).is_ok().body["items"].clone();
        assert_eq!(list.as_array().unwrap().len(), 2);
        assert_eq!(
            (&list[0]["browser"], &list[0]["system"], &list[0]["address"]),
            (&json!("Firefox"), &json!("Linux"), &json!("127.0.0.1"))
        );
        let other = list.as_array().unwrap().iter().find(|item| item["this"] == false).unwrap()["id"].as_str().unwrap().to_owned();
        here.asks("DELETE", &format!("/me/sessions/{other}"), None).is(StatusCode::NO_CONTENT);
        here.asks("DELETE", &format!("/me/sessions/{other}"), None).is_not_found();
        there.asks("GET", "/me", None).refused(StatusCode::UNAUTHORIZED, "auth.required");
        here.asks("GET", "/me", None).is_ok();

        let kim = office.kim().id.to_string();
        let ada = office.ada();
        let security = ada.gets(&format!("/people/{kim}/security")).is_ok();
        assert_eq!((security.body["sessions"].as_array().unwrap().len(), &security.body["has_password"]), (1, &json!(true)));
        office.mona().gets(&format!("/people/{kim}/security")).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        ada.gets(&format!("/people/{}/security", office.kim().opens_a_deal(&json!({})).id)).is_not_found();
        let id = security.body["sessions"][0]["id"].as_str().unwrap();
        let lee = office.lee().id;
        ada.asks(Method::DELETE, &format!("/people/{lee}/sessions/{id}"), &[], None).is_not_found();
        ada.asks(Method::DELETE, &format!("/people/{kim}/sessions/{id}"), &[], None).is(StatusCode::NO_CONTENT);
        here.asks("GET", "/me", None).refused(StatusCode::UNAUTHORIZED, "auth.required");
        let again = browser(office, &log_in(office, "kim").is_ok());
        ada.asks(Method::DELETE, &format!("/people/{kim}/sessions"), &[], None).is(StatusCode::NO_CONTENT);
        again.asks("GET", "/me", None).refused(StatusCode::UNAUTHORIZED, "auth.required");
    });
}

#[test]
fn administrators_settle_how_one_signs_in() {
    one(|office| {
        let ada = office.ada();
        let before = ada.gets("/sign-in-settings").is_ok().body;
        assert_eq!(before["passwords"], json!({"allowed": true, "min_length": 10, "refuse_guessable": true}));
        office.mona().gets("/sign-in-settings").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let wanted =
            json!({"passwords": {"allowed": true, "min_length": 14, "refuse_guessable": true}, "lock_out": {"after": 3, "minutes": 2}});
        let version = format!("\"{}\"", before["version"]);
        let after = ada.asks(Method::PATCH, "/sign-in-settings", &[("if-match", &version)], Some(&wanted)).is_ok();
        let late = ada.asks(Method::PATCH, "/sign-in-settings", &[("if-match", &version)], Some(&wanted));
        let late = late.refused(StatusCode::CONFLICT, "record.version_conflict");
        assert_eq!(late.body["record"]["lock_out"], after.body["lock_out"]);
        ada.patches("/sign-in-settings", &json!({"lock_out": {"after": 1, "minutes": 0}}))
            .is_invalid(&["field.out_of_range:lock_out.after", "field.out_of_range:lock_out.minutes"]);
        ada.patches("/sign-in-settings", &json!({"pasword": {}})).is_invalid(&["field.unknown:pasword"]);
        ada.patches("/sign-in-settings", &json!({"provider": {"active": true, "issuer": "http://login.example.com", "client_id": "", "client_secret": "x", "make_people": true}}))
            .is_invalid(&["field.required:provider.client_id", "field.invalid:provider.issuer", "field.required:provider.role"]);
        ada.patches("/sign-in-settings", &json!({"passwords": {"allowed": false, "min_length": 14, "refuse_guessable": true}}))
            .is_invalid(&["sign_in.no_provider:passwords.allowed"]);

        let kim = office.kim().id;
        let set = |password: &str| ada.posts(&format!("/people/{kim}/password"), &json!({"password": password}));
        set("thirteen char").is_invalid(&["field.too_short:password"]);
        set("passwordpassword").is_invalid(&["password.common:password"]);
        set("i am kim parkland").is(StatusCode::UNPROCESSABLE_ENTITY);
        set("a long and quiet evening").is(StatusCode::NO_CONTENT);
        let log_in = |password: &str| {
            office.asks("POST", "/api/v1/auth/login", &[], Some(&json!({"email": "kim@example.com", "password": password})))
        };
        for _ in 0..3 {
            log_in("wrong").refused(StatusCode::UNAUTHORIZED, "auth.wrong_password");
        }
        let rest = log_in("a long and quiet evening").refused(StatusCode::TOO_MANY_REQUESTS, "auth.too_many");
        let seconds: u64 = rest.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((100..=121).contains(&seconds), "{seconds}");
        let security = ada.gets(&format!("/people/{kim}/security")).is_ok();
        assert!(security.body["locked_for_seconds"].as_i64().unwrap() > 100);
        ada.posts(&format!("/people/{kim}/unlock"), &json!({})).is(StatusCode::NO_CONTENT);
        let welcome = log_in("a long and quiet evening").is_ok();

        let unknown = json!({"name": "x", "scopes": ["opportunty:read"]});
        office.kim().posts("/me/tokens", &unknown).is_invalid(&["token.scope_unknown:scopes"]);

        // From now on nobody does without a second factor; who has none is led to it.
        ada.patches("/sign-in-settings", &json!({"second_factor": "everybody"})).is_ok();
        let kim = browser(office, &welcome);
        assert_eq!(kim.asks("GET", "/me", None).is_ok().body["must_enrol"], true);
        kim.asks("GET", "/objects", None).refused(StatusCode::FORBIDDEN, "auth.second_factor_required");
        kim.asks("POST", "/records/opportunity", Some(&json!({"fields": {"name": "x"}})))
            .refused(StatusCode::FORBIDDEN, "auth.second_factor_required");
        kim.asks("GET", "/events", None).refused(StatusCode::FORBIDDEN, "auth.second_factor_required");
        enrols(&kim, now(office));
        kim.asks("GET", "/objects", None).is_ok();
        ada.posts(&format!("/people/{}/reset-second-factor", office.kim().id), &json!({})).is(StatusCode::NO_CONTENT);
        kim.asks("GET", "/objects", None).refused(StatusCode::FORBIDDEN, "auth.second_factor_required");
        kim.asks("POST", "/auth/logout", None).is(StatusCode::NO_CONTENT);
    });
}
