//! What holds for every call: bodies, headers, languages, pages.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

use crate::office::{both, one};

#[test]
fn a_body_that_cannot_be_read_is_told_as_a_problem() {
    one(|office| {
        let kim = office.kim();
        let send = |kind: &str, body: String| {
            let request = Request::builder().method("POST").uri("/api/v1/records/opportunity").header("authorization", kim.bearer());
            office.sends(request.header("content-type", kind).body(Body::from(body)).unwrap())
        };
        send("application/json", "{".to_owned()).refused(StatusCode::BAD_REQUEST, "request.malformed");
        send("application/json", "[]".to_owned()).refused(StatusCode::BAD_REQUEST, "request.malformed");
        send("text/plain", "{}".to_owned()).refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type");
        send("application/json", "x".repeat((1 << 20) + 1)).refused(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large");
        send("application/json", "{\"fields\":{},\"feilds\":{}}".to_owned()).is_invalid(&["field.unknown:feilds"]);
        send("application/json", "{\"fields\":{\"name\":\"a\\u0000b\"}}".to_owned()).is_invalid(&["field.invalid:name"]);
        send("application/json", "{\"fields\":{\"name\":\"\\ud800\"}}".to_owned()).refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/records/opportunity?limit=many").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/records/opportunity?limit=201").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/records/opportunity?lmit=20").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/records/opportunity?cursor=nonsense").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/nothing").is_not_found();
        kim.gets("/records/nothing").is_not_found();
        kim.gets("/records/opportunity/not-an-id").is_not_found();
        kim.asks(Method::DELETE, "/me", &[], None).refused(StatusCode::METHOD_NOT_ALLOWED, "request.method");
        office.asks("GET", "/api/elsewhere", &[], None).is_not_found();
        office.asks("POST", "/api/elsewhere", &[], None).is_not_found();
    });
}

#[test]
fn every_answer_carries_an_id_and_the_browsers_orders() {
    one(|office| {
        for path in ["/", "/api/v1/setup", "/api/v1/me", "/api/docs", "/healthz", "/nowhere"] {
            let answer = office.asks("GET", path, &[], None);
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            // A page that stands alone has no scripts at all.
            let scripts = if path == "/api/docs" { "script-src 'none';" } else { "script-src 'self';" };
            assert!(policy.contains(scripts) && policy.contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
            assert!(!answer.headers["x-request-id"].is_empty());
        }
        let mine = office.asks("GET", "/api/v1/me", &[("x-request-id", "my-own.id")], None);
        assert_ne!(mine.headers["x-request-id"], "my-own.id", "only harmless ids are taken over");
        let mine = office.asks("GET", "/api/v1/me", &[("x-request-id", "my-own-id")], None);
        assert_eq!((mine.headers["x-request-id"].to_str().unwrap(), mine.body["request_id"].as_str()), ("my-own-id", Some("my-own-id")));
        let setup = office.asks("GET", "/api/v1/setup", &[], None);
        assert_eq!(setup.headers["cache-control"], "private, no-cache");
    });
}

#[test]
fn it_speaks_the_persons_language_else_the_browsers() {
    one(|office| {
        let kim = office.kim();
        let chinese = office.asks("GET", "/api/v1/me", &[("accept-language", "zh-CN,zh;q=0.9")], None);
        assert_eq!(chinese.body["title"], "请先登录");
        assert_eq!(chinese.headers["content-language"], "zh-CN");
        kim.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        let told = kim.tries_to_create("opportunity", &json!({"name": "x", "lead_source": "gossip"})).is_invalid(&["field.not_an_option"]);
        assert_eq!(told.body["violations"][0]["message"], "“线索来源”没有选项“gossip”，请从列表中选择。");
        kim.patches("/me", &json!({"language": "en"})).is_ok();
        let told = kim.asks(Method::POST, "/records/opportunity", &[("accept-language", "zh")], Some(&json!({"fields": {}})));
        assert_eq!(told.body["violations"][0]["message"], "Opportunity name must be filled.");
        kim.patches("/me", &json!({"language": "tlh"})).is_invalid(&["field.not_an_option:language"]);
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    both(|office| {
        let kim = office.kim();
        for i in 0..7 {
            let close = if i % 3 == 0 { json!(null) } else { json!(format!("2026-0{}-01", i + 1)) };
            kim.opens_a_deal(&json!({"name": format!("Deal {i}"), "expected_close_date": close}));
        }
        for sort in ["expected_close_date", "-expected_close_date", "name", "-stage_entered_at"] {
            let whole = kim.gets(&format!("/records/opportunity?sort={sort}&limit=50")).is_ok();
            let ids = |body: &serde_json::Value| {
                body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            };
            let (mut seen, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let more = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
                let page = kim.gets(&format!("/records/opportunity?sort={sort}&limit=2{more}")).is_ok();
                seen.extend(ids(&page.body));
                cursor = page.body["next_cursor"].as_str().map(str::to_owned);
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, ids(&whole.body), "{sort}");
            assert_eq!(seen.len(), 7);
        }
        let few = kim.gets("/records/opportunity?fields=name,stage&limit=1").is_ok();
        assert_eq!(few.body["items"][0]["fields"].as_object().unwrap().keys().collect::<Vec<_>>(), ["name", "stage"]);
        kim.gets("/records/opportunity?fields=nonsense").is_invalid(&["field.unknown:nonsense"]);
    });
}

#[test]
fn objects_are_kept_by_the_client_until_they_change() {
    one(|office| {
        let (kim, lee) = (office.kim(), office.lee());
        let first = kim.gets("/objects").is_ok();
        let tag = first.headers["etag"].to_str().unwrap();
        kim.asks(Method::GET, "/objects", &[("if-none-match", tag)], None).is(StatusCode::NOT_MODIFIED);
        lee.asks(Method::GET, "/objects", &[("if-none-match", tag)], None).is_ok();
        office.ada().patches("/organisation", &json!({"name": "Renamed"})).is_ok();
        kim.asks(Method::GET, "/objects", &[("if-none-match", tag)], None).is_ok();
    });
}

#[test]
fn a_dry_run_leaves_no_trace() {
    both(|office| {
        let kim = office.kim();
        let key = [("idempotency-key", "dry")];
        let dry = kim.asks(Method::POST, "/records/opportunity?dry_run=true", &key, Some(&json!({"fields": {"name": "Maybe"}}))).is_ok();
        assert_eq!((&dry.body["dry_run"], dry.field("stage")), (&json!(true), &json!("prospecting")));
        assert_eq!(kim.gets("/records/opportunity?count=exact").body["count"], 0);
        kim.asks(Method::POST, "/records/opportunity", &key, Some(&json!({"fields": {"name": "Yes"}}))).is(StatusCode::CREATED);
    });
}

#[test]
fn those_who_watch_are_told_that_it_lives_and_is_ready() {
    both(|office| {
        assert_eq!(office.asks("GET", "/healthz", &[], None).is_ok().text, "ok\n");
        assert_eq!(office.asks("GET", "/readyz", &[], None).is_ok().text, "ready\n");
    });
}
