//! Every violation code of the contract is provoked here at least once.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Office, both, one};

/// Rates and currencies that are not to be changed like that.
#[test]
fn the_last_rate_and_an_inactive_currency() {
    one(|office| {
        let ada = office.ada();
        let rates = json!({"rates": [{"currency": "EUR", "day": "2026-01-01", "rate": "1.1"}, {"currency": "GBP", "day": "2026-01-01", "rate": "1.3"}]});
        assert_eq!(ada.posts("/currency-rates/many", &rates).is(StatusCode::CREATED).body["count"], 2);
        ada.creates("opportunity", &json!({"name": "Rail", "amount": {"amount": "5", "currency": "EUR"}}));
        ada.asks(Method::DELETE, "/currency-rates/EUR/2026-01-01", &[], None).is_invalid(&["rate.last_in_use"]);
        ada.patches("/organisation", &json!({"currencies": ["EUR"]})).is_ok();
        let pounds = json!({"name": "Port", "amount": {"amount": "5", "currency": "GBP"}});
        ada.tries_to_create("opportunity", &pounds).is_invalid(&["money.currency_not_active"]);
        ada.asks(Method::DELETE, "/currency-rates/GBP/2026-01-01", &[], None).is(StatusCode::NO_CONTENT);
        assert_eq!(ada.gets("/currency-rates").is_ok().body["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn values_that_cannot_be_saved() {
    one(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        kim.tries_to_create("opportunity", &json!({})).is_invalid(&["field.required:name"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "amout": "1"})).is_invalid(&["field.unknown:amout"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "expected_close_date": "soon"}))
            .is_invalid(&["field.invalid:expected_close_date"]);
        kim.tries_to_create("opportunity", &json!({"name": "x".repeat(300)})).is_invalid(&["field.too_long:name"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "win_rate": "120"})).is_invalid(&["field.out_of_range:win_rate"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "lead_source": "gossip"})).is_invalid(&["field.not_an_option:lead_source"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "closed_at": "2026-01-01T00:00:00Z"}))
            .is_invalid(&["field.read_only:closed_at"]);
        ada.tries_to_create("employee", &json!({"name": "Twin", "email": "kim@example.com"})).is_invalid(&["field.not_unique:email"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "account": "019c9b8c-9eff-760c-b861-5147e2b9d911"}))
            .is_invalid(&["field.reference_not_found:account"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "owner": office.lee().id.to_string()}))
            .is_invalid(&["field.no_access:owner"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "amount": {"amount": "1", "currency": "EUR"}}))
            .is_invalid(&["money.no_rate:amount"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "amount": "99999999999999999"})).is(StatusCode::UNPROCESSABLE_ENTITY);
        // All at once.
        kim.tries_to_create("opportunity", &json!({"win_rate": "x", "lead_source": "gossip", "amout": 1})).is_invalid(&[
            "field.unknown:amout",
            "field.not_an_option:lead_source",
            "field.invalid:win_rate",
        ]);
    });
}

#[test]
fn amounts_that_cannot_be_reckoned_with() {
    one(|office| {
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        kim.tries_to_create(
            "opportunity_line",
            &json!({"opportunity": deal.id, "name": "Too much", "quantity": "9223372036854", "price": "900000000000000"}),
        )
        .is_invalid(&["money.overflow:amount"]);
    });
}

#[test]
fn options_that_are_used() {
    one(|office| {
        let ada = office.ada();
        office.kim().opens_a_deal(&json!({}));
        let object = ada.gets("/objects/opportunity").is_ok();
        let stage = object.body["fields"].as_array().unwrap().iter().find(|f| f["key"] == "stage").unwrap().clone();
        let options = stage["options"].as_array().unwrap();
        let path = "/objects/opportunity/fields/stage/options";
        let without: Vec<&Json> = options.iter().filter(|option| option["key"] != "prospecting").collect();
        ada.puts(path, &json!({ "options": without })).is_invalid(&["field.option_in_use"]);
        let turned: Vec<Json> = options
            .iter()
            .map(|option| {
                let mut option = option.clone();
                if option["key"] == "prospecting" {
                    option["stage_type"] = "won".into();
                }
                option
            })
            .collect();
        ada.puts(path, &json!({ "options": turned })).is_invalid(&["field.option_type_in_use"]);
        let mut more = options.clone();
        more.insert(2, json!({"label": {"en": "Site visit", "zh-CN": "现场考察"}, "active": true, "stage_type": "in_progress"}));
        let changed = ada.puts(path, &json!({ "options": more })).is_ok();
        assert_eq!(changed.body["options"][2]["key"], "site_visit");
        office.kim().puts(path, &json!({ "options": more })).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

fn process(office: &Office) -> Json {
    office.ada().gets("/processes").is_ok().body["items"][0].clone()
}

#[test]
fn processes_that_cannot_be() {
    one(|office| {
        let ada = office.ada();
        let good = process(office);
        let path = format!("/processes/{}", good["id"].as_str().unwrap());
        let dry = format!("{path}?dry_run=true");
        let stages = |keys: &[&str]| -> Json {
            let mut document = good.clone();
            document["stages"] = keys.iter().map(|key| json!({ "stage": key })).collect();
            document
        };
        let mut nameless = good.clone();
        nameless["name"] = " ".into();
        ada.puts(&dry, &nameless).is_invalid(&["process.name_missing:name"]);
        ada.puts(&path, &stages(&["prospecting", "won", "proposal"])).is_invalid(&["process.stage_order:stages/2"]);
        ada.puts(&path, &stages(&["won", "lost"])).is_invalid(&["process.missing_in_progress:stages"]);
        ada.puts(&path, &stages(&["prospecting"])).is_invalid(&["process.missing_terminal:stages"]);
        ada.puts(&path, &stages(&["prospecting", "prospecting", "won"])).is_invalid(&["process.stage_twice"]);
        ada.puts(&path, &stages(&["prospecting", "dreaming", "won"])).is_invalid(&["process.stage_unknown"]);
        office.kim().opens_a_deal(&json!({}));
        ada.puts(&path, &stages(&["qualification", "won", "lost"])).is_invalid(&["process.stage_occupied:stages"]);
        let warned = ada.puts(&dry, &stages(&["prospecting", "invalid"])).is_ok();
        let codes: Vec<&str> = warned.body["warnings"].as_array().unwrap().iter().filter_map(|w| w["code"].as_str()).collect();
        assert_eq!(codes, ["process.no_won", "process.no_lost"]);
        assert!(warned.body["warnings"][0]["message"].is_string());
        assert_eq!(process(office)["version"], good["version"], "a dry run leaves no trace");

        let mut odd = good.clone();
        odd["entry_condition"] = json!({"field": "amount", "op": "resembles", "value": 1});
        let refused = ada.puts(&dry, &odd);
        assert!(refused.status.is_client_error(), "{:#}", refused.body);
        ada.gets("/records/opportunity?filter=%7B%22field%22%3A%22name%22%2C%22op%22%3A%22lt%22%2C%22value%22%3A%5B%5D%7D")
            .is(StatusCode::UNPROCESSABLE_ENTITY);
        let filter = "%7B%22field%22%3A%22name%22%2C%22op%22%3A%22resembles%22%2C%22value%22%3A1%7D";
        let found = ada.gets(&format!("/records/opportunity?filter={filter}"));
        assert_eq!(found.body["violations"][0]["code"], "condition.invalid", "{:#}", found.body);
        office.kim().puts(&path, &good).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn processes_that_do_not_apply() {
    one(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let mut document = process(office);
        let path = format!("/processes/{}", document["id"].as_str().unwrap());
        document["who"] = json!({"departments": [], "people": [office.lee().id.to_string()], "roles": []});
        ada.puts(&path, &document).is_ok();
        kim.tries_to_create("opportunity", &json!({"name": "x"})).is_invalid(&["process.none_applicable:sales_process"]);
        kim.tries_to_create("opportunity", &json!({"name": "x", "sales_process": document["id"]}))
            .is_invalid(&["process.not_permitted:sales_process"]);
        office.lee().opens_a_deal(&json!({}));
    });
}

#[test]
fn stages_that_cannot_be_entered() {
    one(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let deal = kim.opens_a_deal(&json!({}));
        kim.moves(&deal, "negotiation").is_blocked(&[
            "stage.not_skippable",
            "stage.missing_field:amount",
            "stage.missing_field:expected_close_date",
        ]);
        kim.moves(&deal, "lost").is_blocked(&["stage.terminal_action:lost_reason"]);
        kim.moves(&deal, "dreaming").is_blocked(&["stage.unknown"]);
        kim.moves(&deal, "prospecting").is_blocked(&["stage.already_there"]);

        let mut document = process(office);
        let path = format!("/processes/{}", document["id"].as_str().unwrap());
        document["back_moves"] = false.into();
        document["stages"][0]["completion_condition"] = json!({"field": "next_step", "op": "is_not_empty"});
        document["stages"][1]["entry_condition"] = json!({"all": [
            {"field": "lead_source", "op": "eq", "value": "referral"}, {"field": "amount", "op": "ge", "value": "1000"}]});
        document["stages"][4]["must_have_completed"] = json!(["qualification"]);
        document["stages"][4]["ignore_normal"] = true.into();
        document["stages"][4]["required_fields"] = json!([]);
        ada.puts(&path, &document).is_ok();
        let blocked = kim.moves(&deal, "qualification").is_blocked(&["stage.completion_condition:stage", "stage.entry_condition:stage"]);
        assert_eq!(blocked.body["violations"][0]["message"], "“Prospecting” is not complete yet. Needed: Next step is filled.");
        assert_eq!(
            blocked.body["violations"][1]["message"],
            "“Qualification” cannot be entered yet. Needed: Lead source is Referral and Opportunity amount at least 1000."
        );
        kim.moves(&deal, "won").is_blocked(&["stage.prerequisite_stage:stage"]);
        kim.moves_with(
            &deal,
            &json!({"stage": "qualification", "fields": {"next_step": "Call", "lead_source": "referral", "amount": "1000"}}),
        )
        .is_ok();
        kim.moves_with(&deal, &json!({"stage": "prospecting", "reason": "Again"})).is_blocked(&["stage.back_forbidden"]);

        document = process(office);
        document["back_moves"] = true.into();
        ada.puts(&path, &document).is_ok();
        kim.moves(&deal, "prospecting").is_blocked(&["stage.reason_required:reason"]);
        kim.moves_with(&deal, &json!({"stage": "lost", "fields": {"lost_reason": "price"}})).is_ok();
        kim.moves(&deal, "qualification").is_blocked(&["stage.use_reopen"]);
    });
}

#[test]
fn records_that_are_closed_to_changes() {
    one(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        let deal = kim.opens_a_deal(&json!({}));
        kim.patches(&deal.path(), &json!({"fields": {"owner": office.lee().id.to_string()}})).is_invalid(&["owner.use_change_owner:owner"]);
        kim.posts(&format!("{}/change-owner", deal.path()), &json!({"owner": mona.id.to_string()}))
            .refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.posts(&format!("{}/restore", deal.path()), &json!({})).is_invalid(&["record.not_voided"]);
        kim.posts(&format!("{}/void", deal.path()), &json!({"reason": "Twice"})).is_ok();
        kim.patches(&deal.path(), &json!({"fields": {"name": "y"}})).is_invalid(&["record.voided"]);
        assert_eq!(kim.gets("/records/opportunity?count=exact").body["count"], 0);
        kim.posts(&format!("{}/restore", deal.path()), &json!({})).is_ok();

        let given =
            mona.posts(&format!("{}/change-owner", deal.path()), &json!({"owner": office.lee().id.to_string(), "keep_as": "read"})).is_ok();
        // Mona leads the north: she no longer sees what went south.
        assert_eq!(given.body["record"], Json::Null);
        kim.sees(&deal).is_ok();
        kim.patches(&deal.path(), &json!({"fields": {"name": "y"}})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let team = office.lee().gets(&format!("{}/team", deal.path())).is_ok();
        assert_eq!(team.body["members"][0]["person"], kim.id.to_string());
    });
}

#[test]
fn the_recycle_bin_lists_what_was_voided_for_those_who_may_restore() {
    both(|office| {
        let (kim, ines) = (office.kim(), office.ines());
        let deals = ["Alder", "Birch", "Cedar"].map(|name| kim.opens_a_deal(&json!({"name": name})));
        let foreign = office.lee().opens_a_deal(&json!({"name": "Lee's"}));
        for deal in &deals[..2] {
            kim.posts(&format!("{}/void", deal.path()), &json!({})).is_ok();
        }
        office.lee().posts(&format!("{}/void", foreign.path()), &json!({})).is_ok();
        let names = |query: &str| -> Vec<String> {
            let page = kim.gets(&format!("/records/opportunity?sort=name&count=exact&{query}")).is_ok().body;
            let names: Vec<String> =
                page["items"].as_array().unwrap().iter().map(|item| item["fields"]["name"].as_str().unwrap().to_owned()).collect();
            assert_eq!(page["count"], names.len());
            names
        };
        assert_eq!(names(""), ["Cedar"]);
        assert_eq!(names("voided=only"), ["Alder", "Birch"]);
        assert_eq!(names("voided=only&q=bir"), ["Birch"]);
        kim.gets("/records/opportunity?voided=true").refused(StatusCode::BAD_REQUEST, "request.malformed");
        ines.gets("/records/opportunity?voided=only").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        // All that is in the bin means no record outside of it.
        let bulk = kim.posts("/records/opportunity/bulk", &json!({"act": "restore", "all": true})).is_ok().body;
        assert_eq!((&bulk["total"], &bulk["changed"]), (&json!(2), &json!(2)), "{bulk}");
        assert_eq!(names("voided=only"), Vec::<String>::new());
        assert_eq!(names(""), ["Alder", "Birch", "Cedar"]);
    });
}

#[test]
fn views_that_cannot_be_saved() {
    one(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        let view = |more: &Json| {
            let mut view = json!({"object": "opportunity", "name": "Mine"});
            for (key, value) in more.as_object().unwrap() {
                view[key] = value.clone();
            }
            view
        };
        kim.posts("/views", &view(&json!({"sharing": {"scope": "everybody"}}))).is_invalid(&["view.sharing_not_allowed:sharing"]);
        kim.posts("/views", &view(&json!({"group": "description"}))).is_invalid(&["field.not_groupable:group/description"]);
        ada.posts("/views", &view(&json!({"default_for": ["salesperson"]})))
            .is_invalid(&["view.default_not_shared:default_for/salesperson"]);
        for _ in 0..stagecraft_core::views::MOST_PRIVATE {
            kim.posts("/views", &view(&json!({}))).is(StatusCode::CREATED);
        }
        kim.posts("/views", &view(&json!({}))).is_invalid(&["view.too_many"]);
        kim.gets("/records/opportunity/groups?group=description").is_invalid(&["field.not_groupable:description"]);
        kim.gets("/records/opportunity/groups").is_invalid(&["field.required:group"]);
        kim.gets("/records/opportunity/groups?group=stage&sums=amount,stage,x").is_invalid(&["field.invalid:stage", "field.unknown:x"]);
        kim.posts("/views", &view(&json!({"colour": "red"}))).is_invalid(&["field.unknown:colour"]);
    });
}

#[test]
fn locked_deals() {
    one(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        let deal = kim.opens_a_deal(&json!({}));
        let id: model::Id = deal.id.parse().unwrap();
        let system = stagecraft_core::Credential::System("to lock a deal, as approvals will");
        let lock = stagecraft_core::records::Update { fields: json!({"locked": true}).as_object().unwrap().clone(), ..Default::default() };
        office
            .house
            .write(&system, stagecraft_core::Limits::default(), model::Via::System, |cx, tx| {
                stagecraft_core::records::update(cx, tx, "opportunity", id, None, &lock)
            })
            .unwrap();
        kim.patches(&deal.path(), &json!({"fields": {"name": "y"}})).is_invalid(&["record.locked"]);
        kim.moves(&deal, "qualification").is_blocked(&["stage.locked"]);
        ada.moves(&deal, "qualification").is_ok();
    });
}

#[test]
fn ids_of_other_systems_are_unique() {
    one(|office| {
        let kim = office.kim();
        let body = json!({"fields": {"name": "From there"}, "external_ids": [{"source": "oldcrm", "id": "1C1I7A6R"}]});
        let deal = kim.posts("/records/opportunity", &body).is(StatusCode::CREATED).known();
        kim.posts("/records/opportunity", &body).is_invalid(&["external_id.taken:external_ids"]);
        assert_eq!(kim.gets("/records/opportunity/by/oldcrm/1C1I7A6R").is_ok().known().id, deal.id);
        office.lee().gets("/records/opportunity/by/oldcrm/1C1I7A6R").is_not_found();
        kim.gets("/records/opportunity/by/oldcrm/other").is_not_found();
    });
}

#[test]
fn organisations_people_and_teams() {
    one(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        ada.patches(
            "/organisation",
            &json!({"time_zone": "Mars/Olympus", "week_start": "noday", "fiscal_year_start_month": 13, "language": "xx", "name": ""}),
        )
        .is_invalid(&["field.required", "field.invalid", "field.not_an_option", "field.out_of_range", "field.not_an_option"]);
        kim.patches("/organisation", &json!({"name": "Kim's"})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.opens_a_deal(&json!({"amount": "5"}));
        ada.patches("/organisation", &json!({"main_currency": "EUR"})).is_invalid(&["organisation.currency_in_use:main_currency"]);
        ada.posts("/currency-rates", &json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.08"})).is(StatusCode::CREATED);
        kim.opens_a_deal(&json!({"amount": {"amount": "5", "currency": "EUR"}}));
        ada.posts("/currency-rates", &json!({"currency": "USD", "day": "x", "rate": "-1"})).is_invalid(&[
            "field.invalid:currency",
            "field.invalid:day",
            "field.invalid:rate",
        ]);

        ada.patches(&format!("/records/employee/{}", ada.id), &json!({"fields": {"roles": ["salesperson"]}}))
            .is_invalid(&["people.last_administrator:roles"]);
        ada.patches(&format!("/records/employee/{}", office.mona().id), &json!({"fields": {"manager": kim.id.to_string()}}))
            .is_invalid(&["people.circle:manager"]);
        ada.posts(&format!("/people/{}/password", kim.id), &json!({"password": "short"})).is_invalid(&["field.too_short:password"]);
        ada.patches(&format!("/records/employee/{}", office.person("pat").id), &json!({"fields": {"active": false}})).is_ok();
        office.person("pat").gets("/me").refused(StatusCode::UNAUTHORIZED, "auth.required");

        let deal = kim.opens_a_deal(&json!({}));
        let team = |share: &str| {
            json!({"members": [
            {"person": office.lee().id.to_string(), "access": "read", "share": share},
            {"person": office.mona().id.to_string(), "access": "read_write", "share": "60"}]})
        };
        kim.puts(&format!("{}/team", deal.path()), &team("41")).is_invalid(&["team.share_over_100:members"]);
        kim.puts(&format!("{}/team", deal.path()), &team("40")).is_ok();
        office.lee().sees(&deal).is_ok();
        office
            .mona()
            .posts(&format!("{}/change-owner", deal.path()), &json!({"owner": office.person("pat").id.to_string()}))
            .is_invalid(&["owner.not_active:owner"]);
        kim.gets("/records/opportunity?sort=description").is_invalid(&["field.not_sortable:description"]);
    });
}
