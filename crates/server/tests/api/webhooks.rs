//! Webhooks over the API, told to a real receiver.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use serde_json::{Value as Json, json};
use server::outside::Outside;
use server::webhooks::{Telling, tell};
use stagecraft_core::webhooks::{Pace, sign};
use tokio::net::TcpListener;

use crate::office::{Office, both, one};

/// What came in: headers and body.
type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver that answers as its path says.
async fn receiver() -> (SocketAddr, Heard) {
    let heard = Heard::default();
    let take = |State(heard): State<Heard>, uri: axum::http::Uri, headers: HeaderMap, body: Bytes| async move {
        heard.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
        answer(uri.path())
    };
    let app = Router::new().fallback(any(take)).with_state(heard.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (address, heard)
}

fn answer(path: &str) -> Response {
    match path {
        "/redirect" => Redirect::temporary("/in").into_response(),
        "/gone" => StatusCode::GONE.into_response(),
        "/wordy" => "a\u{7}b".repeat(10_000).into_response(),
        "/broken" => (StatusCode::INTERNAL_SERVER_ERROR, "not today").into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

fn open() -> Telling {
    Telling { outside: Outside { allowed: vec!["127.0.0.1".parse().unwrap()] }, pace: Pace::of(vec![Duration::from_millis(50)]).unwrap() }
}

impl Office {
    /// Makes a webhook behind the API's back, where the address is one that the API of a server without settings would refuse.
    fn hooks(&self, address: &str) -> (String, String) {
        let wanted = json!({"name": address, "address": address, "subscriptions": [{"object": "opportunity", "acts": ["create", "edit"]}]});
        let wanted = serde_json::from_value(wanted).unwrap();
        let ada = stagecraft_core::Credential::Person(self.ada().id);
        let made = self
            .house
            .write(&ada, stagecraft_core::Limits::default(), model::Via::Api, |cx, tx| {
                stagecraft_core::webhooks::save(cx, tx, None, None, &wanted, Vec::new())
            })
            .unwrap();
        (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    }

    /// The first delivery of a webhook, once `enough` holds of it.
    fn delivery(&self, webhook: &str, enough: impl Fn(&Json) -> bool) -> Json {
        for _ in 0..500 {
            let page = self.ada().gets(&format!("/webhooks/{webhook}/deliveries")).is_ok().body;
            if let Some(id) = page["items"].as_array().unwrap().last().and_then(|one| one["id"].as_str()) {
                let delivery = self.ada().gets(&format!("/webhooks/deliveries/{id}")).is_ok().body;
                if enough(&delivery) {
                    return delivery;
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the delivery never came to that");
    }
}

#[test]
fn a_receiver_hears_what_happened_and_can_tell_from_whom() {
    both(|office| {
        let (address, heard) = office.in_time(receiver());
        let (id, secret) = office.hooks(&format!("http://{address}/in?key=1"));
        let telling = office.in_time(async { tokio::spawn(tell(office.house.clone(), open())).abort_handle() });
        office.kim().posts("/records/opportunity", &json!({"fields": {"name": "Rail"}})).is(StatusCode::CREATED);
        let delivery = office.delivery(&id, |one| one["state"] == "delivered");
        let (headers, body) = heard.lock().unwrap()[0].clone();
        telling.abort();
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("webhook-id"), delivery["message"].as_str().unwrap());
        let second: i64 = header("webhook-timestamp").parse().unwrap();
        assert_eq!(header("webhook-signature"), sign(std::slice::from_ref(&secret), &header("webhook-id"), second, &body));
        assert_eq!((header("content-type"), header("host")), ("application/json".to_owned(), address.to_string()));
        assert!(headers.get("authorization").is_none() && headers.get("cookie").is_none());
        let told: Json = serde_json::from_str(&body).unwrap();
        assert_eq!((&told["type"], &told["data"]["fields"]["name"]), (&json!("opportunity.created"), &json!("Rail")));
        assert_eq!(delivery["body"], body);
        let attempt = &delivery["attempt_list"][0];
        assert_eq!(
            (&attempt["status"], &attempt["error"], &attempt["request"]["webhook-signature"]),
            (&json!(204), &Json::Null, &json!(header("webhook-signature")))
        );
        // Nothing that is told afterwards holds the secret.
        for path in ["/webhooks".to_owned(), format!("/webhooks/{id}"), format!("/webhooks/{id}/deliveries"), "/audit".to_owned()] {
            assert!(!office.ada().gets(&path).is_ok().text.contains(secret.trim_start_matches("whsec_")), "{path}");
        }
    });
}

#[test]
fn what_goes_wrong_is_told_with_every_attempt() {
    one(|office| {
        let (address, heard) = office.in_time(receiver());
        let at = |path: &str| office.hooks(&format!("http://{address}{path}")).0;
        let (redirect, gone, wordy, broken) = (at("/redirect"), at("/gone"), at("/wordy"), at("/broken"));
        let silent = office.in_time(async { TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap() });
        let nobody = office.hooks(&format!("http://{silent}/")).0;
        // Typed in before the rules were as they are, or by a name that leads elsewhere by now.
        let forbidden = office.hooks("http://127.0.0.2:9/").0;
        let by_name = office.hooks("https://localhost.localdomain.invalid/").0;
        let telling = office.in_time(async { tokio::spawn(tell(office.house.clone(), open())).abort_handle() });
        office.kim().posts("/records/opportunity", &json!({"fields": {"name": "Rail"}})).is(StatusCode::CREATED);
        let attempted = |id: &str| office.delivery(id, |one| one["attempts"].as_i64().unwrap() > 0)["attempt_list"][0].clone();
        let told = |id: &str| {
            let attempt = attempted(id);
            (attempt["status"].clone(), attempt["error"].clone())
        };
        assert_eq!(told(&redirect), (json!(307), json!("redirect")));
        assert_eq!(told(&gone), (json!(410), json!("gone")));
        assert_eq!(told(&broken), (json!(500), json!("status")));
        assert_eq!(attempted(&broken)["answer"], "not today");
        let answer = attempted(&wordy)["answer"].as_str().unwrap().to_owned();
        assert!(
            answer.len() < 5_000 && answer.starts_with("abab") && answer.ends_with('…'),
            "only its beginning, and nothing that garbles a screen"
        );
        assert_eq!(told(&nobody), (Json::Null, json!("unreachable")));
        assert_eq!(told(&forbidden), (Json::Null, json!("address_not_public")));
        assert_eq!(told(&by_name), (Json::Null, json!("no_such_host")));
        assert_eq!(office.ada().gets(&format!("/webhooks/{gone}")).is_ok().body["state"], "gone");
        telling.abort();
        assert!(
            heard.lock().unwrap().iter().all(|(headers, _)| headers["host"] == address.to_string().as_str()),
            "no redirect was followed"
        );
    });
}

#[test]
fn an_address_that_leads_inside_is_refused_where_it_is_typed() {
    one(|office| {
        let ada = office.ada();
        let wanted =
            |address: &str| json!({"name": "x", "address": address, "subscriptions": [{"object": "opportunity", "acts": ["edit"]}]});
        for (address, code) in [
            ("", "field.required"),
            ("hooks.example.com", "webhook.address_malformed"),
            ("https://me:secret@hooks.example.com/", "webhook.address_malformed"),
            ("http://hooks.example.com/", "webhook.address_not_https"),
            ("https://169.254.169.254/latest/meta-data/", "webhook.address_not_public"),
            ("https://[::ffff:10.0.0.1]/", "webhook.address_not_public"),
            ("https://localhost/", ""),
        ] {
            let answer = ada.posts("/webhooks", &wanted(address));
            if code.is_empty() {
                // What a name leads to is known when it is asked.
                answer.is(StatusCode::CREATED);
                continue;
            }
            let violations = answer.is(StatusCode::UNPROCESSABLE_ENTITY).body["violations"].clone();
            assert_eq!(
                violations.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect::<Vec<_>>(),
                [code],
                "{address}"
            );
        }
    });
}

#[test]
fn what_is_sent_twice_is_made_once_and_the_secret_told_once() {
    one(|office| {
        let body =
            json!({"name": "x", "address": "https://hooks.example.com/", "subscriptions": [{"object": "opportunity", "acts": ["edit"]}]});
        let post = |path: &str, body: &Json| office.ada().asks(axum::http::Method::POST, path, &[("idempotency-key", path)], Some(body));
        let first = post("/webhooks", &body).is(StatusCode::CREATED).body;
        let again = post("/webhooks", &body).is(StatusCode::CREATED).body;
        assert_eq!((&first["id"], again.get("secret")), (&again["id"], None));
        assert!(first["secret"].is_string());
        let path = format!("/webhooks/{}", first["id"].as_str().unwrap());
        let tests = [post(&format!("{path}/test"), &json!({})), post(&format!("{path}/test"), &json!({}))]
            .map(|one| one.is(StatusCode::ACCEPTED).body["id"].clone());
        assert_eq!(tests[0], tests[1]);
        assert_eq!(office.ada().gets(&format!("{path}/deliveries")).is_ok().body["items"].as_array().unwrap().len(), 1);
        let refused = |path: &str, body: &Json, code: &str| {
            let answer = office.ada().posts(path, body).is(StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(answer.body["violations"][0]["code"], code);
        };
        refused(&format!("{path}/resume"), &json!({}), "webhook.not_paused");
        let off = json!({"name": "x", "active": false, "address": "https://hooks.example.com/", "subscriptions": body["subscriptions"]});
        office.ada().puts(&path, &off).is_ok();
        refused(&format!("{path}/test"), &json!({}), "webhook.off");
        for _ in 1..100 {
            office.ada().posts("/webhooks", &off).is(StatusCode::CREATED);
        }
        refused("/webhooks", &off, "webhook.too_many");
    });
}
