//! Signing in by a provider that answers over a real connection, and by one that lies in every way that is known.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use ring::{digest, hmac};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Limits};

use crate::office::{Answer, Office, both, one};

const SECRET: &str = "hush: + 100 %";

/// A key of the provider's.
struct Key {
    id: &'static str,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: &'static str) -> Key {
        let dice = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &dice).unwrap();
        Key { id, pair: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &dice).unwrap() }
    }

    fn public(&self) -> Json {
        let point = self.pair.public_key().as_ref();
        let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
        json!({"kty": "EC", "crv": "P-256", "kid": self.id, "use": "sig", "alg": "ES256", "x": part(1..33), "y": part(33..65)})
    }

    fn signs(&self, claims: &Json) -> String {
        let signed = unsigned(&json!({"alg": "ES256", "kid": self.id}), claims);
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

fn unsigned(header: &Json, claims: &Json) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// What the provider does when it is asked.
#[derive(Default)]
struct Manners {
    issuer: String,
    keys: Vec<Json>,
    /// The ID token of the next exchange.
    token: String,
    /// PKCE's public half, which the next exchange must fit.
    challenge: String,
    exchanged: u32,
    userinfo: Option<Json>,
    redirects: bool,
    floods: bool,
}

type Shared = Arc<Mutex<Manners>>;

/// A provider on a port of this machine.
struct Login {
    issuer: String,
    manners: Shared,
}

async fn described(State(manners): State<Shared>) -> axum::Json<Json> {
    let manners = manners.lock().unwrap();
    let at = |path: &str| format!("{}{path}", manners.issuer);
    let mut said = json!({"issuer": manners.issuer, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"), "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/bye")});
    if manners.userinfo.is_some() {
        said["userinfo_endpoint"] = at("/me").into();
    }
    if manners.floods {
        said["more"] = "x".repeat(300 << 10).into();
    }
    axum::Json(said)
}

async fn exchanged(State(manners): State<Shared>, headers: HeaderMap, body: String) -> axum::response::Response {
    let mut manners = manners.lock().unwrap();
    manners.exchanged += 1;
    if manners.redirects {
        return (StatusCode::FOUND, [("location", "/token2")]).into_response();
    }
    let expected = format!("Basic {}", STANDARD.encode("stage%20craft:hush%3A%20%2B%20100%20%25"));
    assert_eq!(headers["authorization"].to_str().unwrap(), expected);
    let field = |name: &str| body.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or("").to_owned();
    let verifier = field("code_verifier");
    let fits = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())) == manners.challenge;
    if field("code") != "one-time"
        || !fits
        || field("grant_type") != "authorization_code"
        || std::mem::take(&mut manners.challenge).is_empty()
    {
        return (StatusCode::BAD_REQUEST, axum::Json(json!({"error": "invalid_grant"}))).into_response();
    }
    axum::Json(json!({"access_token": "see me", "token_type": "Bearer", "id_token": manners.token})).into_response()
}

impl Login {
    fn opens(office: &Office) -> Login {
        let manners = Shared::default();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(described))
            .route("/jwks", get(|State(manners): State<Shared>| async move { axum::Json(json!({"keys": manners.lock().unwrap().keys})) }))
            .route("/token", post(exchanged))
            .route("/token2", post(|| async { "followed" }).get(|| async { "followed" }))
            .route(
                "/me",
                get(|State(manners): State<Shared>, headers: HeaderMap| async move {
                    assert_eq!(headers["authorization"], "Bearer see me");
                    axum::Json(manners.lock().unwrap().userinfo.clone().unwrap())
                }),
            )
            .with_state(manners.clone());
        let address: SocketAddr = office.in_time(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move { axum::serve(listener, router).await });
            address
        });
        let issuer = format!("http://{address}");
        manners.lock().unwrap().issuer.clone_from(&issuer);
        Login { issuer, manners }
    }

    fn has(&self, keys: &[&Key]) {
        self.manners.lock().unwrap().keys = keys.iter().map(|key| key.public()).collect();
    }

    fn says(&self, token: String) {
        self.manners.lock().unwrap().token = token;
    }
}

/// A browser on its way.
struct Way {
    state: String,
    nonce: String,
    cookie: String,
}

fn settles(office: &Office, login: &Login, more: &Json) {
    let mut provider =
        json!({"active": true, "issuer": login.issuer, "client_id": "stage craft", "client_secret": SECRET, "button": "Our account"});
    for (key, value) in more.as_object().unwrap() {
        provider[key] = value.clone();
    }
    let shown = office.ada().patches("/sign-in-settings", &json!({ "provider": provider })).is_ok();
    assert!(!shown.text.contains("hush"), "the secret is never shown");
}

fn visits(office: &Office, path: &str, cookie: &str) -> Answer {
    office.asks("GET", &format!("/api/v1{path}"), &[("host", "localhost:8080"), ("cookie", cookie)], None)
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

fn begins(office: &Office, login: &Login) -> Way {
    let answer = visits(office, "/auth/provider?to=/o/opportunity", "");
    let place = location(&answer);
    assert!(place.starts_with(&format!("{}/auth?response_type=code&", login.issuer)), "{place}");
    let field = |name: &str| place.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or("").to_owned();
    assert_eq!(field("redirect_uri"), "http%3A%2F%2Flocalhost%3A8080%2Fapi%2Fv1%2Fauth%2Fprovider%2Fcallback");
    assert_eq!((field("code_challenge_method"), field("scope")), ("S256".to_owned(), "openid%20email%20profile".to_owned()));
    login.manners.lock().unwrap().challenge = field("code_challenge");
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age=600"), "{set}");
    Way { state: field("state"), nonce: field("nonce"), cookie: set.split(';').next().unwrap().to_owned() }
}

fn returns(office: &Office, way: &Way) -> Answer {
    visits(office, &format!("/auth/provider/callback?code=one-time&state={}", way.state), &way.cookie)
}

fn session(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    cookies.filter_map(|set| set.split(';').next()).find(|cookie| cookie.starts_with("stagecraft_session=")).map(str::to_owned)
}

fn now(office: &Office) -> i64 {
    office.house.read(&Credential::System("the clock"), Limits::default(), |cx, _| Ok(cx.at.0 / 1_000_000)).unwrap()
}

fn claims(office: &Office, login: &Login, way: &Way, more: &Json) -> Json {
    let now = now(office);
    let mut claims = json!({"iss": login.issuer, "aud": "stage craft", "sub": "k-1", "nonce": way.nonce, "iat": now, "exp": now + 300,
        "email": "kim@example.com", "email_verified": true, "name": "Kim"});
    for (key, value) in more.as_object().unwrap() {
        claims[key] = value.clone();
    }
    claims
}

#[test]
fn a_provider_lets_people_in_also_when_its_keys_change() {
    both(|office| {
        let login = Login::opens(office);
        assert_eq!(location(&visits(office, "/auth/provider", "")), "/sign-in?error=auth.provider_off");
        settles(office, &login, &json!({}));
        assert_eq!(office.asks("GET", "/api/v1/setup", &[], None).body["provider"], json!({"button": "Our account"}));
        let (first, second) = (Key::new("one"), Key::new("two"));
        login.has(&[&first]);
        let enters = |key: &Key| {
            let way = begins(office, &login);
            login.says(key.signs(&claims(office, &login, &way, &json!({}))));
            let answer = returns(office, &way);
            assert_eq!(location(&answer), "/o/opportunity");
            (way, session(&answer).expect("a session"))
        };
        let (way, cookie) = enters(&first);
        let me = office.asks("GET", "/api/v1/me", &[("cookie", &cookie)], None).is_ok();
        assert_eq!(me.body["person"]["email"], "kim@example.com");
        let sessions = office.asks("GET", "/api/v1/me/sessions", &[("cookie", &cookie)], None).is_ok();
        assert_eq!(sessions.body["items"][0]["how"], "provider");
        // The same answer does not open twice: the provider does not take its code again.
        assert_eq!(location(&returns(office, &way)), "/sign-in?error=auth.provider_invalid&to=%2Fo%2Fopportunity");
        login.has(&[&second]);
        enters(&second);

        // Whoever signs out is led to sign out there as well, where that is settled.
        let leave = |cookie: &str, csrf: &str| {
            office.asks("POST", "/api/v1/auth/logout", &[("host", "localhost:8080"), ("cookie", cookie), ("x-csrf-token", csrf)], None)
        };
        settles(office, &login, &json!({"sign_out_there": true}));
        let away = leave(&cookie, me.body["csrf_token"].as_str().unwrap()).is_ok();
        let expected =
            format!("{}/bye?client_id=stage%20craft&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fsign-in", login.issuer);
        assert_eq!(away.body["provider"], expected);
    });
}

#[test]
fn a_word_that_does_not_hold_lets_nobody_in() {
    one(|office| {
        let login = Login::opens(office);
        settles(office, &login, &json!({}));
        let key = Key::new("one");
        login.has(&[&key]);
        let now = now(office);
        let wrong: Vec<(&str, Json)> = vec![
            ("another nonce", json!({"nonce": "guess"})),
            ("no nonce", json!({"nonce": null})),
            ("expired", json!({"exp": now - 61})),
            ("no end", json!({"exp": null})),
            ("from the future", json!({"iat": now + 3_600})),
            ("no beginning", json!({"iat": null})),
            ("not yet", json!({"nbf": now + 3_600})),
            ("another issuer", json!({"iss": "https://login.example.com"})),
            ("another audience", json!({"aud": "somebody else"})),
            ("no audience", json!({"aud": []})),
            ("several audiences and no party", json!({"aud": ["stage craft", "somebody else"]})),
            ("another party", json!({"aud": ["stage craft", "somebody else"], "azp": "somebody else"})),
            ("no subject", json!({"sub": ""})),
        ];
        for (what, more) in &wrong {
            refused(office, &login, what, &|way| key.signs(&claims(office, &login, way, more)));
        }
        // What holds, holds.
        let way = begins(office, &login);
        login.says(key.signs(&claims(office, &login, &way, &json!({"aud": ["stage craft", "somebody else"], "azp": "stage craft"}))));
        assert!(session(&returns(office, &way)).is_some());
    });
}

fn refused(office: &Office, login: &Login, what: &str, make: &dyn Fn(&Way) -> String) {
    let way = begins(office, login);
    login.says(make(&way));
    let answer = returns(office, &way);
    assert_eq!(location(&answer), "/sign-in?error=auth.provider_invalid&to=%2Fo%2Fopportunity", "{what}");
    assert_eq!(session(&answer), None, "{what}");
}

#[test]
fn a_word_that_the_provider_has_not_signed_lets_nobody_in() {
    one(|office| {
        let login = Login::opens(office);
        settles(office, &login, &json!({}));
        let (key, stranger) = (Key::new("one"), Key::new("one"));
        login.has(&[&key]);
        let refused = |what: &str, make: &dyn Fn(&Way) -> String| refused(office, &login, what, make);
        let good = |way: &Way| claims(office, &login, way, &json!({}));
        refused("signed by nobody", &|way| format!("{}.", unsigned(&json!({"alg": "none"}), &good(way))));
        refused("signed by nobody, in other letters", &|way| format!("{}.", unsigned(&json!({"alg": "nOnE", "kid": "one"}), &good(way))));
        refused("signed by somebody else", &|way| stranger.signs(&good(way)));
        refused("signed with the secret", &|way| {
            let signed = unsigned(&json!({"alg": "HS256", "kid": "one"}), &good(way));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), signed.as_bytes());
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
        });
        refused("signed with the public key taken for a secret", &|way| {
            let signed = unsigned(&json!({"alg": "HS256", "kid": "one"}), &good(way));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.pair.public_key().as_ref()), signed.as_bytes());
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
        });
        refused("another way of signing than the key's", &|way| {
            key.signs(&good(way)).replacen(
                &URL_SAFE_NO_PAD.encode(json!({"alg": "ES256", "kid": "one"}).to_string()),
                &URL_SAFE_NO_PAD.encode(json!({"alg": "RS256", "kid": "one"}).to_string()),
                1,
            )
        });
        refused("changed after signing", &|way| {
            let token = key.signs(&good(way));
            let parts: Vec<&str> = token.split('.').collect();
            let other = URL_SAFE_NO_PAD.encode(claims(office, &login, way, &json!({"email": "ada@example.com"})).to_string());
            format!("{}.{other}.{}", parts[0], parts[2])
        });
        refused("another key's name", &|way| Key { id: "three", ..Key::new("three") }.signs(&good(way)));
        refused("no token", &|_| "nonsense".to_owned());
    });
}

#[test]
fn only_the_browser_that_was_sent_comes_back() {
    one(|office| {
        let login = Login::opens(office);
        settles(office, &login, &json!({}));
        let key = Key::new("one");
        login.has(&[&key]);
        let (mine, other) = (begins(office, &login), begins(office, &login));
        let answers = |way: &Way| login.says(key.signs(&claims(office, &login, way, &json!({}))));
        answers(&other);
        let expired = "/sign-in?error=auth.sign_in_expired";
        // Somebody else's answer in my browser, my answer without my cookie, a cookie that was made up.
        for (state, cookie) in [(&other.state, mine.cookie.as_str()), (&mine.state, ""), (&mine.state, "stagecraft_provider=e30.e30")] {
            let answer = visits(office, &format!("/auth/provider/callback?code=one-time&state={state}"), cookie);
            assert_eq!((location(&answer).as_str(), session(&answer)), (expired, None));
        }
        assert_eq!(login.manners.lock().unwrap().exchanged, 0, "nothing is asked for those");
        let at = |query: &str| location(&visits(office, &format!("/auth/provider/callback?state={}&{query}", other.state), &other.cookie));
        let back = "&to=%2Fo%2Fopportunity";
        assert_eq!(at("error=access_denied&error_description=no"), format!("/sign-in?error=auth.provider_refused{back}"));
        assert_eq!(at("code=one-time&iss=https%3A%2F%2Flogin.example.com"), format!("/sign-in?error=auth.provider_invalid{back}"));
        assert_eq!(at("nothing=1"), format!("/sign-in?error=auth.provider_invalid{back}"));
        let answer = returns(office, &other);
        assert!(session(&answer).is_some());
        let cleared = answer.headers.get_all("set-cookie").iter().any(|set| set.to_str().unwrap().starts_with("stagecraft_provider=;"));
        assert!(cleared, "the way is gone");
        // Where the server does not know its own address, it does not take the word of a header.
        let elsewhere = office.asks("GET", "/api/v1/auth/provider", &[("host", "evil.example")], None);
        assert_eq!(location(&elsewhere), "/sign-in?error=auth.public_url_needed");
        let away = visits(office, "/auth/provider?to=https://evil.example", "");
        let cookie = away.headers["set-cookie"].to_str().unwrap().split(['=', '.', ';']).nth(1).unwrap().to_owned();
        let flow: Json = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cookie).unwrap()).unwrap();
        assert_eq!(flow["to"], "/");
    });
}

#[test]
fn a_provider_that_is_down_or_behaves_badly_is_told_of() {
    one(|office| {
        let login = Login::opens(office);
        let ada = office.ada();
        let tries = |issuer: &str| ada.posts("/sign-in-settings/try-provider", &json!({ "issuer": issuer }));
        assert_eq!(tries(&login.issuer).is_ok().body["reason"], "it has no key for RS256 or ES256");
        let key = Key::new("one");
        login.has(&[&key]);
        assert_eq!(tries(&login.issuer).is_ok().body, json!({"ok": true, "keys": 1, "reason": null}));
        let other = tries(&format!("{}/", login.issuer)).is_ok();
        assert_eq!(other.body["ok"], false, "it calls itself otherwise: {}", other.body);
        tries("http://10.0.0.1").is_invalid(&["field.invalid:issuer"]);
        office
            .kim()
            .posts("/sign-in-settings/try-provider", &json!({"issuer": login.issuer}))
            .refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        login.manners.lock().unwrap().floods = true;
        assert!(tries(&login.issuer).is_ok().body["reason"].as_str().unwrap().contains("cannot be read"));
        login.manners.lock().unwrap().floods = false;

        settles(office, &login, &json!({}));
        let back = "&to=%2Fo%2Fopportunity";
        let way = begins(office, &login);
        login.manners.lock().unwrap().redirects = true;
        assert_eq!(location(&returns(office, &way)), format!("/sign-in?error=auth.provider_unreachable{back}"), "no redirect is followed");
        login.manners.lock().unwrap().redirects = false;
        // A port at which nobody listens any more.
        let gone = office.in_time(async { tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap() });
        settles(office, &Login { issuer: format!("http://{gone}"), manners: Shared::default() }, &json!({}));
        assert_eq!(location(&visits(office, "/auth/provider", "")), "/sign-in?error=auth.provider_unreachable");
    });
}

#[test]
fn what_is_missing_in_the_token_is_asked_for_and_our_own_second_step_may_follow() {
    one(|office| {
        let login = Login::opens(office);
        login.manners.lock().unwrap().userinfo = Some(json!({"sub": "k-1", "email": "kim@example.com", "email_verified": true}));
        settles(office, &login, &json!({"ask_second_factor": true}));
        let key = Key::new("one");
        login.has(&[&key]);
        let enters = |more: &Json| {
            let way = begins(office, &login);
            login.says(key.signs(&claims(office, &login, &way, more)));
            returns(office, &way)
        };
        let silent = json!({"email": null, "email_verified": null});
        let other = json!({"email": null, "email_verified": null, "sub": "somebody else"});
        assert_eq!(location(&enters(&other)), "/sign-in?error=auth.provider_invalid&to=%2Fo%2Fopportunity", "it speaks of another");
        let cookie = session(&enters(&silent)).expect("a session");
        let unverified = json!({"sub": "p-1", "email": "pat@example.com", "email_verified": false});
        assert_eq!(location(&enters(&unverified)), "/sign-in?error=auth.provider_email_unverified&to=%2Fo%2Fopportunity");
        let unknown = json!({"sub": "n-1", "email": "nobody@example.com"});
        assert_eq!(location(&enters(&unknown)), "/sign-in?error=auth.provider_unknown_person&to=%2Fo%2Fopportunity");

        // Required, and not set up: nothing else is open. Set up: a code follows the provider's word.
        office.ada().patches("/sign-in-settings", &json!({"second_factor": "everybody"})).is_ok();
        let me = office.asks("GET", "/api/v1/me", &[("cookie", &cookie)], None).is_ok();
        assert_eq!(me.body["must_enrol"], true);
        let headers = [("cookie", cookie.as_str()), ("x-csrf-token", me.body["csrf_token"].as_str().unwrap())];
        let begun = office.asks("POST", "/api/v1/me/second-factor", &headers, Some(&json!({}))).is_ok();
        let secret = stagecraft_core::identity::totp::from_base32(begun.body["secret"].as_str().unwrap()).unwrap();
        let code = |steps: i64| stagecraft_core::identity::totp::code_at(&secret, now(office) + 30 * steps);
        office.asks("POST", "/api/v1/me/second-factor/confirm", &headers, Some(&json!({"code": code(-1)}))).is_ok();
        let half = enters(&silent);
        assert_eq!((location(&half).as_str(), session(&half)), ("/sign-in?step=code&to=%2Fo%2Fopportunity", None));
        let cookies = half.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap().split(';').next().unwrap());
        let pending = cookies.filter(|cookie| cookie.starts_with("stagecraft_pending=")).collect::<String>();
        office.asks("POST", "/api/v1/auth/second-factor", &[("cookie", &pending)], Some(&json!({"code": code(0)}))).is_ok();
    });
}
