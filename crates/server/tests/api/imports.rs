//! Files from other systems, as the screens send them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Answer, Person, both, one};

/// Sends files, to wait for their import.
fn uploads(person: Person<'_>, files: &[(&str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, content) in files {
        body.extend_from_slice(format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--cut--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/imports/files")
        .header("authorization", person.bearer())
        .header("content-type", "multipart/form-data; boundary=cut");
    person.office.sends(request.body(Body::from(body)).unwrap())
}

fn id(answer: &Json) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

pub fn sends(person: Person<'_>, file: &str, options: &Json) -> Answer {
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"deals.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n\
         --cut\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{options}\r\n--cut--\r\n"
    );
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/imports")
        .header("authorization", person.bearer())
        .header("content-type", "multipart/form-data; boundary=cut");
    person.office.sends(request.body(Body::from(body)).unwrap())
}

fn options() -> Json {
    json!({"object": "opportunity", "mapping": {"title": "name", "customer": "account"},
        "keys": {"external_source": "oldcrm", "external_column": "id"}})
}

const FILE: &str = "id,title,customer\n1,Pumps,Lindental Brauerei\n2,Valves,Lindentahl Brauerei\n3,,\n";

#[test]
fn a_file_comes_in_its_problems_are_named_and_the_second_time_nothing_changes() {
    both(|office| {
        let mona = office.mona();
        mona.creates("account", &json!({"name": "Lindental Brauerei"}));
        let done = sends(mona, FILE, &options()).is_ok();
        assert_eq!(
            (&done.body["state"], &done.body["rows"], &done.body["created"], &done.body["failed"]),
            (&json!("done"), &json!(3), &json!(2), &json!(1))
        );
        let offer = &done.body["offered_values"][0];
        assert_eq!((offer["from"].as_str(), offer["to"].as_str()), (Some("Lindentahl Brauerei"), Some("Lindental Brauerei")));
        let lines: Vec<i64> = done.body["problems"].as_array().unwrap().iter().filter_map(|problem| problem["line"].as_i64()).collect();
        assert!(lines.contains(&3) && lines.contains(&4), "{:#}", done.body);
        assert!(
            done.body["problems"]
                .as_array()
                .unwrap()
                .iter()
                .all(|problem| problem["message"].as_str().is_some_and(|text| !text.is_empty()))
        );

        let again = sends(mona, FILE, &options()).is_ok();
        assert_eq!((&again.body["created"], &again.body["unchanged"]), (&json!(0), &json!(2)));

        let path = format!("/imports/{}", done.body["id"].as_str().unwrap());
        assert_eq!(mona.gets(&path).is_ok().body["created"], 2);
        let csv = mona.gets(&format!("{path}/problems.csv")).is_ok();
        assert!(csv.headers["content-type"].to_str().unwrap().starts_with("text/csv") && csv.text.lines().count() > 2, "{}", csv.text);
        assert!(csv.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert_eq!(mona.gets("/imports").is_ok().body["items"].as_array().unwrap().len(), 2);
        office.lee().gets(&path).is_not_found();
        assert_eq!(office.lee().gets("/imports").body["items"], json!([]));
    });
}

#[test]
fn a_file_is_sent_looked_at_corrected_tried_and_imported() {
    both(|office| {
        let mona = office.mona();
        mona.creates("account", &json!({"name": "Lindental Brauerei"}));
        let text =
            b"id;title;customer;close date;amount\n1;Pumps;Lindental Brauerei;3/4/2026;1.250,50\n2;Valves;Nobody;5/6/2026;7\n3;;;;\n";
        let sent = uploads(mona, &[("deals.csv", text)]).is(StatusCode::CREATED);
        let file = &sent.body["items"][0];
        assert_eq!((&file["rows"], &file["found"]["delimiter"], &file["found"]["header"]), (&json!(3), &json!(";"), &json!(true)));
        let column = |name: &str| file["columns"].as_array().unwrap().iter().find(|column| column["name"] == name).unwrap().clone();
        assert_eq!((&column("amount")["looks"], &column("amount")["numbers"]["decimal"]), (&json!("number"), &json!(",")));
        assert_eq!(column("close date")["dates"], json!({"order": null, "certain": false, "example": "3/4/2026"}));
        let path = format!("/imports/files/{}", id(file));
        assert_eq!(mona.gets("/imports/files").is_ok().body["items"].as_array().unwrap().len(), 1);
        office.lee().gets(&path).is_not_found();

        // Read in another way, and back.
        let anew = mona.patches(&path, &json!({"header": false, "delimiter": ","})).is_ok();
        assert_eq!((&anew.body["rows"], &anew.body["columns"][0]["name"]), (&json!(4), &json!("A")));
        mona.patches(&path, &json!({"encoding": "klingon"})).is_invalid(&["import.encoding_unknown:encoding"]);
        assert_eq!(mona.patches(&path, &json!({})).is_ok().body["rows"], 3);

        let guess = mona.posts("/imports/propose", &json!({"file": id(file), "object": "opportunity"})).is_ok();
        let mut options = guess.body["options"].clone();
        assert_eq!(
            (
                &options["mapping"]["title"],
                &options["mapping"]["customer"],
                &options["mapping"]["amount"],
                &options["keys"]["external_column"]
            ),
            (&json!("name"), &json!("account"), &json!("amount"), &json!("id"))
        );
        options["formats"] = json!({"close date": {"dates": "dmy"}});
        let begin = |dry_run: bool| json!({"file": id(file), "options": options, "dry_run": dry_run});
        let tried = mona.posts("/imports", &begin(true)).is(StatusCode::ACCEPTED);
        assert_eq!(
            (&tried.body["state"], &tried.body["created"], &tried.body["failed"]),
            (&json!("done"), &json!(2), &json!(1)),
            "{:#}",
            tried.body
        );
        assert_eq!(mona.gets("/records/opportunity?count=exact").body["count"], 0);

        let done = mona.posts("/imports", &begin(false)).is(StatusCode::ACCEPTED);
        assert_eq!((&done.body["created"], &done.body["can"]["undo"]), (&json!(2), &json!(true)));
        let pumps = mona.gets("/records/opportunity?q=pumps").is_ok().body["items"][0]["fields"].clone();
        assert_eq!((&pumps["expected_close_date"], &pumps["amount"]["amount"]), (&json!("2026-04-03"), &json!("1250.50")));

        let path = format!("/imports/{}", id(&done.body));
        let failed = mona.gets(&format!("{path}/failed.csv")).is_ok();
        let lines: Vec<&str> = failed.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "id,title,customer,close date,amount,import_line,import_problem");
        assert!(lines[1].starts_with("2,Valves,Nobody,5/6/2026,7,3,") && lines[2].starts_with("3,,,,,4,"), "{lines:?}");
        let result = mona.gets(&format!("{path}/result.csv")).is_ok();
        assert_eq!(result.text.matches(",created,opportunity,").count(), 2, "{}", result.text);

        let undone = mona.posts(&format!("{path}/undo"), &json!({})).is(StatusCode::ACCEPTED);
        assert_eq!((&undone.body["state"], &undone.body["undo"]["deleted"]), (&json!("undone"), &json!(2)), "{:#}", undone.body);
        assert_eq!(mona.gets("/records/opportunity?count=exact").body["count"], 0);
        mona.posts(&format!("{path}/undo"), &json!({})).is_invalid(&["import.cannot_be_undone:"]);
        mona.posts(&format!("{path}/cancel"), &json!({})).is_invalid(&["import.not_running:"]);
    });
}

#[test]
fn the_files_of_a_known_system_are_known_by_their_columns() {
    one(|office| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/data/b2b-sales");
        let names = ["sales_pipeline.csv", "products.csv", "sales_teams.csv", "accounts.csv"];
        let contents: Vec<Vec<u8>> = names.iter().map(|name| std::fs::read(folder.join(name)).unwrap()).collect();
        let files: Vec<(&str, &[u8])> = names.iter().zip(&contents).map(|(name, content)| (*name, content.as_slice())).collect();
        let ada = office.ada();
        let sent = uploads(ada, &files).is(StatusCode::CREATED);
        let ids: Vec<String> = sent.body["items"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(sent.body["items"][0]["matches"][0]["plan"], "b2b-sales");
        let plan = ada.posts("/imports/propose-plan", &json!({"files": ids})).is_ok();
        assert_eq!((&plan.body["plan"]["source"], plan.body["steps"].as_array().unwrap().len()), (&json!("shipped"), 6));
        // What is proposed can be asked for as it is.
        let asked = json!({"steps": [plan.body["steps"][4]], "prepare": plan.body["prepare"], "dry_run": true});
        assert_eq!(ada.posts("/imports", &asked).is(StatusCode::ACCEPTED).body["steps"][0]["file_name"], "products.csv");
        let guess = ada.posts("/imports/propose-plan", &json!({"files": ids[..2]})).is_ok();
        let objects: Vec<&str> =
            guess.body["steps"].as_array().unwrap().iter().filter_map(|step| step["options"]["object"].as_str()).collect();
        assert_eq!((&guess.body["plan"]["source"], objects), (&json!("guess"), vec!["product", "opportunity"]));
    });
}

/// An XLSX file of one sheet.
fn sheet(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let open = "http://schemas.openxmlformats.org";
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{open}/package/2006/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{open}/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{open}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{open}/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{open}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{open}/spreadsheetml/2006/main\" xmlns:r=\"{open}/officeDocument/2006/relationships\"><sheets><sheet name=\"Deals\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{open}/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    for (name, content) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn spreadsheets_are_read_and_bombs_are_not() {
    one(|office| {
        let mona = office.mona();
        let cell = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let rows = format!(
            "<row r=\"1\">{}{}</row><row r=\"3\">{}<c r=\"B3\"><v>12.5</v></c></row>",
            cell("A1", "name"),
            cell("B1", "employees"),
            cell("A3", "Acme")
        );
        let sent = uploads(mona, &[("accounts.xlsx", &sheet(&rows))]).is(StatusCode::CREATED);
        let file = &sent.body["items"][0];
        assert_eq!((&file["kind"], &file["sheets"], &file["rows"]), (&json!("xlsx"), &json!(["Deals"]), &json!(1)));
        let path = format!("/imports/files/{}", id(file));
        mona.patches(&path, &json!({"sheet": "Other"})).is_invalid(&["import.sheet_unknown:sheet"]);
        let begin = |options: &Json| mona.posts("/imports", &json!({"file": id(file), "options": options}));
        begin(&json!({"object": "account", "sub_objects": [{"object": "product", "mapping": {"name": "name"}}]}))
            .is_invalid(&["import.via_unknown"]);
        let done = begin(&json!({"object": "account", "mapping": {"employees": null}})).is(StatusCode::ACCEPTED);
        assert_eq!(done.body["created"], 1, "{:#}", done.body);
        mona.posts(&format!("/imports/{}/resume", id(&done.body)), &json!({})).is_invalid(&["import.not_stopped:"]);
        mona.asks(axum::http::Method::DELETE, &path, &[], None).is_invalid(&["import.file_in_use:"]);

        let bomb = format!("<row r=\"1\">{}</row>", cell("A1", &"a".repeat(40 << 20)));
        uploads(mona, &[("bomb.xlsx", &sheet(&bomb))]).is_invalid(&["import.archive_too_large:file"]);
        uploads(mona, &[("open.csv", b"name,city\nA,\"x\nB,y\n")]).is_invalid(&["import.quote_open:file"]);
        let long = format!("name\n\"{}\n", "a".repeat(9 << 20));
        uploads(mona, &[("long.csv", long.as_bytes())]).is_invalid(&["import.row_too_long:file"]);
    });
}

#[test]
fn templates_are_ones_own_until_they_are_shared() {
    one(|office| {
        let (ada, mona) = (office.ada(), office.mona());
        let template =
            json!({"name": "Old CRM", "headers": ["id", "title"], "options": {"object": "opportunity", "mapping": {"title": "name"}}});
        let made = mona.posts("/imports/templates", &template).is(StatusCode::CREATED);
        let path = format!("/imports/templates/{}", id(&made.body));
        ada.gets(&path).is_not_found();
        let mut shared = template.clone();
        shared["shared"] = true.into();
        mona.puts(&path, &shared).is_ok();
        assert_eq!(ada.gets(&path).is_ok().body["shared"], true);
        office.kim().gets(&path).is_not_found();
        let sent = uploads(ada, &[("x.csv", b"id,title,more\n1,A,B\n")]).is(StatusCode::CREATED);
        assert_eq!(sent.body["items"][0]["matches"][0]["name"], "Old CRM");
        mona.asks(axum::http::Method::DELETE, &path, &[], None).is(StatusCode::NO_CONTENT);
        assert_eq!(ada.gets("/imports/templates").body["items"], json!([]));
        office.kim().posts("/imports/templates", &template).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn forms_that_are_not_what_they_should_be() {
    one(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        sends(kim, FILE, &options()).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        sends(mona, "", &options()).is_invalid(&["import.empty:file"]);
        sends(mona, "a,a\n1,2\n", &json!({"object": "account"})).is_invalid(&["import.header_twice"]);
        sends(mona, FILE, &json!({"object": "account", "mapping": {"titel": "name"}})).is_invalid(&["import.column_unknown"]);
        sends(mona, FILE, &json!({"object": "account", "mapping": {"title": "name", "customer": "name"}}))
            .is_invalid(&["import.field_twice"]);
        sends(mona, FILE, &json!({"object": "account", "mapping": {"title": "name"}, "keys": {"field": "city"}}))
            .is_invalid(&["import.key_unknown"]);
        sends(mona, "x,y\n1,2\n", &json!({"object": "account"})).is_invalid(&["import.header_unknown"]);
        sends(mona, FILE, &json!({"object": "nothing"})).is_not_found();
        sends(mona, FILE, &json!({"object": "account", "modus": "fast"})).is_invalid(&["field.unknown:modus"]);
        uploads(kim, &[("x.csv", b"name\nA\n")]).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        uploads(mona, &[("x.csv", b"")]).is_invalid(&["import.empty:file"]);
        uploads(mona, &[("x.xlsx", b"PK\x03\x04 nothing")]).is_invalid(&["import.not_a_spreadsheet:file"]);
        assert_eq!(mona.gets("/imports/files").body["items"], json!([]), "what cannot be read is not kept");
        mona.posts("/imports", &json!({})).is_invalid(&["field.required:steps"]);
        let dry = sends(mona, FILE, &{
            let mut options = options();
            options["dry_run"] = true.into();
            options
        })
        .is_ok();
        assert_eq!(dry.body["created"], 2);
        assert_eq!(mona.gets("/records/opportunity?count=exact").body["count"], 0);
    });
}

#[test]
fn a_mapping_is_told_what_it_leaves_open_in_the_readers_language() {
    both(|office| {
        let ask = |who: Person<'_>, options: Json, language: &str| {
            let sent = uploads(who, &[("deals.csv", b"Deal,Phase\nRail,Negotiation\n")]).is(StatusCode::CREATED);
            let body = json!({"file": id(&sent.body["items"][0]), "options": options});
            let answer = who.asks(axum::http::Method::POST, "/imports/advice", &[("accept-language", language)], Some(&body)).is_ok();
            let one = |it: &Json| format!("{}: {}", it["code"].as_str().unwrap(), it["message"].as_str().unwrap());
            answer.body["warnings"].as_array().unwrap().iter().map(one).collect::<Vec<String>>()
        };
        let ada = office.ada();
        let unnamed = json!({"object": "opportunity", "mapping": {"Deal": null, "Phase": "stage"}});
        let told = ask(ada, unnamed.clone(), "en");
        assert!(told[0].starts_with("import.required_unmapped: Opportunity name must not be blank"), "{told:?}");
        assert!(told[1].starts_with("import.stage_as_move: As it is, every new deal begins today"), "{told:?}");
        let mut past = unnamed;
        past["history"] = true.into();
        past["mapping"]["Deal"] = "name".into();
        let told = ask(ada, past.clone(), "en");
        assert!(told.len() == 1 && told[0].starts_with("import.history_without_days: "), "{told:?}");
        past["constants"] = json!({"created_at": "2026-01-02"});
        let told = ask(ada, past, "en");
        assert!(told.len() == 1 && told[0].starts_with("import.history_without_closing: "), "{told:?}");
        // Who may not import history is told whom to ask.
        let told = ask(office.mona(), json!({"object": "opportunity", "mapping": {"Deal": "name", "Phase": "stage"}}), "zh-CN");
        assert!(told.len() == 1 && told[0].starts_with("import.stage_as_move_only: "), "{told:?}");
    });
}
