//! A discount that somebody must agree to: from the sending to the customer's post.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, records};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, id_of, refusals};

impl Office {
    /// A flow that asks `who` before a quote with more than 15 % off is sent.
    fn discounts_ask(&self, who: Id) -> Id {
        let condition = json!({"all": [
            {"field": "quote_status", "op": "changed_to", "value": "sent"}, {"field": "total_discount", "op": "gt", "value": "15"},
        ]});
        self.flow("edit", &[&[who]], json!({"object": "quote", "fields": ["quote_status"], "condition": condition}))
    }

    fn discounted(&self, percent: &str) -> Id {
        let deal = self.deal_with_lines(self.kim, "Rail");
        id_of(&self.quotes(self.kim, deal, json!({"fields": {"discount": percent}})).unwrap())
    }
}

#[test]
fn a_large_discount_is_sent_when_it_is_agreed_to() {
    both(|database| {
        let office = Office::new(database);
        office.discounts_ask(office.lee);
        // What is small goes out at once.
        let small = office.discounted("10");
        assert_eq!(office.turns_quote(office.kim, small, "sent", None).unwrap()["result"], "saved");

        let quote = office.discounted("20");
        assert!(matches!(office.reads(office.lee, "quote", quote), Err(Error::NotFound)), "it does not concern him yet");
        let answer = office.turns_quote(office.kim, quote, "sent", None).unwrap();
        let approval = approval_of(&answer);
        let shown = &answer["record"];
        assert_eq!((&shown["fields"]["quote_status"], &shown["fields"]["lifecycle_status"]), (&json!("in_review"), &json!("in_change")));
        assert_eq!(shown["fields"]["sent_at"], Json::Null);
        let stands: Vec<&Json> = shown["cannot"].as_array().unwrap().iter().filter(|one| one["act"] == "edit").collect();
        assert_eq!(stands[0]["code"], "record.in_approval");

        // Whoever is asked sees the quote with its lines, and its deal, as long as he is.
        let seen = office.reads(office.lee, "quote", quote).unwrap();
        assert_eq!(seen["fields"]["total_discount"], "21.6", "250.00 at list prices, 196.00 offered: {seen:#}");
        let filter = json!({"filter": json!({"field": "quote", "op": "eq", "value": quote}).to_string()});
        assert_eq!(office.lists(office.lee, "quote_line", filter).unwrap().1, 2);
        let deal: Id = office.fields("quote", quote)["opportunity"].as_str().unwrap().parse().unwrap();
        office.reads(office.lee, "opportunity", deal).unwrap();

        // Nobody goes round it meanwhile.
        assert_eq!(refusals(office.turns_quote(office.kim, quote, "sent", None)), ["record.in_approval"]);
        assert_eq!(refusals(office.edits(office.kim, "quote", quote, json!({"discount": "1"})))[0], "record.in_approval");
        let line = json!({"quote": quote, "name": "More", "price": "1"});
        assert_eq!(refusals(office.creates(office.kim, "quote_line", line)), ["record.in_approval:quote", "quote.not_draft:quote"]);

        let done = office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        assert_eq!(done["outcome"], "approved", "{done:#}");
        let fields = office.fields("quote", quote);
        assert_eq!(
            (&fields["quote_status"], &fields["lifecycle_status"], &fields["in_approval"]),
            (&json!("sent"), &json!("normal"), &Json::Null)
        );
        assert!(!fields["sent_at"].is_null());
        assert!(matches!(office.reads(office.lee, "quote", quote), Err(Error::NotFound)), "it concerns him no more");
        assert!(matches!(office.reads(office.lee, "opportunity", deal), Err(Error::NotFound)));
        office.turns_quote(office.kim, quote, "accepted", None).unwrap();
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn what_is_not_agreed_to_is_a_draft_again() {
    both(|database| {
        let office = Office::new(database);
        office.discounts_ask(office.lee);
        let quote = office.discounted("20");
        let asked = approval_of(&office.turns_quote(office.kim, quote, "sent", None).unwrap());
        office.decides(office.lee, asked, json!({"act": "reject", "task": 0, "comment": "Too much"})).unwrap();
        let fields = office.fields("quote", quote);
        assert_eq!((&fields["quote_status"], &fields["lifecycle_status"]), (&json!("draft"), &json!("normal")));
        // Less of it needs nobody, and more is asked for again, and may be withdrawn.
        let again = approval_of(&office.turns_quote(office.kim, quote, "sent", None).unwrap());
        office.decides(office.kim, again, json!({"act": "withdraw"})).unwrap();
        assert_eq!(office.quote_status(quote), "draft");
        office.edits(office.kim, "quote", quote, json!({"discount": "5"})).unwrap();
        assert_eq!(office.turns_quote(office.kim, quote, "sent", None).unwrap()["result"], "saved");
    });
}

#[test]
fn what_has_changed_meanwhile_fails_and_is_a_draft_again() {
    both(|database| {
        let office = Office::new(database);
        office.discounts_ask(office.lee);
        let quote = office.discounted("20");
        let wanted = serde_json::from_value(json!({"fields": {"quote_status": "sent", "valid_until": "2026-01-01"}})).unwrap();
        let refused = office.write(office.kim, |cx, tx| records::update(cx, tx, "quote", quote, None, &wanted));
        assert_eq!(refusals(refused), ["quote.expired:quote_status"], "judged before it waits");
        let asked = approval_of(&office.turns_quote(office.kim, quote, "sent", None).unwrap());
        // An administrator leaves the approval out of another way: here the rule that comes meanwhile refuses.
        let rule = json!({"validations": [{
            "key": "no_discount", "condition": {"all": [
                {"field": "discount", "op": "gt", "value": "10"}, {"field": "quote_status", "op": "eq", "value": "sent"}]},
            "message": {"en": "At most 10 %"}, "field": "discount",
        }]});
        let wanted = serde_json::from_value(rule).unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::objects::update_object(cx, tx, "quote", None, &wanted)).unwrap();
        let done = office.decides(office.lee, asked, json!({"act": "agree", "task": 0})).unwrap();
        assert_eq!(done["outcome"], "failed", "{done:#}");
        assert_eq!(office.quote_status(quote), "draft");
    });
}
