//! Lists as files.

use std::io::{Cursor, Read};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use crate::office::{Answer, Office, Person, both, one};

fn csv(person: Person<'_>, query: &str) -> Vec<String> {
    let answer = person.gets(&format!("/records/opportunity/export?{query}")).is(StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let text = answer.text.strip_prefix('\u{feff}').expect("a byte order mark").to_owned();
    text.split("\r\n").map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

#[test]
fn a_csv_file_holds_what_the_list_shows_as_people_read_it() {
    both(|office| {
        sellers_export(office);
        let (kim, ada) = (office.kim(), office.ada());
        ada.posts("/currency-rates", &json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.08"})).is(StatusCode::CREATED);
        kim.patches("/me", &json!({"time_zone": "Asia/Tokyo"})).is_ok();
        let account = kim.creates("account", &json!({"name": "Lindental, \"Süd\""}));
        kim.opens_a_deal(&json!({
            "name": "=HYPERLINK(\"x\")", "amount": {"amount": "-1054.5", "currency": "EUR"}, "account": account.id, "expected_close_date": "2026-03-01",
            "description": "Long\ntext", "lead_source": "referral",
        }));
        kim.opens_a_deal(&json!({"name": "Blank"}));
        office.lee().opens_a_deal(&json!({"name": "Lee's"}));
        let fields = "fields=name,amount,account,owner,expected_close_date,created_at,lead_source,locked,overdue,sales_process,description";
        assert_eq!(
            csv(kim, &format!("{fields}&sort=name")),
            [
                "Opportunity name,Opportunity amount,Opportunity amount (currency),Account,Owner,Expected close date,Created at,Lead source,Locked,Overdue,Sales process,Description",
                "\"'=HYPERLINK(\"\"x\"\")\",-1054.50,EUR,\"Lindental, \"\"Süd\"\"\",Kim Park,2026-03-01,2026-01-05 18:00,Referral,No,No,Standard sales process,\"Long\ntext\"",
                "Blank,,,,Kim Park,,2026-01-05 18:00,,No,No,Standard sales process,",
            ]
        );
        let keys = csv(kim, "fields=name,amount,owner,lead_source,locked&header=keys&values=keys&sort=-name");
        assert_eq!(keys[0], "name,amount,amount_currency,owner,lead_source,locked");
        assert_eq!(keys[1], format!("Blank,,,{},,false", kim.id));
        assert_eq!(keys[2], format!("\"'=HYPERLINK(\"\"x\"\")\",-1054.50,EUR,{},referral,false", kim.id));
        kim.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        assert_eq!(csv(kim, "fields=amount,locked&q=blank"), ["商机金额,商机金额（币种）,锁定", ",,否"]);
        let answer = kim.gets("/records/opportunity/export").is_ok();
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"opportunity-2026-01-05.csv\"");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.text.contains("Long\ntext"), "every field, the long texts too");
    });
}

#[test]
fn it_takes_views_filters_and_ids_and_keeps_to_what_one_may_see_and_do() {
    both(|office| {
        sellers_export(office);
        let (kim, lee, ada) = (office.kim(), office.lee(), office.ada());
        let deals: Vec<String> = ["Alder", "Birch", "Cedar"].iter().map(|name| kim.opens_a_deal(&json!({"name": name})).id).collect();
        let foreign = lee.opens_a_deal(&json!({"name": "Lee's"})).id;
        let view = json!({"object": "opportunity", "name": "x", "columns": ["name"], "sort": "-name", "filter": {"field": "name", "op": "gt", "value": "b"}});
        let view = kim.posts("/views", &view).is(StatusCode::CREATED).body["id"].as_str().unwrap().to_owned();
        assert_eq!(csv(kim, &format!("view={view}")), ["Opportunity name", "Cedar", "Birch"]);
        assert_eq!(
            csv(kim, &format!("view={view}&fields=id,name&q=bir&header=keys")),
            ["id,name".to_owned(), format!("{},Birch", deals[1])]
        );
        assert_eq!(
            csv(kim, &format!("fields=name&sort=name&ids={},{foreign},{},no-id", deals[2], deals[0])),
            ["Opportunity name", "Alder", "Cedar"]
        );
        assert_eq!(csv(kim, "fields=name&ids="), ["Opportunity name"]);
        assert_eq!(csv(lee, "fields=name"), ["Opportunity name", "Lee's"]);
        kim.gets("/records/opportunity/export?fields=name,nmae").is_invalid(&["field.unknown:nmae"]);
        kim.gets("/records/opportunity/export?format=pdf").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/records/nothing/export").is_not_found();
        lee.gets(&format!("/records/opportunity/export?view={view}")).is_not_found();
        change_role(office, "salesperson", |role| {
            role["objects"]["opportunity"]["acts"].as_array_mut().unwrap().retain(|act| act != "export")
        });
        change_role(office, "auditor", |role| role["objects"]["*"]["fields"] = json!({"amount": "hidden", "lines_total": "hidden"}));
        kim.gets("/records/opportunity/export").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        // Mona's role still allows it, and hides nothing.
        let all = csv(office.mona(), "header=keys&sort=name");
        assert!(all[0].contains(",amount,amount_currency,"));
        let ines = csv(office.ines(), "header=keys");
        assert!(!ines[0].contains("amount") && ines.len() == 5, "{ines:?}");
        ada.gets("/records/opportunity/export?format=xlsx").is_ok();
    });
}

/// Salespeople may export deals, which the roles as shipped do not allow them.
fn sellers_export(office: &Office) {
    change_role(office, "salesperson", |role| role["objects"]["opportunity"]["acts"].as_array_mut().unwrap().push("export".into()));
}

fn change_role(office: &Office, key: &str, change: impl Fn(&mut Json)) {
    let roles = office.ada().gets("/roles").body["items"].clone();
    let mut role = roles.as_array().unwrap().iter().find(|role| role["key"] == key).unwrap().clone();
    change(&mut role);
    office.ada().puts(&format!("/roles/{key}"), &role).is_ok();
}

/// The cells of a sheet as XML has them.
fn sheet(answer: &Answer, bytes: &[u8]) -> String {
    assert_eq!(answer.status, StatusCode::OK);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet").read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_xlsx_file_has_typed_cells_and_no_formulas() {
    both(|office| {
        sellers_export(office);
        let kim = office.kim();
        kim.opens_a_deal(&json!({"name": "=1+1", "amount": "1054.5", "win_rate": "12.5", "expected_close_date": "2026-03-01"}));
        kim.opens_a_deal(&json!({"name": "-x", "amount": "99999999999999.99"}));
        let request = Request::builder()
            .uri("/api/v1/records/opportunity/export?format=xlsx&sort=name&fields=name,amount,win_rate,expected_close_date,created_at,locked")
            .header("authorization", kim.bearer())
            .body(Body::empty())
            .unwrap();
        let (answer, bytes) = office.in_time(async {
            let response = office.router().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            (Answer { status: parts.status, headers: parts.headers, body: Json::Null, text: String::new() }, bytes)
        });
        assert_eq!(answer.headers["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        let sheet = sheet(&answer, &bytes);
        assert!(!sheet.contains("<f>"), "{sheet}");
        for cell in [
            "<t>=1+1</t>",
            "<v>1054.5</v>",
            "<v>12.5</v>",
            "<v>46082</v>",
            "<t>99999999999999.99</t>",
            "t=\"b\"><v>0</v>",
            "<v>46027.375</v>",
        ] {
            assert!(sheet.contains(cell), "{cell}: {sheet}");
        }
    });
}

#[test]
fn many_rows_come_in_their_order_over_all_pages_and_a_session_needs_its_cookie_alone() {
    both(|office| {
        sellers_export(office);
        let kim = office.kim();
        let mut due: Vec<String> = Vec::new();
        for n in 0..1203 {
            let name = format!("Deal {:04}", n * 7919 % 1203);
            office.create("opportunity", &json!({"name": name, "owner": kim.id.to_string()}));
            due.push(name);
        }
        due.sort();
        assert_eq!(csv(kim, "fields=name&sort=name")[1..], due);
        due.reverse();
        assert_eq!(csv(kim, "fields=name&sort=-name")[1..], due);
        office.give_password("kim", "a password for kim");
        let login = office
            .asks("POST", "/api/v1/auth/login", &[], Some(&json!({"email": "kim@example.com", "password": "a password for kim"})))
            .is_ok();
        let cookie = login.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let answer = office.asks("GET", "/api/v1/records/opportunity/export?fields=name", &[("cookie", &cookie)], None).is_ok();
        assert_eq!(answer.text.lines().count(), 1204);
    });
}

#[test]
fn it_comes_whole_to_those_who_take_it_compressed() {
    one(|office| {
        sellers_export(office);
        let kim = office.kim();
        kim.opens_a_deal(&json!({"name": "Pressed"}));
        office.in_time(async {
            let request = Request::builder()
                .uri("/api/v1/records/opportunity/export?fields=name")
                .header("authorization", kim.bearer())
                .header("accept-encoding", "gzip")
                .body(Body::empty())
                .unwrap();
            let response = office.router().oneshot(request).await.unwrap();
            assert_eq!(response.headers()["content-encoding"], "gzip");
            let whole = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert_eq!(whole[..2], [0x1f, 0x8b]);
        });
    });
}

#[test]
fn whoever_hangs_up_gives_his_place_back() {
    one(|office| {
        sellers_export(office);
        let kim = office.kim();
        let note = "x".repeat(9_000);
        for n in 0..2_600 {
            office.create("opportunity", &json!({"name": format!("Deal {n}"), "owner": kim.id.to_string(), "description": note}));
        }
        office.in_time(async {
            for _ in 0..6 {
                let request = Request::builder()
                    .uri("/api/v1/records/opportunity/export?fields=name,description")
                    .header("authorization", kim.bearer())
                    .body(Body::empty())
                    .unwrap();
                let response = office.router().oneshot(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                // Nothing of it is read; with two places, the third would be told to come again.
                drop(response);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    });
}

#[test]
fn several_records_in_a_field_are_written_by_name() {
    both(|office| {
        let ada = office.ada();
        let department = |name: &str| ada.creates("department", &json!({"name": name})).id;
        let (north, south) = (department("Nordhaus"), department("Südhaus"));
        ada.creates("user_group", &json!({"name": "Bid desk", "departments": [south, north]}));
        ada.creates("user_group", &json!({"name": "Nobody"}));
        let file = |query: &str| {
            let answer = ada.gets(&format!("/records/user_group/export?fields=name,departments&sort=name&{query}")).is_ok();
            answer.text.trim_start_matches('\u{feff}').split("\r\n").map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(file("")[1..3], ["Bid desk,Nordhaus; Südhaus", "Nobody,"]);
        assert_eq!(file("values=keys")[1], format!("Bid desk,{north}; {south}"));
    });
}
