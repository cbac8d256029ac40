//! Files from other systems, as the screens send them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Answer, Person, both, one};

fn sends(person: Person<'_>, file: &str, options: &Json) -> Answer {
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
        sends(mona, FILE, &json!({"object": "account", "mode": "fast"})).is_invalid(&["field.unknown:mode"]);
        mona.posts("/imports", &json!({})).refused(StatusCode::BAD_REQUEST, "request.malformed");
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
