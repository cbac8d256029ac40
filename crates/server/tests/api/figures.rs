//! Charts, and the analyses that are made of them: their figures, the records behind them, their files.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::behind::{opens_every_figure, some_deals};
use crate::homes::by_stage;
use crate::office::{Office, Person, both, one};

/// The address of a chart's figures.
pub fn at(chart: &Json) -> String {
    let chart: String = form_urlencoded::byte_serialize(chart.to_string().as_bytes()).collect();
    format!("/analysis/figures?chart={chart}")
}

fn chart(more: &Json) -> Json {
    let mut chart = by_stage();
    for (key, value) in more.as_object().unwrap() {
        chart[key] = value.clone();
    }
    chart
}

/// Each group's label and value.
fn told(answer: &Json) -> Vec<(Json, Json)> {
    answer["groups"].as_array().unwrap().iter().map(|group| (group["label"].clone(), group["value"].clone())).collect()
}

fn everybody(office: &Office) -> [Person<'_>; 3] {
    [office.kim(), office.mona(), office.ada()]
}

#[test]
fn every_figure_of_a_chart_opens_its_records() {
    both(|office| {
        some_deals(office);
        let by = |field: &str, by: &str| json!({"field": field, "by": by});
        let amount = |kind: &str| json!({"kind": kind, "field": "amount"});
        let charts = [
            by_stage(),
            chart(&json!({"chart_type": "number", "measure": amount("sum"), "group": null})),
            chart(&json!({"measure": amount("sum"), "group": {"field": "owner"}, "series": {"field": "stage_type"}})),
            chart(&json!({"measure": amount("average"), "group": by("created_at", "day"), "series": {"field": "lead_source"}})),
            chart(&json!({"measure": amount("max"), "group": by("expected_close_date", "quarter")})),
            chart(&json!({"measure": amount("sum"), "group": by("expected_close_date", "week"), "series": {"field": "owner"}})),
            chart(&json!({"measure": {"kind": "sum", "field": "win_rate"}, "group": {"field": "name"}, "most": 1})),
            chart(&json!({"measure": amount("sum"), "group": {"field": "stage"}, "series": {"field": "owner"}, "most": 2})),
            chart(&json!({"group": {"field": "sales_process"}, "filter": {"field": "amount", "op": "gt", "value": "1000"}})),
            chart(&json!({"group": {"field": "locked"}, "measure": amount("min")})),
            json!({"object": "employee", "chart_type": "pie", "measure": {"kind": "count"}, "group": {"field": "department"}}),
        ];
        for who in everybody(office) {
            for chart in &charts {
                if who.id != office.ada().id && chart["object"] == "employee" {
                    continue;
                }
                assert!(opens_every_figure(who, &at(chart)) > 0, "{chart}");
            }
            assert!(
                opens_every_figure(
                    who,
                    &format!("{}&q=pumps&filter={}", at(&by_stage()), "%7B%22field%22%3A%22owner%22%2C%22op%22%3A%22is_me%22%7D")
                ) > 0
            );
        }
    });
}

#[test]
fn every_figure_of_won_and_lost_ageing_and_leaderboards_opens_its_records() {
    both(|office| {
        some_deals(office);
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        for kind in ["call", "visit", "call"] {
            let fields = json!({"name": "Talked", "activity_type": kind, "regarding": {"object": "opportunity", "id": deal.id}, "happened_at": "2026-01-05T08:00:00Z"});
            kim.creates("activity", &fields);
        }
        for who in everybody(office) {
            for by in ["lost_reason", "competitor", "lead_source", "product", "owner", "owner_department", "opportunity_type"] {
                assert!(opens_every_figure(who, &format!("/analysis/win-loss?by={by}")) >= 5, "{by}");
            }
            assert!(opens_every_figure(who, "/analysis/win-loss?closed=2026-Q1") >= 5);
            assert!(opens_every_figure(who, "/analysis/ageing") >= 8);
            for metric in ["won_amount", "won_count", "ordered_amount", "activities", "new_deals"] {
                opens_every_figure(who, &format!("/analysis/leaderboard?metric={metric}&period=2026"));
            }
            assert!(opens_every_figure(who, "/analysis/leaderboard?metric=new_deals&period=2026-01-01..") >= 2);
            assert!(opens_every_figure(who, "/analysis/activity?period=2026-01") >= 3);
        }
        let told = office.ada().gets("/analysis/win-loss?by=owner").is_ok().body;
        assert_eq!((&told["total"]["won"], &told["total"]["lost"], &told["total"]["win_rate"]), (&json!(3), &json!(1), &json!("75")));
        let told = office.ada().gets("/analysis/ageing").is_ok().body;
        assert_eq!((&told["total"]["count"], &told["total"]["bands"][0]["count"]), (&json!(4), &json!(4)));
        let told = kim.gets("/analysis/activity?period=2026").is_ok().body;
        assert_eq!((&told["rows"][0]["label"], &told["rows"][0]["records"]), (&json!("Kim Park"), &json!(3)));
        kim.gets("/analysis/win-loss?by=name").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/analysis/leaderboard?period=soon").refused(StatusCode::BAD_REQUEST, "request.malformed");
        kim.gets("/analysis/ageing?process=none").is_not_found();
    });
}

#[test]
fn groups_come_in_their_order_with_names_and_what_remains_behind_them() {
    both(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        some_deals(office);
        let stages = told(&ada.gets(&at(&by_stage())).is_ok().body);
        let expected = json!([["Prospecting", 1], ["Qualification", 2], ["Won", 3], ["Deal lost", 1]]);
        assert_eq!(json!(stages), expected);
        kim.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        assert_eq!(told(&kim.gets(&at(&by_stage())).is_ok().body)[0].0, "初步接触");
        // Time goes on where nothing happens.
        let months = chart(
            &json!({"group": {"field": "expected_close_date", "by": "month"}, "filter": {"field": "expected_close_date", "op": "ne", "value": "2026-02-11"}}),
        );
        assert_eq!(
            json!(told(&ada.gets(&at(&months)).is_ok().body)),
            json!([["2026-01", 2], ["2026-02", 0], ["2026-03", 2], ["2026-04", 1]])
        );
        // The greatest, and what remains.
        let most = chart(&json!({"group": {"field": "owner"}, "most": 1}));
        let answer = ada.gets(&at(&most)).is_ok().body;
        assert_eq!(json!(told(&answer)), json!([["Kim Park", 4], [null, 3]]));
        assert_eq!((&answer["groups"][1]["rest"], &answer["total"]["value"]), (&json!(true), &json!(7)));
        // What is kept is found by its id.
        let kept =
            kim.posts("/charts", &json!({"name": "Mine", "chart": most})).is(StatusCode::CREATED).body["id"].as_str().unwrap().to_owned();
        assert_eq!(kim.gets(&format!("/analysis/figures?chart={kept}")).is_ok().body["total"]["value"], 4);
        office.lee().gets(&format!("/analysis/figures?chart={kept}")).is_not_found();
        kim.gets("/analysis/figures?chart={").refused(StatusCode::BAD_REQUEST, "request.malformed");
    });
}

#[test]
fn a_hidden_field_is_unknown_to_charts_and_blank_in_analyses() {
    one(|office| {
        some_deals(office);
        let (kim, ada) = (office.kim(), office.ada());
        let summed = chart(&json!({"measure": {"kind": "sum", "field": "amount"}}));
        let kept =
            ada.posts("/charts", &json!({"name": "Ours", "chart": summed, "sharing": {"scope": "everybody"}})).is(StatusCode::CREATED);
        let kept = kept.body["id"].as_str().unwrap().to_owned();
        kim.gets(&format!("/analysis/figures?chart={kept}")).is_ok();
        let mut role = ada.gets("/roles/salesperson").is_ok().body;
        role["objects"]["opportunity"]["fields"]["amount"] = "hidden".into();
        ada.puts("/roles/salesperson", &role).is_ok();
        kim.gets(&at(&summed)).is_invalid(&["field.unknown:measure/field"]);
        kim.gets(&format!("/analysis/figures?chart={kept}")).is_not_found();
        kim.gets(&format!("/charts/{kept}")).is_not_found();
        assert!(!kim.gets("/charts").text.contains(&kept) && !kim.gets("/home/gallery").text.contains(&kept));
        let told = kim.gets("/analysis/win-loss?by=owner").is_ok().body;
        assert_eq!(
            (&told["total"]["won"], &told["total"]["won_amount"], &told["rows"][0]["won_amount"]),
            (&json!(3), &Json::Null, &Json::Null)
        );
        assert_eq!(kim.gets("/analysis/ageing").is_ok().body["total"]["amount"], Json::Null);
        kim.gets("/analysis/leaderboard?metric=won_amount").is_not_found();
        role["objects"]["opportunity"]["fields"]["stage"] = "hidden".into();
        role["version"] = ada.gets("/roles/salesperson").body["version"].clone();
        ada.puts("/roles/salesperson", &role).is_ok();
        for path in ["/analysis/win-loss", "/analysis/ageing"] {
            kim.gets(path).is_not_found();
        }
    });
}

#[test]
fn whoever_may_export_takes_an_analysis_away_as_a_file() {
    one(|office| {
        some_deals(office);
        let (kim, ada) = (office.kim(), office.ada());
        let mut named = by_stage();
        named["group"] = json!({"field": "name"});
        kim.opens_a_deal(&json!({"name": "=HYPERLINK(\"x\")"}));
        let path = format!("{}&format=csv", at(&named));
        kim.gets(&path).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let file = ada.gets(&path).is_ok();
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        let lines: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "Opportunity name,Number of records");
        assert!(lines.contains(&"\"'=HYPERLINK(\"\"x\"\")\",1"), "{lines:?}");
        for path in [
            "/analysis/stage-conversion",
            "/analysis/win-loss?by=owner",
            "/analysis/ageing",
            "/analysis/leaderboard?period=2026",
            "/analysis/activity?period=2026",
        ] {
            let joint = if path.contains('?') { '&' } else { '?' };
            for (format, kind) in
                [("csv", "text/csv; charset=utf-8"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
            {
                let file = ada.gets(&format!("{path}{joint}format={format}")).is_ok();
                assert_eq!(file.headers["content-type"], kind, "{path}");
                assert!(file.headers["content-disposition"].to_str().unwrap().ends_with(&format!("-2026-01-05.{format}\"")));
            }
            ada.gets(&format!("{path}{joint}format=pdf")).refused(StatusCode::BAD_REQUEST, "request.malformed");
        }
        let won = ada.gets("/analysis/win-loss?by=owner&format=csv").is_ok().text;
        assert!(won.contains("Owner,Won,Lost,Won amount,Lost amount,Win rate (%)\r\n"), "{won}");
        assert!(ada.gets("/audit?kind=analysis").is_ok().body["items"].as_array().unwrap().len() >= 10);
    });
}
