//! The Home: pages of people and roles, and what there is to put on them; own charts.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Answer, Person, both, one};

fn card(id: &str, kind: &str, settings: &Json) -> Json {
    json!({"id": id, "kind": kind, "width": 6, "height": 5, "settings": settings})
}

fn saves(who: Person<'_>, path: &str, version: &Json, cards: &Json) -> Answer {
    let version = format!("\"v{version}\"");
    who.asks(Method::PUT, path, &[("if-match", &version)], Some(&json!({"cards": cards})))
}

fn kinds(home: &Json) -> Vec<&str> {
    home["cards"].as_array().unwrap().iter().map(|card| card["kind"].as_str().unwrap()).collect()
}

/// A chart of how many deals there are in each stage.
pub fn by_stage() -> Json {
    json!({"object": "opportunity", "chart_type": "column", "measure": {"kind": "count"}, "group": {"field": "stage"}})
}

#[test]
fn a_home_is_ones_own_else_that_of_ones_role_else_the_shipped_one() {
    both(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        let home = kim.gets("/home").is_ok().body;
        assert_eq!((&home["source"], &home["role"], &home["version"]), (&json!("shipped"), &json!("salesperson"), &json!(0)));
        assert!(kinds(&home).contains(&"stage_conversion"));
        assert!(home["cards"].as_array().unwrap().iter().all(|card| card["there"] == true), "{home:#}");
        kim.gets("/homes/salesperson").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let role = ada.gets("/homes/salesperson").is_ok().body;
        assert_eq!(role["cards"], home["cards"]);
        saves(ada, "/homes/salesperson", &json!(0), &json!([card("a", "todo", &json!({}))])).is_ok();
        assert_eq!(kinds(&kim.gets("/home").is_ok().body), ["todo"]);
        assert_eq!(kim.gets("/home").body["source"], "role");
        // His own; the page as it was given is taken as it is.
        let mut mine = kim.gets("/home").body;
        mine["cards"].as_array_mut().unwrap().push(card("b", "approvals", &json!({})));
        let saved = kim.asks(Method::PUT, "/home", &[("if-match", "\"v0\"")], Some(&mine)).is_ok();
        assert_eq!(
            (&saved.body["source"], &saved.body["version"], saved.headers["etag"].to_str().unwrap()),
            (&json!("own"), &json!(1), "\"v1\"")
        );
        assert_eq!(kinds(&saved.body), ["todo", "approvals"]);
        // What administrators do for the role then does not take it away; going back does.
        saves(ada, "/homes/salesperson", &json!(1), &json!([card("a", "recent", &json!({}))])).is_ok();
        assert_eq!(kinds(&kim.gets("/home").body), ["todo", "approvals"]);
        let back = kim.asks(Method::DELETE, "/home", &[], None).is_ok().body;
        assert_eq!((kinds(&back), &back["version"]), (vec!["recent"], &json!(2)), "and whoever still has the old page is behind");
        saves(kim, "/home", &json!(1), &json!([])).refused(StatusCode::CONFLICT, "record.version_conflict");
        ada.asks(Method::DELETE, "/homes/salesperson", &[], None).is_ok();
        assert_eq!(kim.gets("/home").body["source"], "shipped");
        ada.gets("/homes/nobody").is_not_found();
        let noted = ada.gets("/audit?kind=home").is_ok().body;
        assert_eq!(noted["items"].as_array().unwrap().len(), 3, "{noted:#}");
    });
}

#[test]
fn of_two_who_save_a_home_or_a_chart_at_once_one_wins() {
    both(|office| {
        let ada = office.ada();
        let made = ada.posts("/charts", &json!({"name": "Ours", "chart": by_stage(), "sharing": {"scope": "everybody"}}));
        let chart = format!("/charts/{}", made.is(StatusCode::CREATED).body["id"].as_str().unwrap());
        for path in ["/homes/sales_manager", "/home", chart.as_str()] {
            for round in 0..3 {
                let seen = ada.gets(path).is_ok();
                let version = seen.headers["etag"].to_str().unwrap().to_owned();
                let save = |kind: &str| {
                    let mut body = seen.body.clone();
                    if body["cards"].is_array() {
                        body["cards"] = json!([card("a", kind, &json!({}))]);
                    } else {
                        body["name"] = format!("{kind} {round}").into();
                    }
                    ada.asks(Method::PUT, path, &[("if-match", &version)], Some(&body))
                };
                let (one, other) = std::thread::scope(|scope| {
                    let (one, other) = (scope.spawn(|| save("todo")), scope.spawn(|| save("recent")));
                    (one.join().unwrap(), other.join().unwrap())
                });
                let (winner, loser) = if one.status == StatusCode::OK { (one, other) } else { (other, one) };
                let winner = winner.is_ok();
                let loser = loser.refused(StatusCode::CONFLICT, "record.version_conflict");
                assert_eq!(loser.body["record"], winner.body);
            }
        }
    });
}

#[test]
fn whatever_is_wrong_with_a_page_is_told_at_once_at_its_card() {
    one(|office| {
        let (kim, lee) = (office.kim(), office.lee());
        let foreign = lee.posts("/charts", &json!({"name": "Lee's", "chart": by_stage()})).is(StatusCode::CREATED).body["id"].clone();
        let cards = json!([
            {"id": "a", "kind": "todo", "width": 13, "height": 0},
            card("a", "crystal_ball", &json!({})),
            card("c", "chart", &json!({"chart": foreign})),
            card("d", "chart", &json!({"chart": {"object": "opportunity", "chart_type": "pie", "measure": {"kind": "sum"}}})),
            card("e", "list", &json!({"object": "opportunity", "filter": {"field": "nmae", "op": "is_empty"}})),
            card("f", "ageing", &json!({"filter": {"field": "name"}})),
        ]);
        saves(kim, "/home", &json!(0), &cards).is_invalid(&[
            "field.out_of_range:cards/0/width",
            "field.out_of_range:cards/0/height",
            "field.not_unique:cards/1/id",
            "field.not_an_option:cards/1/kind",
            "field.reference_not_found:cards/2/settings/chart",
            "field.required:cards/3/settings/chart/measure/field",
            "field.required:cards/3/settings/chart/group",
            "field.unknown:cards/4/settings/filter/nmae",
            "condition.invalid",
        ]);
    });
}

#[test]
fn pages_and_charts_have_their_limits() {
    one(|office| {
        let kim = office.kim();
        let cards: Vec<Json> = (0..61).map(|n| card(&n.to_string(), "todo", &json!({}))).collect();
        saves(kim, "/home", &json!(0), &json!(cards)).is_invalid(&["home.too_many_cards:cards"]);
        saves(kim, "/home", &json!(0), &json!(cards[..60])).is_ok();
        for n in 0..200 {
            kim.posts("/charts", &json!({"name": format!("Chart {n}"), "chart": by_stage()})).is(StatusCode::CREATED);
        }
        kim.posts("/charts", &json!({"name": "One more", "chart": by_stage()})).is_invalid(&["chart.too_many"]);
        let days = json!({"object": "opportunity", "chart_type": "line", "measure": {"kind": "count"}, "group": {"field": "expected_close_date", "by": "day"}});
        for day in ["2024-01-01", "2026-01-01"] {
            kim.opens_a_deal(&json!({"expected_close_date": day}));
        }
        kim.gets(&crate::figures::at(&days)).is_invalid(&["chart.too_many_groups:group/by"]);
    });
}

#[test]
fn a_card_of_what_one_may_not_see_breaks_no_page() {
    one(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        let kept = ada.posts("/charts", &json!({"name": "Ours", "chart": by_stage(), "sharing": {"scope": "everybody"}}));
        let id = kept.is(StatusCode::CREATED).body["id"].clone();
        let cards =
            json!([card("a", "chart", &json!({"chart": id})), card("b", "stage_conversion", &json!({})), card("c", "todo", &json!({}))]);
        saves(kim, "/home", &json!(0), &cards).is_ok();
        let there = |home: &Json| home["cards"].as_array().unwrap().iter().map(|card| card["there"] == true).collect::<Vec<bool>>();
        assert_eq!(there(&kim.gets("/home").body), [true, true, true]);
        // The chart goes, and stages are hidden.
        ada.asks(Method::DELETE, &format!("/charts/{}", id.as_str().unwrap()), &[], None).is(StatusCode::NO_CONTENT);
        let mut role = ada.gets("/roles/salesperson").is_ok().body;
        role["objects"]["opportunity"]["fields"]["stage"] = "hidden".into();
        ada.puts("/roles/salesperson", &role).is_ok();
        let home = kim.gets("/home").is_ok().body;
        assert_eq!(there(&home), [false, false, true]);
        // He can still arrange the rest.
        saves(kim, "/home", &json!(1), &home["cards"]).is_ok();
        let gallery = kim.gets("/home/gallery").is_ok().text;
        assert!(!gallery.contains("stage_conversion") && gallery.contains("\"todo\""), "{gallery}");
    });
}

#[test]
fn the_gallery_leads_to_the_chart_of_stage_conversion_by_the_names_of_its_folders() {
    one(|office| {
        let kim = office.kim();
        let chart = kim.posts("/charts", &json!({"name": "By stage", "chart": by_stage()})).is(StatusCode::CREATED).body["id"].clone();
        let gallery = kim.gets("/home/gallery").is_ok().body;
        for (language, path) in [
            ("en", ["Preset Modules", "New Opportunity Insights", "Opportunity 2.0 Stage Conversion Analysis Chart"]),
            ("zh-CN", ["预设模块", "新商机洞察", "商机2.0阶段转化分析图"]),
        ] {
            let named =
                |list: &Json, name: &str| list.as_array().unwrap().iter().find(|one| one["label"][language] == name).cloned().unwrap();
            let folder = named(&named(&gallery["folders"], path[0])["folders"], path[1]);
            let entry = named(&folder["entries"], path[2]);
            assert_eq!(entry["kind"], "stage_conversion");
        }
        let mine = &gallery["folders"][1];
        assert_eq!((&mine["key"], &mine["entries"][0]["settings"]["chart"]), (&json!("my_charts"), &chart));
        // Whatever is offered can be put on a page as it is.
        fn entries(folder: &Json) -> Vec<Json> {
            let own = folder["entries"].as_array().unwrap().clone();
            own.into_iter().chain(folder["folders"].as_array().unwrap().iter().flat_map(entries)).collect()
        }
        let offered: Vec<Json> = gallery["folders"].as_array().unwrap().iter().flat_map(entries).collect();
        let cards: Vec<Json> = offered
            .iter()
            .map(|entry| {
                json!({"id": entry["key"], "kind": entry["kind"], "width": entry["width"], "height": entry["height"], "settings": entry["settings"]})
            })
            .collect();
        assert!(cards.len() > 25, "{}", cards.len());
        let saved = saves(kim, "/home", &json!(0), &json!(cards)).is_ok().body;
        assert!(saved["cards"].as_array().unwrap().iter().all(|card| card["there"] == true), "{saved:#}");
    });
}

#[test]
fn charts_are_ones_own_until_an_administrator_shares_them() {
    both(|office| {
        let (kim, lee, ada) = (office.kim(), office.lee(), office.ada());
        let mine = kim.posts("/charts", &json!({"name": " By stage ", "chart": by_stage()})).is(StatusCode::CREATED).body;
        assert_eq!((&mine["name"], &mine["can"], &mine["version"]), (&json!("By stage"), &json!(["edit", "delete"]), &json!(1)));
        let path = format!("/charts/{}", mine["id"].as_str().unwrap());
        lee.gets(&path).is_not_found();
        ada.gets(&path).is_not_found();
        let mut shared = mine.clone();
        shared["sharing"] = json!({"scope": "everybody"});
        kim.puts(&path, &shared).is_invalid(&["chart.sharing_not_allowed:sharing"]);
        let ours = ada
            .posts("/charts", &json!({"name": "Ours", "chart": by_stage(), "sharing": {"scope": "roles", "roles": ["salesperson"]}}))
            .is(StatusCode::CREATED)
            .body;
        let path = format!("/charts/{}", ours["id"].as_str().unwrap());
        assert_eq!(lee.gets(&path).is_ok().body["can"], json!([]));
        office.mona().gets(&path).is_not_found();
        lee.puts(&path, &ours).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        lee.asks(Method::DELETE, &path, &[], None).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let names = |who: Person<'_>| who.gets("/charts").is_ok().body["items"].as_array().unwrap().len();
        assert_eq!([names(kim), names(lee), names(ada)], [2, 1, 1]);
        kim.posts("/charts", &json!({"name": "", "chart": {"object": "opportunity", "chart_type": "line", "measure": {"kind": "average", "field": "name"},
            "group": {"field": "stage", "by": "month"}, "series": {"field": "nothing"}, "most": 1000, "filter": {"field": "nmae", "op": "is_empty"}}}))
            .is_invalid(&[
                "field.required:name",
                "field.invalid:chart/measure/field",
                "field.invalid:chart/group/by",
                "field.unknown:chart/series/field",
                "field.out_of_range:chart/most",
                "field.unknown:chart/filter/nmae",
            ]);
        // A field that a chart needs does not go away unnoticed, and a role with whom it is shared neither.
        ada.asks(Method::DELETE, "/roles/salesperson", &[], None).finds_first("role.in_use");
    });
}

#[test]
fn first_steps_are_done_as_what_is_there_says_until_they_are_not_wanted() {
    both(|office| {
        let ada = office.ada();
        office.kim().gets("/home/first-steps").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let open = || -> Vec<String> {
            let told = ada.gets("/home/first-steps").is_ok().body;
            let left = told["steps"].as_array().unwrap().iter().filter(|step| step["done"] == false);
            left.map(|step| step["key"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(open(), ["people", "process", "data", "limit"], "the company has a name, and that is all");
        office.give_password("kim", "correct horse battery");
        assert_eq!(open(), ["process", "data", "limit"]);
        office.kim().opens_a_deal(&json!({}));
        assert_eq!(open(), ["process", "limit"]);
        let mut process = ada.gets("/processes").is_ok().body["items"][0].clone();
        process.as_object_mut().unwrap().remove("id");
        process["name"] = "Partners".into();
        ada.posts("/processes", &process).is(StatusCode::CREATED);
        assert_eq!(open(), ["limit"]);
        let rule =
            json!({"object": "opportunity", "name": "Ten", "subject": {"kind": "employees"}, "limit": {"kind": "number", "number": 10}});
        let made = ada.posts("/holding-rules", &rule).is(StatusCode::CREATED).body;
        assert!(open().is_empty());
        // What is taken back is to be done again.
        let path = format!("/holding-rules/{}", made["id"].as_str().unwrap());
        ada.asks(Method::DELETE, &path, &[("if-match", "\"v1\"")], None).is(StatusCode::NO_CONTENT);
        assert_eq!(open(), ["limit"]);

        assert_eq!(ada.gets("/home/first-steps").body["dismissed"], false);
        for _ in 0..2 {
            assert_eq!(ada.asks(Method::DELETE, "/home/first-steps", &[], None).is_ok().body["dismissed"], true);
        }
        assert_eq!(ada.gets("/home/first-steps").body["dismissed"], true);
        // His page is as it was.
        assert_eq!((&ada.gets("/home").body["source"], &ada.gets("/home").body["version"]), (&json!("shipped"), &json!(0)));
    });
}
