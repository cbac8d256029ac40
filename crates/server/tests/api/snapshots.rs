//! A few whole bodies, so that no change of their shape goes unnoticed.

use serde_json::{Value as Json, json};

use crate::office::one;

/// The server's own words for the request change from run to run.
fn settled(mut body: Json) -> Json {
    for changing in ["request_id", "stream_position"] {
        if let Some(value) = body.get_mut(changing) {
            *value = "…".into();
        }
    }
    body
}

#[test]
fn bodies_are_as_they_were() {
    one(|office| {
        let kim = office.kim();
        let account = kim.creates("account", &json!({"name": "Lindental Brauerei", "sector": "food"}));
        let deal = kim.opens_a_deal(&json!({"account": account.id, "amount": {"amount": "1054.00", "currency": "USD"}}));
        insta::assert_json_snapshot!("me", settled(kim.gets("/me").body));
        insta::assert_json_snapshot!("record", settled(kim.sees(&deal).body));
        insta::assert_json_snapshot!("path", settled(kim.gets(&format!("{}/path", deal.path())).body));
        insta::assert_json_snapshot!("board", settled(kim.gets("/records/opportunity/board").body));
        insta::assert_json_snapshot!("refused_move", settled(kim.moves(&deal, "negotiation").body));
        kim.edits(&deal, &json!({"next_step": "Call on Monday"})).is_ok();
        insta::assert_json_snapshot!("history", settled(kim.gets(&format!("{}/history", deal.path())).body));
        insta::assert_json_snapshot!("conflict", settled(kim.edits(&deal, &json!({"next_step": "Write"})).body));
    });
}
