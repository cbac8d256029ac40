//! Signing in: two steps, sessions, lock-out, what limits a token, whom a provider's word lets in.

use std::sync::Barrier;
use std::thread;

use model::{Id, Via};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::identity::{self, Entered, SignedIn, Word, totp};
use stagecraft_core::{Credential, Ctx, Error, Limits, Result, records};
use testkit::{Database, both};

use crate::office::{Office, refusals};

const PASSWORD: &str = "correct horse";

fn gives_password(office: &Office, person: Id) {
    let hash = identity::hash_password(PASSWORD).unwrap();
    office.write(office.ada, |cx, tx| identity::set_password(cx, tx, person, &hash)).unwrap();
}

fn settles(office: &Office, wanted: Json) -> Result<Json> {
    let wanted = serde_json::from_value(wanted).unwrap();
    office.write(office.ada, |cx, tx| identity::update_sign_in(cx, tx, None, &wanted))
}

fn signs_in(office: &Office, email: &str) -> Result<Entered> {
    identity::sign_in(&office.house, Limits::default(), email, PASSWORD, &Via::Screen.into())
}

fn by_code(office: &Office, pending: &str, code: &str) -> Result<SignedIn> {
    identity::sign_in_by_code(&office.house, Limits::default(), pending, code, &Via::Screen.into())
}

fn session(entered: Result<Entered>) -> SignedIn {
    match entered {
        Ok(Entered::SignedIn(signed_in)) => signed_in,
        other => panic!("no session: {other:?}"),
    }
}

fn pending(entered: Result<Entered>) -> String {
    match entered {
        Ok(Entered::CodeNeeded(pending)) => pending.token,
        other => panic!("no code is asked for: {other:?}"),
    }
}

fn credential(signed_in: &SignedIn) -> Credential {
    Credential::Session { token: signed_in.token.clone(), csrf: Some(signed_in.csrf.clone()) }
}

fn holds(office: &Office, credential: &Credential) -> bool {
    office.house.read(credential, Limits::default(), |_, _| Ok(())).is_ok()
}

/// Sets up a second factor for somebody; its secret and the recovery codes.
fn enrols(office: &Office, database: &Database, signed_in: &SignedIn) -> (Vec<u8>, Vec<String>) {
    let me = credential(signed_in);
    let begun = identity::begin_second_factor(&office.house, &me, Limits::default(), &Default::default()).unwrap();
    let secret = totp::from_base32(begun["secret"].as_str().unwrap()).unwrap();
    assert!(begun["qr"].as_str().unwrap().contains("<svg"));
    let wanted = serde_json::from_value(json!({"code": code(office, &secret)})).unwrap();
    let confirmed =
        office.house.write(&me, Limits::default(), Via::Screen, |cx, tx| identity::confirm_second_factor(cx, tx, &wanted)).unwrap();
    let codes: Vec<String> = confirmed["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    // The code that confirmed is used up.
    database.advance(30);
    (secret, codes)
}

fn code(office: &Office, secret: &[u8]) -> String {
    let seconds = office.read(office.kim, |cx, _| Ok(cx.at.0 / 1_000_000)).unwrap();
    totp::code_at(secret, seconds)
}

fn at_once<A: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> A + Send) -> (A, A) {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            a()
        });
        let second = scope.spawn(|| {
            barrier.wait();
            b()
        });
        (first.join().unwrap(), second.join().unwrap())
    })
}

#[test]
fn a_code_lets_one_in_once_also_when_it_comes_twice_at_once() {
    both(|database| {
        let office = Office::new(database);
        gives_password(&office, office.kim);
        let (secret, codes) = enrols(&office, database, &session(signs_in(&office, "kim@example.com")));
        for (round, recovery) in codes.iter().enumerate().take(5) {
            database.advance(60);
            let (one, other) = (pending(signs_in(&office, "kim@example.com")), pending(signs_in(&office, "kim@example.com")));
            let typed = if round % 2 == 0 { code(&office, &secret) } else { recovery.clone() };
            let (a, b) = at_once(|| by_code(&office, &one, &typed), || by_code(&office, &other, &typed));
            assert!(a.is_ok() != b.is_ok(), "round {round}: {a:?} {b:?}");
            let refused = if a.is_ok() { b } else { a };
            assert!(matches!(refused, Err(Error::Unauthenticated("auth.wrong_code"))), "{refused:?}");
            // Nor does it later.
            let again = pending(signs_in(&office, "kim@example.com"));
            assert!(matches!(by_code(&office, &again, &typed), Err(Error::Unauthenticated("auth.wrong_code"))));
        }
        // One pending sign-in becomes one session, whatever is typed at once.
        database.advance(60);
        let same = pending(signs_in(&office, "kim@example.com"));
        let (first, second) = (code(&office, &secret), codes[9].clone());
        let (a, b) = at_once(|| by_code(&office, &same, &first), || by_code(&office, &same, &second));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    });
}

#[test]
fn the_second_step_is_short_and_wrong_codes_rest_the_account() {
    both(|database| {
        let office = Office::new(database);
        gives_password(&office, office.kim);
        let (secret, _) = enrols(&office, database, &session(signs_in(&office, "kim@example.com")));
        settles(&office, json!({"lock_out": {"after": 3, "minutes": 10}})).unwrap();
        let late = pending(signs_in(&office, "kim@example.com"));
        database.advance(301);
        assert!(matches!(by_code(&office, &late, &code(&office, &secret)), Err(Error::Unauthenticated("auth.sign_in_expired"))));
        // A right password between wrong codes does not begin the count anew.
        for _ in 0..3 {
            let step = pending(signs_in(&office, "kim@example.com"));
            assert!(matches!(by_code(&office, &step, "000000"), Err(Error::Unauthenticated("auth.wrong_code"))));
        }
        let rests = signs_in(&office, "kim@example.com");
        assert!(matches!(rests, Err(Error::TooMany { retry_after: 590..=601, .. })), "{rests:?}");
        // Whoever helps is an administrator.
        assert!(matches!(office.write(office.mona, |cx, tx| identity::unlock(cx, tx, office.kim)), Err(Error::Forbidden { .. })));
        office.write(office.ada, |cx, tx| identity::unlock(cx, tx, office.kim)).unwrap();
        let step = pending(signs_in(&office, "kim@example.com"));
        by_code(&office, &step, &code(&office, &secret)).unwrap();
        office.write(office.ada, |cx, tx| identity::reset_second_factor(cx, tx, office.kim)).unwrap();
        session(signs_in(&office, "kim@example.com"));
    });
}

#[test]
fn many_who_guess_at_once_have_no_more_tries_than_one() {
    both(|database| {
        let office = Office::new(database);
        gives_password(&office, office.kim);
        settles(&office, json!({"lock_out": {"after": 3, "minutes": 5}})).unwrap();
        let answers: Vec<Result<Entered>> = thread::scope(|scope| {
            let guesses: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| identity::sign_in(&office.house, Limits::default(), "kim@example.com", "guess", &Via::Screen.into()))
                })
                .collect();
            guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
        });
        let judged = answers.iter().filter(|answer| matches!(answer, Err(Error::Unauthenticated("auth.wrong_password")))).count();
        assert_eq!(judged, 3, "{answers:?}");
        assert!(matches!(signs_in(&office, "kim@example.com"), Err(Error::TooMany { .. })));
    });
}

#[test]
fn sessions_are_listed_ended_and_end_by_themselves() {
    both(|database| {
        let office = Office::new(database);
        gives_password(&office, office.kim);
        gives_password(&office, office.lee);
        let (here, there, lees) = (
            session(signs_in(&office, "kim@example.com")),
            session(signs_in(&office, "kim@example.com")),
            session(signs_in(&office, "lee@example.com")),
        );
        let list = |of: &SignedIn| office.house.read(&credential(of), Limits::default(), identity::sessions).unwrap()["items"].clone();
        let items = list(&here);
        assert_eq!(items.as_array().unwrap().len(), 2);
        assert_eq!(items.as_array().unwrap().iter().filter(|item| item["this"] == true).count(), 1);
        // Nobody ends what belongs to somebody else.
        let lees_id: Id = list(&lees)[0]["id"].as_str().unwrap().parse().unwrap();
        let end =
            |id: Id| office.house.write(&credential(&here), Limits::default(), Via::Screen, |cx, tx| identity::end_session(cx, tx, id));
        assert!(matches!(end(lees_id), Err(Error::NotFound)));
        office.house.write(&credential(&here), Limits::default(), Via::Screen, identity::end_other_sessions).unwrap();
        assert!(holds(&office, &credential(&here)) && !holds(&office, &credential(&there)) && holds(&office, &credential(&lees)));

        // The mark of last use is written together, at most every few minutes.
        let seen = |of: &SignedIn| list(of)[0]["last_seen_at"].as_str().unwrap().to_owned();
        let before = seen(&here);
        identity::keep_seen(&office.house).unwrap();
        assert_eq!(identity::keep_seen(&office.house).unwrap(), 0);
        database.advance(200);
        assert_eq!(seen(&here), before, "a read does not write");
        assert!(identity::keep_seen(&office.house).unwrap() >= 1);
        assert!(seen(&here) > before);

        // Unused for too long, and an open window is no use.
        settles(&office, json!({"sessions": {"hours": 10, "idle_minutes": 30}})).unwrap();
        for _ in 0..4 {
            database.advance(600);
            assert!(holds(&office, &credential(&here)));
            let watches = Credential::For(stagecraft_core::Purpose::Listening, Box::new(credential(&lees)));
            let _ = office.house.read(&watches, Limits::default(), |_, _| Ok(()));
            identity::keep_seen(&office.house).unwrap();
        }
        assert!(holds(&office, &credential(&here)) && !holds(&office, &credential(&lees)));
        // And too long altogether, also where it was settled after it began.
        settles(&office, json!({"sessions": {"hours": 1, "idle_minutes": null}})).unwrap();
        database.advance(1_000);
        assert!(!holds(&office, &credential(&here)));
    });
}

#[test]
fn one_who_must_have_a_second_factor_can_do_nothing_else_first() {
    both(|database| {
        let office = Office::new(database);
        for person in [office.kim, office.ada] {
            gives_password(&office, person);
        }
        settles(&office, json!({"second_factor": "administrators"})).unwrap();
        assert!(holds(&office, &credential(&session(signs_in(&office, "kim@example.com")))));
        let ada = session(signs_in(&office, "ada@example.com"));
        let refused = office.house.read(&credential(&ada), Limits::default(), |_, _| Ok(()));
        assert!(matches!(refused, Err(Error::Unauthenticated("auth.second_factor_required"))));
        let enrolling = Credential::For(stagecraft_core::Purpose::Enrolling, Box::new(credential(&ada)));
        let me = office.house.read(&enrolling, Limits::default(), identity::me).unwrap();
        assert_eq!(me["must_enrol"], true);
        let begun = identity::begin_second_factor(&office.house, &enrolling, Limits::default(), &Default::default()).unwrap();
        let secret = totp::from_base32(begun["secret"].as_str().unwrap()).unwrap();
        let confirm = |typed: &str| {
            let wanted = serde_json::from_value(json!({"code": typed})).unwrap();
            office.house.write(&enrolling, Limits::default(), Via::Screen, |cx, tx| identity::confirm_second_factor(cx, tx, &wanted))
        };
        assert_eq!(refusals(confirm("000000")), ["second_factor.wrong_code:code"]);
        confirm(&code(&office, &secret)).unwrap();
        assert!(holds(&office, &credential(&ada)));
        assert_eq!(refusals(confirm(&code(&office, &secret))), ["second_factor.on_already"]);
    });
}

#[test]
fn an_old_session_shows_the_password_before_it_changes_the_second_factor() {
    both(|database| {
        let office = Office::new(database);
        gives_password(&office, office.kim);
        let kim = session(signs_in(&office, "kim@example.com"));
        let me = credential(&kim);
        database.advance(601);
        let begin =
            |wanted: Json| identity::begin_second_factor(&office.house, &me, Limits::default(), &serde_json::from_value(wanted).unwrap());
        assert_eq!(refusals(begin(json!({}))), ["field.required:password"]);
        assert_eq!(refusals(begin(json!({"password": "wrong"}))), ["auth.wrong_password:password"]);
        let begun = begin(json!({"password": PASSWORD})).unwrap();
        let secret = totp::from_base32(begun["secret"].as_str().unwrap()).unwrap();
        let wanted = serde_json::from_value(json!({"code": code(&office, &secret)})).unwrap();
        let made =
            office.house.write(&me, Limits::default(), Via::Screen, |cx, tx| identity::confirm_second_factor(cx, tx, &wanted)).unwrap();
        let prove = |wanted: Json| serde_json::from_value(wanted).unwrap();
        let remake = |wanted: Json| identity::remake_recovery_codes(&office.house, &me, Limits::default(), &prove(wanted));
        assert_eq!(refusals(remake(json!({}))), ["field.required:password"]);
        assert_eq!(refusals(remake(json!({"code": "000000"}))), ["second_factor.wrong_code:code"]);
        let anew = remake(json!({"password": PASSWORD})).unwrap();
        assert_ne!(made["recovery_codes"], anew["recovery_codes"]);
        // The old ones are worth nothing any more; one of the new ones turns it off.
        let disable = |wanted: Json| identity::disable_second_factor(&office.house, &me, Limits::default(), &prove(wanted));
        assert_eq!(refusals(disable(json!({"code": made["recovery_codes"][0]}))), ["second_factor.wrong_code:code"]);
        disable(json!({"code": anew["recovery_codes"][0].as_str().unwrap().to_lowercase().replace('-', " ")})).unwrap();
        session(signs_in(&office, "kim@example.com"));
    });
}

fn token(office: &Office, person: Id, scopes: Json) -> Credential {
    let wanted = serde_json::from_value(json!({"name": "CI", "scopes": scopes})).unwrap();
    let made = office.write(person, |cx, tx| identity::create_token(cx, tx, &wanted)).unwrap();
    Credential::Token(made["token"].as_str().unwrap().to_owned())
}

#[test]
fn a_token_does_no_more_than_its_scopes_nor_than_its_person() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let edits = |by: &Credential| {
            let wanted = serde_json::from_value(json!({"fields": {"next_step": "Call"}, "stage_reason": null})).unwrap();
            office.house.write(by, Limits::default(), Via::Api, |cx, tx| records::update(cx, tx, "opportunity", deal, None, &wanted))
        };
        let reads =
            |by: &Credential, object: &str, id: Id| office.house.read(by, Limits::default(), |cx, tx| records::read(cx, tx, object, id));
        let (full, read, write) = (
            token(&office, office.kim, Json::Null),
            token(&office, office.kim, json!(["read"])),
            token(&office, office.kim, json!(["opportunity:write"])),
        );
        // In turns, so that one could be taken for the other.
        for _ in 0..2 {
            edits(&full).unwrap();
            assert!(matches!(edits(&read), Err(Error::Unauthenticated("auth.scope"))));
            let seen = reads(&read, "opportunity", deal).unwrap();
            assert_eq!(seen["can"], json!([]));
            edits(&write).unwrap();
            assert!(reads(&write, "opportunity", deal).is_ok());
            assert!(matches!(reads(&write, "employee", office.kim), Err(Error::NotFound)), "another object is not there");
            assert!(reads(&read, "employee", office.kim).is_ok());
        }
        assert!(edits(&Credential::Person(office.kim)).is_ok(), "nor do the scopes stay on the person");
        // Writing lines of another kind is beyond it.
        let account = |by: &Credential| {
            let wanted = serde_json::from_value(json!({"fields": {"name": "Wind"}})).unwrap();
            office.house.write(by, Limits::default(), Via::Api, |cx, tx| records::create(cx, tx, "account", &wanted))
        };
        assert!(matches!(account(&write), Err(Error::NotFound)));
        // Nobody gets more by a scope than he has, and administration is a scope of its own.
        let organisation = |by: &Credential| {
            let wanted = serde_json::from_value(json!({"name": "Renamed"})).unwrap();
            office.house.write(by, Limits::default(), Via::Api, |cx, tx| stagecraft_core::organisation::update(cx, tx, &wanted))
        };
        assert!(matches!(organisation(&token(&office, office.kim, json!(["admin"]))), Err(Error::Forbidden { .. })));
        assert!(matches!(organisation(&token(&office, office.ada, json!(["write"]))), Err(Error::Forbidden { .. })));
        organisation(&token(&office, office.ada, json!(["admin"]))).unwrap();
        // A limited token makes no other, ends no session, and changes nothing of its person.
        let narrow = token(&office, office.kim, json!(["write"]));
        let wanted = serde_json::from_value(json!({"name": "wider"})).unwrap();
        let refused = office.house.write(&narrow, Limits::default(), Via::Api, |cx, tx| identity::create_token(cx, tx, &wanted));
        assert!(matches!(refused, Err(Error::Unauthenticated("auth.scope"))));
        let refused = office.house.write(&narrow, Limits::default(), Via::Api, identity::end_other_sessions);
        assert!(matches!(refused, Err(Error::Unauthenticated("auth.scope"))));
        let language = serde_json::from_value(json!({"language": "en"})).unwrap();
        let refused = office.house.write(&write, Limits::default(), Via::Api, |cx, tx| identity::update_me(cx, tx, &language));
        assert!(matches!(refused, Err(Error::Unauthenticated("auth.scope"))));
        let unknown = serde_json::from_value(json!({"name": "x", "scopes": ["opportunty:read"]})).unwrap();
        assert_eq!(refusals(office.write(office.kim, |cx, tx| identity::create_token(cx, tx, &unknown))), ["token.scope_unknown:scopes"]);
        // When it was used is known, roughly.
        identity::keep_seen(&office.house).unwrap();
        let items = office.read(office.kim, identity::tokens).unwrap();
        let used = items["items"].as_array().unwrap().iter().filter(|item| item["last_used_at"].is_string()).count();
        assert!(used >= 3, "{items:#}");
    });
}

fn provider(more: Json) -> Json {
    let mut provider = json!({"active": true, "issuer": "https://login.example.com", "client_id": "stagecraft", "client_secret": "hush"});
    for (key, value) in more.as_object().unwrap() {
        provider[key] = value.clone();
    }
    json!({ "provider": provider })
}

fn word(subject: &str, email: Option<&str>, verified: bool) -> Word {
    Word {
        issuer: "https://login.example.com".to_owned(),
        subject: subject.to_owned(),
        email: email.map(str::to_owned),
        verified,
        name: Some("Noor Haddad".to_owned()),
    }
}

#[test]
fn a_providers_word_finds_people_by_their_link_and_at_first_by_their_verified_address() {
    both(|database| {
        let office = Office::new(database);
        let enters = |word: &Word| identity::enter_by_provider(&office.house, Limits::default(), word, &Via::Screen.into());
        let refused = |word: &Word, code: &str| match enters(word) {
            Err(Error::Unauthenticated(found)) => assert_eq!(found, code),
            other => panic!("{code}: {other:?}"),
        };
        refused(&word("k1", Some("kim@example.com"), true), "auth.provider_off");
        settles(&office, provider(json!({}))).unwrap();
        refused(&word("k1", Some("kim@example.com"), false), "auth.provider_email_unverified");
        refused(&word("k1", None, true), "auth.provider_no_email");
        refused(&word("n1", Some("noor@example.com"), true), "auth.provider_unknown_person");
        let (a, b) = at_once(|| enters(&word("k1", Some("Kim@Example.com"), true)), || enters(&word("k1", Some("kim@example.com"), true)));
        assert_eq!((session(a).person, session(b).person), (office.kim, office.kim));
        // From now on by who he is there, whatever becomes of the address.
        assert_eq!(session(enters(&word("k1", Some("other@example.com"), false))).person, office.kim);
        refused(&word("k2", Some("kim@example.com"), true), "auth.provider_other_account");
        office.write(office.ada, |cx, tx| identity::unlink(cx, tx, office.kim)).unwrap();
        assert_eq!(session(enters(&word("k2", Some("kim@example.com"), true))).person, office.kim);

        settles(&office, provider(json!({"make_people": true, "role": "salesperson", "email_always_verified": true}))).unwrap();
        let noor = session(enters(&word("n1", Some("noor@example.com"), false))).person;
        let made = office.reads(office.ada, "employee", noor).unwrap();
        assert_eq!((&made["fields"]["name"], &made["fields"]["roles"]), (&json!("Noor Haddad"), &json!(["salesperson"])));
        office.edits(office.ada, "employee", noor, json!({"active": false})).unwrap();
        refused(&word("n1", Some("noor@example.com"), true), "auth.person_inactive");
        refused(&word("n2", Some("noor@example.com"), true), "auth.person_inactive");
    });
}

#[test]
fn the_providers_secret_is_kept_and_never_carried_elsewhere() {
    both(|database| {
        let office = Office::new(database);
        let shown = settles(&office, provider(json!({}))).unwrap();
        assert_eq!((&shown["provider"]["has_secret"], shown.to_string().contains("hush")), (&json!(true), false));
        let mut again = json!({"provider": shown["provider"]});
        again["provider"]["button"] = json!("Our own");
        assert_eq!(settles(&office, again.clone()).unwrap()["provider"]["button"], "Our own");
        assert_eq!(office.read(office.ada, |_, tx| identity::client_secret(tx)).unwrap().as_deref(), Some("hush"));
        // Whoever names another address does not get it told there.
        again["provider"]["issuer"] = json!("https://evil.example");
        assert_eq!(refusals(settles(&office, again)), ["field.required:provider.client_secret"]);
        // And nobody shuts himself out.
        assert_eq!(
            refusals(settles(&office, json!({"passwords": {"allowed": false, "min_length": 10, "refuse_guessable": true}}))),
            ["sign_in.provider_first:passwords.allowed"]
        );
        assert_eq!(
            refusals(settles(
                &office,
                json!({"provider": null, "passwords": {"allowed": false, "min_length": 5, "refuse_guessable": true}})
            )),
            ["field.out_of_range:passwords.min_length", "sign_in.no_provider:passwords.allowed"]
        );
        let enter = |word: &Word| identity::enter_by_provider(&office.house, Limits::default(), word, &Via::Screen.into());
        session(enter(&word("a1", Some("ada@example.com"), true)));
        settles(&office, json!({"passwords": {"allowed": false, "min_length": 10, "refuse_guessable": true}})).unwrap();
        gives_password(&office, office.kim);
        assert!(matches!(signs_in(&office, "kim@example.com"), Err(Error::Unauthenticated("auth.passwords_off"))));
        assert_eq!(refusals(settles(&office, json!({"provider": null}))), ["sign_in.no_provider:passwords.allowed"]);
        let system = Credential::System("on the command line");
        office.house.write(&system, Limits::default(), Via::CommandLine, identity::allow_passwords).unwrap();
        session(signs_in(&office, "kim@example.com"));
        // Two who change at once: the later one is shown what is there now.
        let stale = serde_json::from_value(json!({"second_factor": "everybody"})).unwrap();
        let late = office.write(office.ada, |cx: &Ctx, tx: &mut _| identity::update_sign_in(cx, tx, Some(1), &stale));
        assert!(matches!(late, Err(Error::Conflict { .. })));
        assert!(matches!(office.read(office.kim, identity::sign_in_settings), Err(Error::Forbidden { .. })));
    });
}

#[test]
fn whatever_happens_at_the_door_is_in_the_trace() {
    both(|database| {
        let office = Office::new(database);
        gives_password(&office, office.kim);
        settles(&office, json!({"lock_out": {"after": 3, "minutes": 5}})).unwrap();
        let kim = session(signs_in(&office, "kim@example.com"));
        let (_, _) = enrols(&office, database, &kim);
        for _ in 0..3 {
            let guess = identity::sign_in(&office.house, Limits::default(), "kim@example.com", "guess", &Via::Screen.into());
            assert!(matches!(guess, Err(Error::Unauthenticated("auth.wrong_password"))));
        }
        office.write(office.ada, |cx, tx| identity::unlock(cx, tx, office.kim)).unwrap();
        office.write(office.ada, |cx, tx| identity::reset_second_factor(cx, tx, office.kim)).unwrap();
        office.write(office.ada, |cx, tx| identity::end_sessions_of(cx, tx, office.kim)).unwrap();
        let wanted = serde_json::from_value(json!({"name": "CI", "scopes": ["read"]})).unwrap();
        office.write(office.kim, |cx, tx| identity::create_token(cx, tx, &wanted)).unwrap();
        let again = session(signs_in(&office, "kim@example.com"));
        identity::sign_out(&office.house, Limits::default(), &again.token, &Via::Screen.into()).unwrap();
        settles(&office, provider(json!({}))).unwrap();
        let stranger = word("n1", Some("noor@example.com"), true);
        assert!(identity::enter_by_provider(&office.house, Limits::default(), &stranger, &Via::Screen.into()).is_err());
        office.edits(office.ada, "employee", office.kim, json!({"active": false})).unwrap();
        assert!(signs_in(&office, "kim@example.com").is_err());
        let rows = Query::select()
            .columns(["act", "codes"])
            .from("audit")
            .and_where(Expr::col("kind").is_in(["person", "sign_in_settings"]))
            .order_by("at", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        let rows = office.read(office.ada, |_, tx| Ok(tx.all(&rows)?)).unwrap();
        let told: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {}", row.get::<String>("act").unwrap(), row.get::<String>("codes").unwrap()).trim().to_owned())
            .collect();
        let expected = [
            "set_password",
            "edit",
            "sign_in",
            "set_up_second_factor",
            "sign_in auth.wrong_password",
            "sign_in auth.wrong_password",
            "sign_in auth.wrong_password",
            "lock_out",
            "unlock",
            "reset_second_factor",
            "end_sessions",
            "create_token",
            "sign_in",
            "sign_out",
            "edit",
            "sign_in auth.provider_unknown_person",
            "sign_in auth.person_inactive",
        ];
        assert_eq!(told, expected);
    });
}
