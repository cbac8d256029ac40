//! What strangers, other sites and hostile contents must not bring about. docs/security.md lists these tests beside what they prove.

use std::io::Read as _;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value as Json, json};
use server::app::Edge;
use stagecraft_core::identity::totp;
use testkit::Database;
use tower::ServiceExt;

use crate::imports;
use crate::office::{Answer, Office, Person, one};

const PASSWORD: &str = "correct horse battery";

fn log_in_with(office: &Office, email: &str, password: &str, headers: &[(&str, &str)]) -> Answer {
    office.asks("POST", "/api/v1/auth/login", headers, Some(&json!({"email": email, "password": password})))
}

fn log_in(office: &Office, who: &str) -> (String, String) {
    let welcome = log_in_with(office, &format!("{who}@example.com"), PASSWORD, &[]).is_ok();
    (cookie(&welcome), welcome.body["csrf_token"].as_str().unwrap().to_owned())
}

fn cookie(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// A request with a text of some media type.
fn sends(office: &Office, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    office.sends(request.body(Body::from(body.into())).unwrap())
}

/// The bytes of an answer.
fn bytes_of(
    office: &Office,
    person: Person<'_>,
    method: Method,
    path: &str,
    body: Option<&Json>,
) -> (StatusCode, header::HeaderMap, Vec<u8>) {
    let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("authorization", person.bearer())
        .header("content-type", "application/json")
        .body(body)
        .unwrap();
    office.in_time(async {
        let (parts, body) = office.router().oneshot(request).await.unwrap().into_parts();
        (parts.status, parts.headers, axum::body::to_bytes(body, 8 << 20).await.unwrap().to_vec())
    })
}

fn upload(office: &Office, person: Person<'_>, name: &str, kind: &str, content: &[u8]) -> Answer {
    let mut body =
        format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n").into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let bearer = person.bearer();
    sends(office, "POST", "/files", &[("authorization", &bearer), ("content-type", "multipart/form-data; boundary=b")], body)
}

#[test]
fn every_kind_of_answer_tells_the_browser_what_it_may_do() {
    let edge = Edge { public_url: Some("https://sales.example.com".to_owned()), ..Edge::default() };
    let office = Office::standing(&Database::sqlite(), edge);
    let ada = office.ada();
    let file = upload(&office, ada, "a.txt", "text/plain", b"hello").is(StatusCode::CREATED).body["id"].as_str().unwrap().to_owned();
    let form = ada.posts("/web-forms", &json!({"name": "Site", "fields": [{"field": "name", "required": true}]})).is(StatusCode::CREATED);
    let form = form.body["public_key"].as_str().unwrap().to_owned();
    ada.opens_a_deal(&json!({}));
    let bearer = ada.bearer();
    let signed = [("authorization", bearer.as_str())];
    let asked: Vec<(&str, &str, String, StatusCode)> = vec![
        ("the app", "GET", "/".to_owned(), StatusCode::OK),
        ("a place in the app", "GET", "/o/opportunity/board".to_owned(), StatusCode::OK),
        ("a missing file of the app", "GET", "/assets/none.js".to_owned(), StatusCode::NOT_FOUND),
        ("the API", "GET", "/api/v1/me".to_owned(), StatusCode::OK),
        ("what is kept by the client", "GET", "/api/v1/objects".to_owned(), StatusCode::OK),
        ("a refusal", "GET", "/api/v1/records/nothing".to_owned(), StatusCode::NOT_FOUND),
        ("a wrong method", "DELETE", "/api/v1/me".to_owned(), StatusCode::METHOD_NOT_ALLOWED),
        ("outside of the API", "GET", "/api/elsewhere".to_owned(), StatusCode::NOT_FOUND),
        ("a file", "GET", format!("/api/v1/files/{file}"), StatusCode::OK),
        ("a list as CSV", "GET", "/api/v1/records/opportunity/export".to_owned(), StatusCode::OK),
        ("a list as XLSX", "GET", "/api/v1/records/opportunity/export?format=xlsx".to_owned(), StatusCode::OK),
        ("the trace as a file", "GET", "/api/v1/audit/export".to_owned(), StatusCode::OK),
        ("the description", "GET", "/api/openapi.json".to_owned(), StatusCode::OK),
        ("the reference", "GET", "/api/docs".to_owned(), StatusCode::OK),
        ("a web form", "GET", format!("/api/v1/public/leads/{form}"), StatusCode::OK),
        ("a visit to the provider", "GET", "/api/v1/auth/provider".to_owned(), StatusCode::SEE_OTHER),
        ("the watch", "GET", "/healthz".to_owned(), StatusCode::OK),
    ];
    for (what, method, path, status) in asked {
        let answer = office.asks(method, &path, &signed, None);
        assert_eq!(answer.status, status, "{what}");
        let header = |name: &str| answer.headers.get(name).unwrap_or_else(|| panic!("{what}: no {name}")).to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(policy.contains("base-uri 'none'") && policy.contains("form-action"), "{what}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http:"), "{what}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(header(name), value, "{what}: {name}");
        }
        assert!(header("permissions-policy").contains("camera=()"), "{what}");
        assert!(!header("x-request-id").is_empty(), "{what}");
        assert!(answer.headers.get("access-control-allow-origin").is_none(), "{what}: no other site reads it");
        assert!(answer.headers.get("server").is_none() && answer.headers.get("x-powered-by").is_none(), "{what}");
        if path.starts_with("/api/v1") {
            assert!(!header("cache-control").contains("public"), "{what}: no proxy keeps it");
        }
    }
}

#[test]
fn the_apps_page_has_a_number_of_its_own_each_time_and_pages_without_scripts_name_their_styles() {
    one(|office| {
        let number = |answer: &Answer| {
            let policy = answer.headers["content-security-policy"].to_str().unwrap().to_owned();
            policy.split("'nonce-").nth(1).map(|rest| rest.split('\'').next().unwrap().to_owned())
        };
        let page = || office.asks("GET", "/", &[("if-none-match", "*")], None).is_ok();
        let (first, second) = (page(), page());
        assert!(first.headers.get("etag").is_none(), "a kept page would have the number of another answer");
        // A server that is built without the app has a page without styles.
        if let (Some(one), Some(other)) = (number(&first), number(&second)) {
            assert!(one.len() >= 24 && one != other);
            assert!(first.text.contains(&format!("nonce=\"{one}\"")), "{}", first.text);
            assert!(!first.text.contains("<style") && !first.text.contains(" style="), "{}", first.text);
        }
        let form = office
            .ada()
            .posts("/web-forms", &json!({"name": "Site", "fields": [{"field": "name", "required": true}]}))
            .is(StatusCode::CREATED);
        let form = format!("/api/v1/public/leads/{}", form.body["public_key"].as_str().unwrap());
        for path in ["/api/docs", form.as_str()] {
            let page = office.asks("GET", path, &[], None).is_ok();
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("style-src 'sha256-") && policy.contains("script-src 'none'"), "{path}: {policy}");
            assert!(!page.text.contains(" style=") && !page.text.contains("<script"), "{path}");
            let handlers = ["onclick=", "onload=", "onerror=", "onsubmit=", "javascript:"];
            assert!(handlers.iter().all(|handler| !page.text.contains(handler)), "{path}");
            let style = page.text.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
            use base64::Engine as _;
            let hash = base64::engine::general_purpose::STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, style.as_bytes()));
            assert!(policy.contains(&hash), "{path}: the sheet is the one that is named");
        }
    });
}

#[test]
fn cookies_are_kept_from_scripts_and_other_sites_and_go_by_https_alone_where_there_is_any() {
    let edge = Edge { public_url: Some("https://sales.example.com".to_owned()), ..Edge::default() };
    let office = Office::standing(&Database::sqlite(), edge);
    office.give_password("kim", PASSWORD);
    let welcome = log_in_with(&office, "kim@example.com", PASSWORD, &[]).is_ok();
    let set = welcome.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age="] {
        assert!(set.contains(part), "{part}: {set}");
    }
    assert!(!set.contains("Domain"), "no other host of the domain gets it: {set}");
    assert!(!welcome.text.contains(cookie(&welcome).split('=').nth(1).unwrap()), "the secret is in the cookie alone");
}

#[test]
fn signing_in_makes_a_new_session_whatever_the_browser_brings() {
    one(|office| {
        office.give_password("kim", PASSWORD);
        office.give_password("lee", PASSWORD);
        // One that somebody has put into the browser.
        let planted = "stagecraft_session=0000000000000000000000000000000000000000000000000000000000000000";
        let welcome = log_in_with(office, "kim@example.com", PASSWORD, &[("cookie", planted)]).is_ok();
        assert_ne!(cookie(&welcome), planted);
        office.asks("GET", "/api/v1/me", &[("cookie", planted)], None).refused(StatusCode::UNAUTHORIZED, "auth.required");
        // One that was somebody's own, and good.
        let kims = cookie(&welcome);
        let as_lee = log_in_with(office, "lee@example.com", PASSWORD, &[("cookie", &kims)]).is_ok();
        assert_ne!(cookie(&as_lee), kims);
        assert_ne!(welcome.body["csrf_token"], as_lee.body["csrf_token"]);
        let me = |cookie: &str| office.asks("GET", "/api/v1/me", &[("cookie", cookie)], None).is_ok().body["person"]["email"].clone();
        assert_eq!((me(&kims), me(&cookie(&as_lee))), (json!("kim@example.com"), json!("lee@example.com")));
        // The token of one session is none for another.
        let (lees, csrf) = (cookie(&as_lee), welcome.body["csrf_token"].as_str().unwrap().to_owned());
        let mixed = [("cookie", lees.as_str()), ("x-csrf-token", csrf.as_str())];
        let body = json!({"fields": {"name": "x"}});
        office.asks("POST", "/api/v1/records/opportunity", &mixed, Some(&body)).refused(StatusCode::FORBIDDEN, "auth.csrf");
    });
}

#[test]
fn a_page_of_another_site_changes_nothing_in_the_name_of_who_looks_at_it() {
    one(|office| {
        office.give_password("kim", PASSWORD);
        let (cookie, csrf) = log_in(office, "kim");
        let deal = office.kim().opens_a_deal(&json!({}));
        let before = office.kim().sees(&deal).text;
        let form = "name=Stolen&fields=x";
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n";
        // What a form, or fetch without asking first, can send.
        let simple = [
            ("application/x-www-form-urlencoded", form.as_bytes().to_vec()),
            ("text/plain", b"{\"fields\":{\"name\":\"Stolen\"}}".to_vec()),
            ("text/plain;application/json", b"{\"fields\":{\"name\":\"Stolen\"}}".to_vec()),
            ("multipart/form-data; boundary=b", multipart.as_bytes().to_vec()),
            ("", b"{\"fields\":{\"name\":\"Stolen\"}}".to_vec()),
            ("application/json", b"{\"fields\":{\"name\":\"Stolen\"}}".to_vec()),
            ("application/json", Vec::new()),
        ];
        let places = [
            ("POST", "/records/opportunity".to_owned()),
            ("POST", format!("{}/void", deal.path())),
            ("POST", format!("{}/lock", deal.path())),
            ("POST", "/files".to_owned()),
            ("POST", "/imports/files".to_owned()),
            ("POST", "/imports".to_owned()),
            ("POST", "/auth/logout".to_owned()),
            ("DELETE", "/me/sessions".to_owned()),
            ("PATCH", deal.path()),
        ];
        for (method, path) in &places {
            for (kind, body) in &simple {
                for origin in [None, Some("https://evil.example"), Some("null")] {
                    let mut headers = vec![("cookie", cookie.as_str())];
                    headers.extend((!kind.is_empty()).then_some(("content-type", *kind)));
                    headers.extend(origin.map(|origin| ("origin", origin)));
                    let answer = sends(office, method, path, &headers, body.clone());
                    // Also before it is looked at who asks, where the body is none of this call's.
                    assert!(
                        [
                            StatusCode::FORBIDDEN,
                            StatusCode::UNSUPPORTED_MEDIA_TYPE,
                            StatusCode::BAD_REQUEST,
                            StatusCode::UNPROCESSABLE_ENTITY
                        ]
                        .contains(&answer.status),
                        "{method} {path} {kind} {origin:?}: {} {:#}",
                        answer.status,
                        answer.body
                    );
                    assert!(answer.headers.get("access-control-allow-origin").is_none());
                }
            }
        }
        assert_eq!(office.kim().sees(&deal).text, before);
        office.asks("GET", "/api/v1/me", &[("cookie", &cookie)], None).is_ok();

        // Where the browser says that another site asks, the right token is of no use either.
        let write = |site: &str| {
            let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str()), ("sec-fetch-site", site)];
            office.asks("PATCH", &format!("/api/v1{}", deal.path()), &headers, Some(&json!({"fields": {"next_step": site}})))
        };
        for site in ["cross-site", "same-site", "nonsense"] {
            write(site).refused(StatusCode::FORBIDDEN, "auth.csrf");
        }
        write("same-origin").is_ok();
        write("none").is_ok();
        // Nor is anybody signed in as somebody else by it.
        log_in_with(office, "kim@example.com", PASSWORD, &[("sec-fetch-site", "cross-site")]).refused(StatusCode::FORBIDDEN, "auth.csrf");
        let text = json!({"email": "kim@example.com", "password": PASSWORD}).to_string();
        let by_form = sends(office, "POST", "/auth/login", &[("content-type", "text/plain")], text);
        by_form.refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type");
        // Nobody asks first with success: no answer lets another site read or write.
        let first = office.asks(
            "OPTIONS",
            "/api/v1/records/opportunity",
            &[("origin", "https://evil.example"), ("access-control-request-method", "POST")],
            None,
        );
        assert!(!first.status.is_success() && first.headers.get("access-control-allow-origin").is_none(), "{}", first.status);
        // A program's token is not something that a browser adds by itself, so it needs no more.
        let bearer = office.kim().bearer();
        let headers = [("authorization", bearer.as_str()), ("sec-fetch-site", "cross-site")];
        office.asks("PATCH", &format!("/api/v1{}", deal.path()), &headers, Some(&json!({"fields": {"next_step": "Call"}}))).is_ok();
    });
}

#[test]
fn what_is_uploaded_is_named_plainly_and_served_inert() {
    one(|office| {
        let kim = office.kim();
        let png = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>".to_vec();
        let contents: Vec<(&str, Vec<u8>)> = vec![
            ("text/html", b"<!doctype html><script>alert(1)</script>".to_vec()),
            ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>".to_vec()),
            (
                "application/xhtml+xml",
                b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>".to_vec(),
            ),
            ("application/javascript", b"alert(document.domain)".to_vec()),
            ("image/gif", b"GIF89a/*<script>*/=1;alert(1)//".to_vec()),
            ("image/png", png),
            ("application/pdf", b"%PDF-1.4\n<html><script>alert(1)</script>".to_vec()),
            ("text/html", b"PK\x03\x04 and <script>alert(1)</script>".to_vec()),
            ("image/jpeg", b"\xff\xd8\xff\xe0<svg onload=alert(1)>".to_vec()),
            ("text/html", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-".into()),
            ("text/html", vec![0xfe, 0xff, 0x00, 0x3c, 0x00, 0x73]),
            ("application/x-msdownload", b"MZ\x90\x00".to_vec()),
        ];
        for (kind, content) in contents {
            let sent = upload(office, kim, "a.html", kind, &content).is(StatusCode::CREATED).body;
            let path = format!("/files/{}", sent["id"].as_str().unwrap());
            let (status, headers, got) = bytes_of(office, kim, Method::GET, &path, None);
            assert_eq!((status, &got), (StatusCode::OK, &content));
            let served = headers["content-type"].to_str().unwrap();
            assert!(!["html", "svg", "xml", "javascript"].iter().any(|active| served.contains(active)), "{kind} is served as {served}");
            assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
            assert_eq!(headers["x-content-type-options"], "nosniff");
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("sandbox;") && policy.contains("default-src 'none'"), "{policy}");
        }
        for (name, plain) in [
            ("../../etc/passwd", "passwd"),
            ("..\\\\..\\\\windows\\\\system32\\\\a.dll", "a.dll"),
            ("/absolute/a.txt", "a.txt"),
            ("a\tb.txt", "ab.txt"),
            ("C:a.txt", "C:a.txt"),
        ] {
            let sent = upload(office, kim, name, "text/plain", b"x").is(StatusCode::CREATED).body;
            assert_eq!(sent["name"], plain, "{name}");
            let got = kim.gets(&format!("/files/{}", sent["id"].as_str().unwrap())).is_ok();
            let told = got.headers["content-disposition"].to_str().unwrap();
            assert!(!told.contains("..") && !told.contains('\\') && !told.contains('\n'), "{told}");
        }
        let long = upload(office, kim, &format!("{}.txt", "n".repeat(4_000)), "text/plain", b"x").is(StatusCode::CREATED).body;
        assert_eq!(long["name"].as_str().unwrap().len(), 200);
        for nameless in ["", "..", "/", "a/"] {
            let answer = upload(office, kim, nameless, "text/plain", b"x");
            assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY || answer.body["name"] == "..", "{nameless}: {:#}", answer.body);
        }
    });
}

/// Cells of a CSV file that a spreadsheet would run.
fn run_by_a_spreadsheet(text: &str) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let cells = reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    let formula =
        |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && cell.parse::<f64>().is_err();
    cells.filter(formula).collect()
}

#[test]
fn no_export_holds_what_a_spreadsheet_would_run() {
    one(|office| {
        let (ada, mona) = (office.ada(), office.mona());
        let role = ada.gets("/roles/sales_manager").is_ok().body;
        let mut role = role.clone();
        role["objects"]["*"]["acts"].as_array_mut().unwrap().push(json!("export"));
        let evil = "=cmd|' /C calc'!A0";
        let account = ada.creates("account", &json!({"name": evil}));
        for name in [evil, "+1+1", "-2+3", "@SUM(1)", "\u{ff1d}1+1"] {
            ada.opens_a_deal(&json!({"name": name, "account": account.id, "next_step": name, "amount": "-5"}));
        }
        ada.creates("employee", &json!({"name": "=HYPERLINK(\"http://evil.example\")", "email": "evil@example.com"}));
        ada.patches("/organisation", &json!({"name": evil})).is_ok();
        let chart = json!({"object": "opportunity", "chart_type": "column", "measure": {"kind": "count"}, "group": {"field": "next_step"}});
        let chart = chart.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let process = ada.gets("/processes").body["items"][0].clone();
        let file = format!("id,title,customer\n1,{evil},=evil()\n2,,@x\n");
        let told = imports::sends(
            mona,
            &file,
            &json!({"object": "opportunity", "mapping": {"title": "name", "customer": "account"}, "keys": {"external_source": "o", "external_column": "id"}}),
        )
        .is_ok();
        let import = told.body["id"].as_str().unwrap().to_owned();
        let mut exports: Vec<(Person<'_>, Method, String, Option<Json>)> = Vec::new();
        for format in ["csv", "xlsx"] {
            for object in ["opportunity", "account", "employee"] {
                exports.push((ada, Method::GET, format!("/records/{object}/export?format={format}"), None));
            }
            for analysis in [
                "stage-conversion",
                "win-loss",
                "ageing",
                "leaderboard",
                "activity",
                "pipeline?by=owner",
                "forecast",
                "as-of?day=2026-01-05",
                "waterfall?from=2026-01-01&to=2026-01-05",
                "projection",
            ] {
                let joint = if analysis.contains('?') { '&' } else { '?' };
                exports.push((ada, Method::GET, format!("/analysis/{analysis}{joint}format={format}"), None));
            }
            exports.push((ada, Method::GET, format!("/analysis/figures?chart={chart}&format={format}"), None));
        }
        exports.push((ada, Method::GET, "/audit/export".to_owned(), None));
        exports.push((
            ada,
            Method::POST,
            format!("/processes/{}/try/export", process["id"].as_str().unwrap()),
            Some(json!({"list": "stuck"})),
        ));
        for what in ["problems", "failed", "result"] {
            exports.push((mona, Method::GET, format!("/imports/{import}/{what}.csv"), None));
        }
        let (mut files, mut refused) = (0, Vec::new());
        for (who, method, path, body) in exports {
            let (status, headers, bytes) = bytes_of(office, who, method, &path, body.as_ref());
            if !status.is_success() {
                refused.push(format!("{path}: {status} {}", String::from_utf8_lossy(&bytes)));
                continue;
            }
            let kind = headers["content-type"].to_str().unwrap().to_owned();
            if kind.starts_with("text/csv") {
                assert_eq!(run_by_a_spreadsheet(std::str::from_utf8(&bytes).unwrap()), Vec::<String>::new(), "{path}");
            } else {
                assert!(kind.contains("spreadsheetml"), "{path} is no file: {kind}");
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
                for at in 0..archive.len() {
                    let mut text = String::new();
                    let mut part = archive.by_index(at).unwrap();
                    if part.read_to_string(&mut text).is_ok() {
                        assert!(!text.contains("<f>") && !text.contains("<f ") && !text.contains("externalLink"), "{path}: a formula");
                    }
                }
            }
            files += 1;
        }
        assert_eq!(refused, Vec::<String>::new(), "every export is looked at");
        assert!(files > 30, "{files}");
    });
}

#[test]
fn who_asks_for_too_much_is_told_so_at_once() {
    one(|office| {
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        let bearer = kim.bearer();
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let post = |path: &str, body: String| {
            let begun = Instant::now();
            let answer = sends(office, "POST", path, &headers, body);
            (answer, begun.elapsed())
        };
        let quick = |what: &str, (answer, took): (Answer, Duration)| {
            assert!(answer.status.is_client_error(), "{what}: {} {:.300}", answer.status, answer.text);
            assert!(answer.text.len() < 100_000, "{what}: an answer of {} bytes", answer.text.len());
            assert!(took < Duration::from_secs(5), "{what} took {took:?}");
        };
        // Deep, wide and long bodies.
        quick(
            "deep lists",
            post("/records/opportunity", format!("{{\"fields\":{{\"name\":{}1{}}}}}", "[".repeat(100_000), "]".repeat(100_000))),
        );
        quick("deep objects", post("/records/opportunity", format!("{}1{}", "{\"fields\":".repeat(50_000), "}".repeat(50_000))));
        let wide: String = (0..40_000).map(|n| format!("\"f{n}\":1,")).collect();
        quick("40,000 fields", post("/records/opportunity", format!("{{\"fields\":{{{wide}\"name\":\"x\"}}}}")));
        quick(
            "a million digits",
            post("/records/opportunity", format!("{{\"fields\":{{\"name\":\"x\",\"amount\":\"{}\"}}}}", "9".repeat(1_000_000))),
        );
        quick(
            "a number without end",
            post("/records/opportunity", format!("{{\"fields\":{{\"name\":\"x\",\"amount\":1{}}}}}", "0".repeat(900_000))),
        );
        quick("a name of a megabyte", post("/records/opportunity", format!("{{\"fields\":{{\"name\":\"{}\"}}}}", "n".repeat(1_000_000))));
        quick("over a megabyte", post("/records/opportunity", "x".repeat((1 << 20) + 1)));
        let ids: Vec<String> = (0..25_000).map(|_| format!("\"{}\"", deal.id)).collect();
        quick("25,000 ids", post("/records/opportunity/bulk", format!("{{\"ids\":[{}],\"act\":\"void\"}}", ids.join(","))));
        let tokens: Vec<String> = (0..20_000).map(|n| format!("\"t{n}\"")).collect();
        quick(
            "20,000 accepted duplicates",
            post("/records/opportunity", format!("{{\"fields\":{{\"name\":\"x\"}},\"accept_duplicates\":[{}]}}", tokens.join(","))),
        );
        // Conditions.
        let escaped = |json: &Json| json.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let listed = |filter: &Json| {
            let begun = Instant::now();
            (kim.gets(&format!("/records/opportunity?filter={}", escaped(filter))), begun.elapsed())
        };
        let mut deep = json!({"field": "name", "op": "eq", "value": "x"});
        for _ in 0..60 {
            deep = json!({ "not": deep });
        }
        quick("a deep condition", listed(&deep));
        let row = json!({"field": "name", "op": "eq", "value": "x"});
        quick("a wide condition", listed(&json!({"any": vec![row.clone(); 300]})));
        // What can be asked is answered soon.
        let soon = |what: &str, (answer, took): (Answer, Duration)| {
            assert!(!answer.status.is_server_error(), "{what}: {} {:.300}", answer.status, answer.text);
            assert!(took < Duration::from_secs(5), "{what} took {took:?}");
        };
        soon("a long list", listed(&json!({"field": "name", "op": "in", "value": vec!["x"; 1_000]})));
        soon("a long text", listed(&json!({"field": "name", "op": "contains", "value": "x".repeat(10_000)})));
        let far = format!("{}name", "account.parent.".repeat(400));
        quick("a long way", listed(&json!({"field": far, "op": "eq", "value": "x"})));
        // Formulas, names and everything that is divided by commas.
        let ada = office.ada();
        let begun = Instant::now();
        let formula = ada.posts("/objects/opportunity/formula", &json!({"formula": "1+".repeat(50_000) + "1", "result": "number"}));
        assert_eq!(formula.body["violations"][0]["code"], "formula.too_long");
        soon("a long formula", (formula, begun.elapsed()));
        let begun = Instant::now();
        let fields = vec!["nonsense"; 4_000].join(",");
        quick("4,000 columns", (kim.gets(&format!("/records/opportunity?fields={fields}")), begun.elapsed()));
        let key = "k".repeat(10_000);
        let body = json!({"fields": {"name": "x"}});
        let answer = kim.asks(Method::POST, "/records/opportunity", &[("idempotency-key", &key)], Some(&body));
        quick("a long key", (answer, Duration::ZERO));
        // A search for very much finds little, and soon.
        let begun = Instant::now();
        let found = kim.gets(&format!("/search?q={}", "ab%20".repeat(5_000)));
        assert!(found.status.is_success() || found.status.is_client_error(), "{}", found.status);
        assert!(begun.elapsed() < Duration::from_secs(5));
        // Others were served meanwhile, and still are.
        kim.sees(&deal).is_ok();
    });
}

#[test]
fn who_is_not_known_waits_as_long_as_who_is() {
    one(|office| {
        office.give_password("kim", PASSWORD);
        let timed = |email: &str| {
            let mut times: Vec<Duration> = (0..4)
                .map(|_| {
                    let begun = Instant::now();
                    log_in_with(office, email, "wrong and long enough", &[]).refused(StatusCode::UNAUTHORIZED, "auth.wrong_password");
                    begun.elapsed()
                })
                .collect();
            times.sort();
            times[0]
        };
        let (known, unknown, none) = (timed("kim@example.com"), timed("nobody@example.com"), timed("lee@example.com"));
        // Hashing is what takes long; whoever left it out would be a hundred times as fast.
        for other in [unknown, none] {
            assert!(other * 3 > known && known * 3 > other, "{known:?} {unknown:?} {none:?}");
        }
    });
}

#[test]
fn a_code_is_good_once_and_not_for_another_sign_in() {
    one(|office| {
        office.give_password("kim", PASSWORD);
        let (cookie, csrf) = log_in(office, "kim");
        let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str())];
        let begun = office.asks("POST", "/api/v1/me/second-factor", &headers, Some(&json!({}))).is_ok();
        let secret = totp::from_base32(begun.body["secret"].as_str().unwrap()).unwrap();
        let now = office
            .house
            .read(&stagecraft_core::Credential::System("the clock"), stagecraft_core::Limits::default(), |cx, _| Ok(cx.at.0 / 1_000_000))
            .unwrap();
        let code = |at: i64| totp::code_at(&secret, at);
        office.asks("POST", "/api/v1/me/second-factor/confirm", &headers, Some(&json!({"code": code(now - 30)}))).is_ok();
        let half = || {
            let answer = log_in_with(office, "kim@example.com", PASSWORD, &[]).is(StatusCode::ACCEPTED);
            self::cookie(&answer)
        };
        let step = |pending: &str, code: &str| {
            office.asks("POST", "/api/v1/auth/second-factor", &[("cookie", pending)], Some(&json!({ "code": code })))
        };
        // The one that confirmed is used up, as is each that has let somebody in.
        step(&half(), &code(now - 30)).refused(StatusCode::UNAUTHORIZED, "auth.wrong_code");
        let pending = half();
        step(&pending, &code(now)).is_ok();
        step(&half(), &code(now)).refused(StatusCode::UNAUTHORIZED, "auth.wrong_code");
        step(&pending, &code(now + 30)).refused(StatusCode::UNAUTHORIZED, "auth.sign_in_expired");
        step("stagecraft_pending=guessed", &code(now + 30)).refused(StatusCode::UNAUTHORIZED, "auth.sign_in_expired");
        step(&half(), &code(now + 30)).is_ok();
    });
}
