//! Two people with the quotes of one deal in the same instant.

use serde_json::json;
use testkit::both;

use crate::office::{Office, refusals};
use crate::together::at_once;

#[test]
fn of_two_quotes_of_a_deal_that_are_accepted_at_once_one_is() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..6 {
            let deal = office.deal_with_lines(office.kim, &format!("Rail {round}"));
            let quotes = [(); 2].map(|()| office.quote(office.kim, deal));
            quotes.iter().for_each(|quote| drop(office.turns_quote(office.kim, *quote, "sent", None).unwrap()));
            let (a, b) = at_once(
                || office.turns_quote(office.kim, quotes[0], "accepted", None),
                || office.turns_quote(office.mona, quotes[1], "accepted", None),
            );
            let won = if a.is_ok() { quotes[0] } else { quotes[1] };
            assert_eq!(refusals(if a.is_ok() { b } else { a }), ["quote.another_accepted:quote_status"]);
            let fields = office.fields("opportunity", deal);
            assert_eq!((&fields["accepted_quote"], &fields["amount"]["amount"]), (&json!(won), &json!("245.00")));
        }
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn of_two_versions_that_are_made_at_once_one_is() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..6 {
            let deal = office.deal_with_lines(office.kim, &format!("Rail {round}"));
            let quote = office.quote(office.kim, deal);
            office.turns_quote(office.kim, quote, "sent", None).unwrap();
            let (a, b) = at_once(|| office.version(office.kim, quote), || office.version(office.mona, quote));
            assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
            assert_eq!(refusals(if a.is_ok() { b } else { a }), ["quote.newer_version"]);
        }
    });
}

#[test]
fn a_line_comes_before_the_quote_is_sent_or_not_at_all() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..6 {
            let deal = office.deal_with_lines(office.kim, &format!("Rail {round}"));
            let quote = office.quote(office.kim, deal);
            let (line, sent) = at_once(
                || office.creates(office.mona, "quote_line", json!({"quote": quote, "name": "Late", "price": "5"})),
                || office.turns_quote(office.kim, quote, "sent", None),
            );
            sent.unwrap();
            let total = if line.is_ok() { "250.00" } else { "245.00" };
            if line.is_err() {
                assert_eq!(refusals(line), ["quote.not_draft:quote"]);
            }
            assert_eq!(office.fields("quote", quote)["lines_total"]["amount"], total);
        }
    });
}

#[test]
fn an_acceptance_and_an_edit_of_the_deals_lines_follow_each_other() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..6 {
            let deal = office.deal_with_lines(office.kim, &format!("Rail {round}"));
            let quote = office.quote(office.kim, deal);
            office.turns_quote(office.kim, quote, "sent", None).unwrap();
            let (line, accepted) = at_once(
                || office.creates(office.mona, "opportunity_line", json!({"opportunity": deal, "name": "Late", "price": "5"})),
                || office.turns_quote(office.kim, quote, "accepted", None),
            );
            line.unwrap();
            accepted.unwrap();
            // Before it: gone with the old lines. After it: beside the new ones.
            let total = office.fields("opportunity", deal)["lines_total"]["amount"].clone();
            assert!(total == "245.00" || total == "250.00", "{total}");
        }
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}
