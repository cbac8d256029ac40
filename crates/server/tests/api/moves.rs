//! Deals through their process.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::both;

#[test]
fn a_deal_goes_from_its_first_stage_to_won() {
    both(|office| {
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        kim.moves(&deal, "negotiation").is_blocked(&[
            "stage.not_skippable:stage",
            "stage.missing_field:amount",
            "stage.missing_field:expected_close_date",
        ]);
        kim.moves(&deal, "qualification").is_ok();
        let answer = kim
            .moves_with(&deal, &json!({"stage": "negotiation", "fields": {"amount": {"amount": "1054", "currency": "USD"}, "expected_close_date": "2026-03-01"}}))
            .is_ok();
        assert_eq!(answer.body["result"], "moved");
        assert_eq!(answer.field("win_rate"), "75");
        assert_eq!(answer.field("forecast_amount")["amount"], "790.50");
        let won = kim.moves(&deal, "won").is_ok();
        assert_eq!(won.field("stage_type"), "won");

        kim.moves(&deal, "proposal").is_blocked(&["stage.use_reopen"]);
        let stays = kim.gets(&format!("{}/stays", deal.path())).is_ok();
        let stages: Vec<&str> = stays.body["items"].as_array().unwrap().iter().filter_map(|stay| stay["stage"].as_str()).collect();
        assert_eq!(stages, ["prospecting", "qualification", "negotiation", "won"]);
    });
}

#[test]
fn the_path_promises_what_a_move_does() {
    both(|office| {
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        let path = kim.gets(&format!("{}/path", deal.path())).is_ok();
        assert_eq!(path.body["current"], "prospecting");
        for stage in path.body["stages"].as_array().unwrap().iter().filter(|stage| stage["state"] != "current") {
            let promised: Vec<&str> = stage["requirements"].as_array().unwrap().iter().filter_map(|r| r["code"].as_str()).collect();
            assert!(stage["requirements"].as_array().unwrap().iter().all(|r| r["message"].is_string()));
            let told = kim.moves_with(&deal, &json!({"stage": stage["key"], "dry_run": true}));
            let found: Vec<&str> =
                told.body["violations"].as_array().map_or_else(Vec::new, |list| list.iter().filter_map(|v| v["code"].as_str()).collect());
            assert_eq!(promised, found, "{}", stage["key"]);
        }
        assert_eq!(kim.sees(&deal).known().version, deal.version, "dry runs leave no trace");
    });
}

#[test]
fn going_back_needs_a_reason_and_an_edit_of_the_stage_is_a_move() {
    both(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        let deal = kim.opens_a_deal(&json!({}));
        kim.patches(&deal.path(), &json!({"fields": {"stage": "qualification"}})).is_ok();
        kim.moves(&deal, "prospecting").is_blocked(&["stage.reason_required:reason"]);
        kim.patches(&deal.path(), &json!({"fields": {"stage": "prospecting"}, "stage_reason": "They start again."})).is_ok();

        kim.moves_with(&deal, &json!({"stage": "lost"})).is_blocked(&["stage.terminal_action:lost_reason"]);
        kim.moves_with(&deal, &json!({"stage": "lost", "fields": {"lost_reason": "price"}})).is_ok();
        kim.posts(&format!("{}/reopen", deal.path()), &json!({"reason": "They called."}))
            .refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let reopened = mona.posts(&format!("{}/reopen", deal.path()), &json!({"reason": "They called."})).is_ok();
        assert_eq!(reopened.field("stage"), "prospecting");
    });
}

#[test]
fn the_board_counts_what_its_reader_sees() {
    both(|office| {
        let (kim, lee, mona) = (office.kim(), office.lee(), office.mona());
        let deal = kim.opens_a_deal(&json!({"amount": "100.00"}));
        lee.opens_a_deal(&json!({"amount": "50"}));
        for (who, count, sum) in [(kim, 1, "100.00"), (lee, 1, "50.00"), (mona, 1, "100.00"), (office.ada(), 2, "150.00")] {
            let board = who.gets("/records/opportunity/board").is_ok();
            let first = &board.body["columns"][0];
            assert_eq!((first["count"].as_i64(), first["amount_main"].as_str()), (Some(count), Some(sum)));
            let list = who.gets("/records/opportunity?count=exact").is_ok();
            assert_eq!(list.body["count"], count);
        }
        lee.sees(&deal).is_not_found();
        lee.edits(&deal, &json!({"name": "Mine now"})).is_not_found();
        lee.moves(&deal, "qualification").is_not_found();
        lee.gets(&format!("{}/history", deal.path())).is_not_found();
        assert_eq!(lee.gets("/search?q=bremen").body["items"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn why_something_slipped_is_said_once() {
    both(|office| {
        let (kim, lee) = (office.kim(), office.lee());
        let deal = kim.opens_a_deal(&json!({"expected_close_date": "2026-03-01"}));
        kim.edits(&deal, &json!({"expected_close_date": "2026-03-31"})).is_ok();
        let slips = format!("{}/slips", deal.path());
        let told = kim.gets(&slips).is_ok().body;
        assert_eq!((&told["items"][0]["kind"], &told["days"]), (&json!("close_date"), &json!(30)));
        let slip = format!("{slips}/{}", told["items"][0]["id"].as_str().unwrap());
        lee.patches(&slip, &json!({"reason": "Not my deal."})).is_not_found();
        kim.patches(&slip, &json!({"reason": "Their budget comes in April."})).is_ok();
        kim.patches(&slip, &json!({"reason": "Something nicer."})).is_invalid(&["slip.reason_given:reason"]);
        assert_eq!(kim.gets(&slips).is_ok().body["items"][0]["reason"], "Their budget comes in April.");
    });
}
