//! Watching over the server: metrics on a door of their own, how the installation is, what the log says and what it never says.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use db::Limits;
use model::Via;
use serde_json::{Value as Json, json};
use server::cli::filter_of;
use server::watching::{beat, leave, listen, metrics};
use stagecraft_core::{Credential, housekeeping, jobs, watching};
use testkit::Database;
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::office::{Office, both, one};

/// What the metrics say, by name and labels.
fn measured(office: &Office) -> BTreeMap<String, f64> {
    let text = office.in_time(metrics::text(&office.app));
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line}")))
        })
        .collect()
}

fn part(health: &Json, key: &str) -> Json {
    let parts = health["parts"].as_array().unwrap();
    parts.iter().find(|part| part["key"] == key).unwrap_or_else(|| panic!("{key}: {health:#}")).clone()
}

#[test]
fn metrics_are_told_at_a_door_of_their_own_and_never_at_the_public_one() {
    one(|office| {
        for person in [None, Some(office.ada().bearer())] {
            for path in ["/metrics", "/api/metrics", "/api/v1/metrics", "/api/v1/system/metrics"] {
                let bearer = person.clone().unwrap_or_default();
                let answer = office.asks("GET", path, &[("authorization", bearer.as_str())], None);
                assert!(!answer.text.contains("stagecraft_http_requests_total"), "{path}: {}", answer.text);
            }
        }
        let ask = |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            office.in_time(async {
                let answer = listen::router(office.app.clone()).oneshot(request).await.unwrap();
                let (parts, body) = answer.into_parts();
                (parts.status, parts.headers, String::from_utf8(to_bytes(body, 8 << 20).await.unwrap().to_vec()).unwrap())
            })
        };
        office.kim().gets("/me").is_ok();
        let (status, headers, text) = ask("/metrics");
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8"));
        assert!(text.contains("# TYPE stagecraft_http_requests_total counter"), "{text}");
        for path in ["/", "/api/v1/me", "/healthz", "/metrics/more"] {
            assert_eq!(ask(path).0, StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn the_figures_change_with_what_happens() {
    both(|office| {
        let before = measured(office);
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        kim.edits(&deal, &json!({"next_step": "Call"})).is_ok();
        kim.tries_to_create("opportunity", &json!({"amount": "no number"})).is(StatusCode::UNPROCESSABLE_ENTITY);
        kim.gets(&format!("/records/opportunity/{}", uuid())).is_not_found();
        office.asks("GET", "/api/v1/me", &[], None).is(StatusCode::UNAUTHORIZED);
        let after = measured(office);
        let grew = |name: &str| after.get(name).copied().unwrap_or(0.0) - before.get(name).copied().unwrap_or(0.0);
        let route = "/api/v1/records/{object}";
        for (name, by) in [
            (format!("stagecraft_http_requests_total{{route=\"{route}\",method=\"POST\",status=\"201\"}}"), 1.0),
            (format!("stagecraft_http_requests_total{{route=\"{route}\",method=\"POST\",status=\"422\"}}"), 1.0),
            (format!("stagecraft_http_requests_total{{route=\"{route}/{{id}}\",method=\"PATCH\",status=\"200\"}}"), 1.0),
            (format!("stagecraft_http_request_seconds_count{{route=\"{route}\",method=\"POST\"}}"), 2.0),
            ("stagecraft_refusals_total{code=\"not_found\"}".to_owned(), 1.0),
            ("stagecraft_refusals_total{code=\"auth.required\"}".to_owned(), 1.0),
            ("stagecraft_records_stored_total{act=\"create\"}".to_owned(), 1.0),
            ("stagecraft_records_stored_total{act=\"edit\"}".to_owned(), 1.0),
            ("stagecraft_lane_wait_seconds_count{lane=\"write\"}".to_owned(), 3.0),
        ] {
            assert!((grew(&name) - by).abs() < f64::EPSILON, "{name}: {} of {by}", grew(&name));
        }
        let engine = match office.house.db().engine() {
            db::Engine::Sqlite => "sqlite",
            db::Engine::Postgres => "postgres",
        };
        for step in ["begin", "read", "write", "commit"] {
            let name = format!("stagecraft_database_statement_seconds_count{{engine=\"{engine}\",step=\"{step}\"}}");
            assert!(grew(&name) >= 2.0, "{name}");
        }
        for (name, value) in [
            ("stagecraft_database_up", 1.0),
            ("stagecraft_http_requests_under_way", 0.0),
            ("stagecraft_event_streams", 0.0),
            ("stagecraft_lane_waiting{lane=\"write\"}", 0.0),
            ("stagecraft_database_connections_waiting{pool=\"write\"}", 0.0),
            ("stagecraft_mails{state=\"waiting\"}", 0.0),
            ("stagecraft_webhooks{state=\"off\"}", 0.0),
            ("stagecraft_outbox_lag_seconds", 0.0),
            ("stagecraft_imports_running", 0.0),
        ] {
            assert_eq!(after.get(name), Some(&value), "{name}");
        }
        for name in ["stagecraft_database_size_bytes", "process_resident_memory_bytes", "process_open_fds", "process_cpu_seconds_total"] {
            assert!(after[name] > 0.0, "{name}");
        }
        let version = concat!("stagecraft_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}");
        assert_eq!(after.get(version), Some(&1.0));
        assert_eq!(after.contains_key("stagecraft_database_log_bytes"), engine == "sqlite");
        assert_eq!(after.contains_key("stagecraft_database_clock_ahead_seconds"), engine == "postgres");
    });
}

/// An id that nobody has.
fn uuid() -> &'static str {
    "0190a000-0000-7000-8000-00000000ffff"
}

#[test]
fn whatever_somebody_asks_for_the_figures_stay_few() {
    one(|office| {
        for n in 0..40 {
            let kim = office.kim().bearer();
            for path in [format!("/api/v1/records/opportunity/nobody-{n}"), format!("/api/v1/nowhere-{n}"), format!("/page-{n}")] {
                let _ = office.asks("GET", &path, &[("authorization", kim.as_str())], None);
            }
            let _ = office.asks(&format!("METHOD{n}"), "/api/v1/me", &[], None);
        }
        let counted: Vec<String> = measured(office).into_keys().filter(|name| name.contains("http_requests_total")).collect();
        assert!(
            counted.iter().all(|name| !name.contains("nobody-") && !name.contains("nowhere-") && !name.contains("page-")),
            "{counted:?}"
        );
        assert!(counted.iter().any(|name| name.contains("route=\"app\"")) && counted.iter().any(|name| name.contains("method=\"other\"")));
        assert!(counted.len() < 12, "{counted:?}");
    });
}

#[test]
fn how_the_installation_is_administrators_are_told_alone() {
    both(|office| {
        for person in [office.kim(), office.mona(), office.ines()] {
            person.gets("/system/health").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        }
        let health = office.ada().gets("/system/health").is_ok().body;
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        for key in
            ["database", "writing", "disk", "memory", "servers", "jobs", "index", "outbox", "webhooks", "mail", "check", "slow", "errors"]
        {
            if key == "disk" && office.house.db().file().is_none() {
                continue;
            }
            let part = part(&health, key);
            assert!(part["says"].as_str().unwrap().starts_with(key), "{part}");
        }
        assert_eq!(part(&health, "jobs")["state"], "ok");
        assert_eq!(health["database"]["schema"].as_i64().unwrap(), db::state::state(office.house.db(), Limits::default()).unwrap().known);
    });
}

#[test]
fn a_job_that_failed_asks_for_attention_until_it_is_tried_again() {
    both(|office| {
        let ada = office.ada();
        let system = Credential::System("a test lets a job fail");
        office
            .house
            .write(&system, Limits::default(), Via::System, |cx, tx| {
                tx.insert_rows(
                    "job",
                    &["id", "kind", "object", "doc", "state", "done", "attempts", "message", "run_at", "created_at", "by_id", "ended_at"],
                    vec![vec![
                        cx.new_id().0.into(),
                        jobs::Kind::ScanDuplicates.key().into(),
                        "account".into(),
                        "{\"object\":\"account\"}".into(),
                        "failed".into(),
                        0_i64.into(),
                        8_i64.into(),
                        "the disk was full".into(),
                        cx.at.0.into(),
                        cx.at.0.into(),
                        cx.who.id.0.into(),
                        cx.at.0.into(),
                    ]],
                )?;
                Ok(())
            })
            .unwrap();
        let health = ada.gets("/system/health").is_ok().body;
        let told = part(&health, "jobs");
        assert_eq!((&told["state"], &told["says"], &told["params"]["failed"]), (&json!("attention"), &json!("jobs.failed"), &json!(1)));
        assert_eq!(health["failed_jobs"][0]["message"], "the disk was full");
        assert_eq!(measured(office)["stagecraft_jobs{kind=\"scan_duplicates\",state=\"failed\"}"], 1.0);
        let id = health["failed_jobs"][0]["id"].as_str().unwrap();
        ada.posts(&format!("/jobs/{id}/retry"), &json!({})).is_ok();
        let health = ada.gets("/system/health").is_ok().body;
        assert_eq!((&part(&health, "jobs")["state"], &health["failed_jobs"]), (&json!("ok"), &json!([])));
    });
}

#[test]
fn servers_know_of_each_other_and_miss_one_that_falls_silent() {
    let database = Database::postgres();
    let office = Office::on(&database);
    let (first, second) = (&office, server::App::new(office.house.clone(), server::app::Edge::default()));
    beat(&first.app, "10.0.0.1:80").unwrap();
    beat(&second, "10.0.0.2:80").unwrap();
    beat(&first.app, "10.0.0.1:80").unwrap();
    let servers = |office: &Office| office.ada().gets("/system/health").is_ok().body;
    let health = servers(&office);
    let told: Vec<(bool, bool)> = health["servers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|server| (server["here"] == true, server["name"].as_str().unwrap().ends_with("(10.0.0.1:80)")))
        .collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(true, true)) && told.contains(&(false, false)), "{told:?}");
    assert_eq!(part(&health, "servers")["says"], "servers.ok");
    database.advance(121);
    beat(&first.app, "10.0.0.1:80").unwrap();
    let silent = part(&servers(&office), "servers");
    assert_eq!((&silent["state"], &silent["says"], &silent["params"]["count"]), (&json!("attention"), &json!("servers.silent"), &json!(1)));
    assert!(silent["params"]["silent"][0].as_str().unwrap().ends_with("(10.0.0.2:80)"));
    // One that takes leave is not missed.
    leave(&second).unwrap();
    assert_eq!(part(&servers(&office), "servers")["says"], "servers.ok");
}

#[test]
fn what_was_checked_and_backed_up_last_is_told_once_it_is_marked() {
    one(|office| {
        let told = |key: &str| {
            let health = office.ada().gets("/system/health").is_ok().body;
            health["parts"].as_array().unwrap().iter().find(|part| part["key"] == key).cloned()
        };
        assert_eq!((told("check").unwrap()["says"].clone(), told("backup")), (json!("check.never"), None));
        let machine = Credential::System("on the command line");
        let mark = |key: &'static str, doc: Json| {
            office.house.write(&machine, Limits::default(), Via::CommandLine, |cx, tx| watching::mark(cx, tx, key, &doc)).unwrap();
        };
        mark("check", json!({"faults": 3}));
        mark("backup", json!({}));
        let check = told("check").unwrap();
        assert_eq!((&check["state"], &check["params"]["faults"]), (&json!("trouble"), &json!(3)));
        assert_eq!(told("backup").unwrap()["says"], "backup.ok");
        mark("check", json!({"faults": 0}));
        assert_eq!(told("check").unwrap()["state"], "ok");
    });
}

#[test]
fn a_statement_that_takes_long_is_told_with_its_text_its_request_and_never_a_value() {
    both(|office| {
        office.house.db().watch().slow_after(Duration::ZERO);
        let kim = office.kim();
        let secret = "Zwetschgenbaum";
        kim.asks(
            axum::http::Method::POST,
            "/records/opportunity",
            &[("x-request-id", "the-slow-one")],
            Some(&json!({"fields": {"name": secret}})),
        )
        .is(StatusCode::CREATED);
        kim.gets(&format!(
            "/records/opportunity?filter=%7B%22field%22%3A%22name%22%2C%22op%22%3A%22contains%22%2C%22value%22%3A%22{secret}%22%7D"
        ));
        let answer = office.ada().gets("/system/health").is_ok();
        assert!(!answer.text.to_lowercase().contains(&secret.to_lowercase()), "{}", answer.text);
        let slow = answer.body["slow"].as_array().unwrap();
        let ours: Vec<&Json> = slow.iter().filter(|slow| slow["request"] == "the-slow-one").collect();
        assert!(!ours.is_empty() && ours.iter().all(|slow| slow["what"] == "POST /api/v1/records/{object}"), "{:#}", answer.body["slow"]);
        assert!(measured(office)["stagecraft_database_slow_statements_total"] > 5.0);
    });
}

#[test]
fn a_server_whose_database_is_away_says_so_at_once_and_says_why() {
    let database = Database::postgres();
    let office = Office::on(&database);
    assert_eq!(office.asks("GET", "/readyz", &[], None).is_ok().text, "ready\n");
    let name = database.url().rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let other = Database::postgres();
    // Nobody may connect, and whoever is connected is thrown out: to the server it looks as if the database had gone.
    other.behind_its_back(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
    other.behind_its_back(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    let began = std::time::Instant::now();
    let answer = office.asks("GET", "/readyz", &[], None).is(StatusCode::SERVICE_UNAVAILABLE);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(answer.text.starts_with("not ready: "), "{}", answer.text);
    assert!(!answer.text.contains(&name), "a stranger is told nothing of where it is: {}", answer.text);
    // The process lives, and the metrics say what is the matter.
    assert_eq!(office.asks("GET", "/healthz", &[], None).is_ok().text, "ok\n");
    let measured = measured(&office);
    assert_eq!(measured.get("stagecraft_database_up"), Some(&0.0));
    assert!(!measured.contains_key("stagecraft_mails{state=\"waiting\"}"), "nobody knows");
    other.behind_its_back(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"));
    assert_eq!(office.asks("GET", "/readyz", &[], None).is_ok().text, "ready\n");
}

#[test]
fn work_that_came_to_a_good_end_is_forgotten_after_a_month_and_rows_of_imports_after_three() {
    for database in [Database::sqlite(), Database::postgres()] {
        let office = Office::on(&database);
        let deal = office.kim().opens_a_deal(&json!({}));
        let asked = json!({"ids": [deal.id], "act": "edit", "fields": {"next_step": "Call"}});
        let begun = office.kim().posts("/records/opportunity/bulk", &asked).body;
        let job = begun["id"].as_str().unwrap().to_owned();
        let there = || office.kim().gets(&format!("/jobs/{job}")).status == StatusCode::OK;
        let system = Credential::System("a test");
        let rows = |count: bool| {
            office
                .house
                .write(&system, Limits::default(), Via::System, |cx, tx| {
                    let import = office.kim().id.0;
                    if !count {
                        let run = vec![
                            import.into(),
                            "done".into(),
                            0_i64.into(),
                            "{}".into(),
                            "{}".into(),
                            cx.at.0.into(),
                            cx.at.0.into(),
                            import.into(),
                        ];
                        tx.insert_rows(
                            "import_run",
                            &["id", "state", "dry_run", "doc", "progress", "created_at", "ended_at", "by_id"],
                            vec![run],
                        )?;
                        let of = |n: i64| {
                            vec![
                                import.into(),
                                0_i64.into(),
                                n.into(),
                                0_i64.into(),
                                n.into(),
                                "created".into(),
                                "account".into(),
                                0_i64.into(),
                            ]
                        };
                        let columns = ["import", "step", "number", "part", "line", "outcome", "object", "waits"];
                        tx.insert_rows("import_row", &columns, (1..=6_000).map(of).collect())?;
                    }
                    let all = sea_query::Query::select().expr(sea_query::Expr::cust("COUNT(*)")).from("import_row").to_owned();
                    Ok(tx.one(&all)?.get::<i64>(0)?)
                })
                .unwrap()
        };
        rows(false);
        let keep = || housekeeping::round(&office.house).unwrap();
        database.advance(29 * 86_400);
        keep();
        assert!(there());
        database.advance(2 * 86_400);
        keep();
        assert!(!there());
        assert_eq!(rows(true), 6_000, "they may still be read");
        database.advance(60 * 86_400);
        keep();
        assert_eq!(rows(true), 1_000, "so many at a time");
        keep();
        assert_eq!(rows(true), 0);
    }
}

/// The log of this process, read by tests.
#[derive(Clone, Default)]
struct Book(Arc<Mutex<Vec<u8>>>);

impl io::Write for Book {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Book {
    type Writer = Book;
    fn make_writer(&'a self) -> Book {
        self.clone()
    }
}

impl Book {
    /// As the server writes it when it is asked for everything there is.
    fn open() -> Book {
        static BOOK: OnceLock<Book> = OnceLock::new();
        BOOK.get_or_init(|| {
            let book = Book::default();
            let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(book.clone());
            let _ = tracing_subscriber::registry().with(lines).with(filter_of("trace", "info")).try_init();
            book
        })
        .clone()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// The line of a request.
    fn line(&self, id: &str) -> Json {
        let text = self.text();
        let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
        lines.find(|line| line["message"] == "answered" && line["span"]["id"] == id).unwrap_or_else(|| panic!("{id}: {text}"))
    }
}

#[test]
fn every_request_has_a_line_with_who_asked_and_what_it_cost() {
    both(|office| {
        let book = Book::open();
        let kim = office.kim();
        let id = format!("line-{:?}", office.house.db().engine());
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let headers = [("x-request-id", id.as_str()), ("traceparent", trace)];
        kim.asks(axum::http::Method::POST, "/records/opportunity?dry_run=false", &headers, Some(&json!({"fields": {"name": "Pumps"}})));
        let line = book.line(&id);
        assert_eq!(
            (&line["route"], &line["method"], &line["person"], &line["trace"], &line["path"]),
            (
                &json!("/api/v1/records/{object}"),
                &json!("POST"),
                &json!(kim.id.to_string()),
                &json!("4bf92f3577b34da6a3ce929d0e0e4736"),
                &json!("/api/v1/records/opportunity")
            )
        );
        assert!(line["status"].is_u64() && line["ms"].is_u64() && line["statements"].as_u64().unwrap() > 3, "{line}");
        // Of one whom nobody knows no person is told.
        let id = format!("nobody-{:?}", office.house.db().engine());
        office.asks("GET", "/api/v1/me", &[("x-request-id", id.as_str())], None);
        assert_eq!((&book.line(&id)["person"], &book.line(&id)["status"]), (&Json::Null, &json!(401)));
    });
}

#[test]
fn no_secret_is_ever_in_the_log_however_much_is_logged() {
    both(|office| {
        let book = Book::open();
        let engine = format!("{:?}", office.house.db().engine());
        let secret = |what: &str| format!("{what}-{engine}-never-to-be-logged");
        let ada = office.ada();
        office.give_password("ada", &secret("password"));
        let login = |password: &str| {
            office.asks("POST", "/api/v1/auth/login", &[], Some(&json!({"email": "ada@example.com", "password": password})))
        };
        let session = login(&secret("password")).is_ok();
        login(&secret("wrong")).is(StatusCode::UNAUTHORIZED);
        let cookie = session.headers["set-cookie"].to_str().unwrap().split([';', '=']).nth(1).unwrap().to_owned();
        let token =
            ada.posts("/me/tokens", &json!({"name": "a program"})).is(StatusCode::CREATED).body["token"].as_str().unwrap().to_owned();
        office.asks("GET", "/api/v1/me", &[("authorization", &format!("Bearer {token}"))], None).is_ok();
        let mail = json!({
            "host": "mail.example.com", "port": 2525, "security": "starttls", "user": "crm", "password": secret("mail"),
            "sender_address": "crm@example.com",
        });
        ada.puts("/organisation/mail", &mail).is_ok();
        let hook = json!({"name": "W", "address": "https://example.com/", "subscriptions": [{"object": "opportunity", "acts": ["edit"]}]});
        let hook = ada.posts("/webhooks", &hook).is(StatusCode::CREATED).body;
        let factor = ada.posts("/me/second-factor", &json!({}));
        let text = book.text();
        assert!(text.contains("answered"), "the log is read");
        let mut secrets = vec![secret("password"), secret("wrong"), secret("mail"), cookie, token];
        secrets.extend(hook["secret"].as_str().map(str::to_owned));
        secrets.extend(factor.body["secret"].as_str().map(str::to_owned));
        assert!(secrets.len() >= 6, "{secrets:?}");
        for one in secrets {
            assert!(one.len() > 12 && !text.contains(&one), "{one}");
        }
    });
}
