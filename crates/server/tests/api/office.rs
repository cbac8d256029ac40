//! A small sales organisation with its people, and sentences about what they do.
//!
//! Kim and Pat sell in the north, where Mona is the manager; Lee sells in the south; Ada is the administrator; Ines audits and may
//! only read.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use model::{Id, Via};
use serde_json::{Map, Value as Json, json};
use server::App;
use server::app::Edge;
use server::router::router;
use stagecraft_core::identity::{self, CreateToken};
use stagecraft_core::records::{self, Create};
use stagecraft_core::{Credential, House, Limits};
use testkit::Database;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The organisation on one database.
pub struct Office {
    pub house: Arc<House>,
    pub app: App,
    router: Router,
    runtime: Runtime,
    people: BTreeMap<&'static str, (Id, String)>,
}

/// One of its people, with a token for the API.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    pub office: &'a Office,
    pub id: Id,
    token: &'a str,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Json,
    pub text: String,
}

/// A record as somebody knows it.
#[derive(Clone, Debug)]
pub struct Known {
    pub object: String,
    pub id: String,
    pub version: i64,
}

const SYSTEM: Credential = Credential::System("the tests' own organisation");

/// Runs a test in an office on SQLite, and in one on PostgreSQL.
pub fn both(test: impl Fn(&Office)) {
    testkit::both(|database| test(&Office::on(database)));
}

/// Runs a test on SQLite alone: for what does not depend on the engine.
pub fn one(test: impl Fn(&Office)) {
    test(&Office::on(&Database::sqlite()));
}

impl Office {
    /// An office on a database. Ids count and time stands still, so that whole answers can be compared.
    pub fn on(database: &Database) -> Office {
        database.without_duplicate_rules();
        Office::with_duplicate_rules(database)
    }

    /// An office as it comes.
    pub fn with_duplicate_rules(database: &Database) -> Office {
        Office::standing(database, Edge::default())
    }

    /// An office whose server stands so in its network.
    pub fn standing(database: &Database, edge: Edge) -> Office {
        let house = Arc::new(House::counting(database.db().clone()).expect("the house opens"));
        let app = App::new(house.clone(), edge);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let mut office = Office { house, router: router(app.clone()), app, runtime, people: BTreeMap::new() };
        office.hire();
        office
    }

    fn hire(&mut self) {
        let north = self.create("department", &json!({"name": "North"}));
        let south = self.create("department", &json!({"name": "South"}));
        let mut hired: BTreeMap<&'static str, Id> = BTreeMap::new();
        for (key, name, role, department, manager) in [
            ("ada", "Ada Novak", "administrator", None, None),
            ("ines", "Ines Duarte", "auditor", None, None),
            ("mona", "Mona Keller", "sales_manager", Some(north), None),
            ("kim", "Kim Park", "salesperson", Some(north), Some("mona")),
            ("pat", "Pat Osei", "salesperson", Some(north), Some("mona")),
            ("lee", "Lee Moreno", "salesperson", Some(south), None),
        ] {
            let id = self.create(
                "employee",
                &json!({
                    "name": name, "email": format!("{key}@example.com"), "roles": [role], "active": true,
                    "department": department.map(|id| id.to_string()), "manager": manager.map(|key| hired[key].to_string()),
                }),
            );
            hired.insert(key, id);
            let wanted = CreateToken { name: "tests".to_owned(), ..CreateToken::default() };
            let made = self
                .house
                .write(&Credential::Person(id), Limits::default(), Via::CommandLine, |cx, tx| identity::create_token(cx, tx, &wanted))
                .expect("a token");
            self.people.insert(key, (id, made["token"].as_str().expect("a secret").to_owned()));
        }
    }

    /// Makes a record behind the API's back.
    pub fn create(&self, object: &str, fields: &Json) -> Id {
        let fields: Map<String, Json> =
            fields.as_object().expect("fields").iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
        let wanted = Create { fields, ..Create::default() };
        let saved = self
            .house
            .write(&SYSTEM, Limits::default(), Via::System, |cx, tx| records::create(cx, tx, object, &wanted))
            .unwrap_or_else(|error| panic!("{object}: {error}"));
        saved["record"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
    }

    /// Lets somebody sign in with a password.
    pub fn give_password(&self, who: &str, password: &str) {
        let hash = identity::hash_password(password).expect("a hash");
        let id = self.people[who].0;
        self.house
            .write(&SYSTEM, Limits::default(), Via::System, |cx, tx| identity::set_password_of(cx, tx, id, &hash))
            .expect("a password");
    }

    pub fn person(&self, key: &str) -> Person<'_> {
        let (id, token) = &self.people[key];
        Person { office: self, id: *id, token }
    }

    pub fn kim(&self) -> Person<'_> {
        self.person("kim")
    }
    pub fn lee(&self) -> Person<'_> {
        self.person("lee")
    }
    pub fn mona(&self) -> Person<'_> {
        self.person("mona")
    }
    pub fn ada(&self) -> Person<'_> {
        self.person("ada")
    }
    pub fn ines(&self) -> Person<'_> {
        self.person("ines")
    }

    /// Asks as nobody in particular.
    pub fn asks(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.sends(request.body(body).expect("a request"))
    }

    /// Sends a request of any shape.
    pub fn sends(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router answers");
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 64 << 20).await.expect("the whole body");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status: parts.status, headers: parts.headers, body: serde_json::from_str(&text).unwrap_or(Json::Null), text }
        })
    }

    /// Runs something that needs the runtime.
    pub fn in_time<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The router, for streams.
    pub fn router(&self) -> Router {
        self.router.clone()
    }
}

impl<'a> Person<'a> {
    /// Asks with headers of his own.
    pub fn asks(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Answer {
        let bearer = self.bearer();
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        self.office.asks(method.as_str(), &format!("/api/v1{path}"), &all, body)
    }

    /// The header that proves who he is.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    pub fn gets(&self, path: &str) -> Answer {
        self.asks(Method::GET, path, &[], None)
    }
    pub fn posts(&self, path: &str, body: &Json) -> Answer {
        self.asks(Method::POST, path, &[], Some(body))
    }
    pub fn patches(&self, path: &str, body: &Json) -> Answer {
        self.asks(Method::PATCH, path, &[], Some(body))
    }
    pub fn puts(&self, path: &str, body: &Json) -> Answer {
        self.asks(Method::PUT, path, &[], Some(body))
    }

    /// Tries to make a record.
    pub fn tries_to_create(&self, object: &str, fields: &Json) -> Answer {
        self.posts(&format!("/records/{object}"), &json!({ "fields": fields }))
    }

    /// Makes a record.
    pub fn creates(&self, object: &str, fields: &Json) -> Known {
        self.tries_to_create(object, fields).is(StatusCode::CREATED).known()
    }

    /// A deal with a name and what else is given.
    pub fn opens_a_deal(&self, more: &Json) -> Known {
        let mut fields = json!({"name": "Pumps for Bremen"});
        for (key, value) in more.as_object().into_iter().flatten() {
            fields[key] = value.clone();
        }
        self.creates("opportunity", &fields)
    }

    /// Edits the record as he last saw it.
    pub fn edits(&self, record: &Known, fields: &Json) -> Answer {
        let version = format!("\"v{}\"", record.version);
        self.asks(Method::PATCH, &record.path(), &[("if-match", &version)], Some(&json!({ "fields": fields })))
    }

    /// Moves a deal, without knowing its version.
    pub fn moves(&self, deal: &Known, stage: &str) -> Answer {
        self.posts(&format!("{}/move", deal.path()), &json!({ "stage": stage }))
    }

    /// Moves a deal with fields and a reason.
    pub fn moves_with(&self, deal: &Known, body: &Json) -> Answer {
        self.posts(&format!("{}/move", deal.path()), body)
    }

    /// Looks at a record.
    pub fn sees(&self, record: &Known) -> Answer {
        self.gets(&record.path())
    }
}

impl Known {
    /// Where it is.
    pub fn path(&self) -> String {
        format!("/records/{}/{}", self.object, self.id)
    }
}

#[allow(clippy::wrong_self_convention, reason = "they read as sentences: kim.moves(…).is_blocked(…)")]
impl Answer {
    /// It has this status, or the test fails with the whole answer.
    #[track_caller]
    pub fn is(self, status: StatusCode) -> Answer {
        assert_eq!(self.status, status, "{:#}", self.body);
        self
    }

    #[track_caller]
    pub fn is_ok(self) -> Answer {
        self.is(StatusCode::OK)
    }

    #[track_caller]
    pub fn is_not_found(self) -> Answer {
        self.refused(StatusCode::NOT_FOUND, "not_found")
    }

    /// It is a problem of this code, in full form.
    #[track_caller]
    pub fn refused(self, status: StatusCode, code: &str) -> Answer {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{:#}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        for key in ["type", "title", "detail", "request_id"] {
            assert!(self.body[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {:#}", self.body);
        }
        self
    }

    /// Refused with exactly these findings, `code` or `code:path`.
    #[track_caller]
    pub fn is_invalid(self, codes: &[&str]) -> Answer {
        self.refused(StatusCode::UNPROCESSABLE_ENTITY, "record.invalid").finds(codes)
    }

    /// The move is refused with exactly these findings.
    #[track_caller]
    pub fn is_blocked(self, codes: &[&str]) -> Answer {
        self.refused(StatusCode::UNPROCESSABLE_ENTITY, "stage.requirements_unmet").finds(codes)
    }

    #[track_caller]
    fn finds(self, codes: &[&str]) -> Answer {
        let found: Vec<String> = self.body["violations"]
            .as_array()
            .expect("violations")
            .iter()
            .zip(codes.iter().chain(std::iter::repeat(&"")))
            .map(|(violation, wanted)| {
                let (code, path) = (violation["code"].as_str().unwrap_or(""), violation["path"].as_str().unwrap_or(""));
                assert!(
                    violation["message"].as_str().is_some_and(|message| message != code && !message.is_empty()),
                    "{code} has no message"
                );
                if wanted.contains(':') { format!("{code}:{path}") } else { code.to_owned() }
            })
            .collect();
        assert_eq!(found, codes, "{:#}", self.body);
        self
    }

    /// Refused, first of all with this code.
    #[track_caller]
    pub fn finds_first(self, code: &str) -> Answer {
        let answer = self.refused(StatusCode::UNPROCESSABLE_ENTITY, "record.invalid");
        assert_eq!(answer.body["violations"][0]["code"], code, "{:#}", answer.body);
        answer
    }

    /// The record in the answer.
    #[track_caller]
    pub fn known(&self) -> Known {
        let record = self.body.get("record").unwrap_or(&self.body);
        let text = |key: &str| record[key].as_str().unwrap_or_else(|| panic!("no {key}: {:#}", self.body)).to_owned();
        Known { object: text("object"), id: text("id"), version: record["version"].as_i64().expect("a version") }
    }

    /// A field of the record in the answer.
    pub fn field(&self, key: &str) -> &Json {
        &self.body.get("record").unwrap_or(&self.body)["fields"][key]
    }
}
