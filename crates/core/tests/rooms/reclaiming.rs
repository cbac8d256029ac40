//! What pools take back from their owners, and the warnings before.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, people, pools};
use testkit::both;

use crate::office::{Office, id_of};
use crate::reminders::tells_what_is_due;
use crate::together::at_once;

const DAY: i64 = 86_400;

impl Office {
    /// Kinds of what a person was told by pools, the oldest first.
    fn pools_told(&self, who: Id) -> Vec<String> {
        let told = self.told(who).0.into_iter().rev().map(|notice| notice["kind"].as_str().unwrap_or_default().to_owned());
        told.filter(|kind| kind.starts_with("pool_")).collect()
    }

    fn has_it(&self, object: &str, id: Id) -> Json {
        self.reads(self.ada, object, id).unwrap()["fields"]["owner"].clone()
    }

    fn calls(&self, who: Id, lead: Id) {
        let fields =
            json!({"name": "Call", "regarding": {"object": "lead", "id": lead}, "happened_at": self.read(who, |cx, _| Ok(cx.at)).unwrap()});
        self.creates(who, "activity", fields).unwrap();
    }
}

fn idle(days: u32, warn: &[u32]) -> Json {
    json!([{"key": "idle", "without": "follow_up", "days": days, "warn_days_before": warn}])
}

#[test]
fn what_is_not_followed_up_is_warned_of_and_taken_back_once() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({"reclaim": idle(30, &[7, 1]), "not_again_for_days": 5}));
        let lead = office.pooled("Anna", "Bonn");
        office.claims_it(office.kim, "lead", lead).unwrap();
        // A claim is a moment later than the clock.
        database.advance(60);
        let pass = |days: i64| {
            database.advance(days * DAY);
            // Two servers.
            at_once(|| tells_what_is_due(&office.house), || tells_what_is_due(&office.house));
            office.pools_told(office.kim)
        };
        assert_eq!(pass(22), Vec::<String>::new());
        assert_eq!(pass(1), ["pool_warning"]);
        // A follow-up moves the date.
        office.calls(office.kim, lead);
        database.advance(60);
        assert_eq!(pass(22), ["pool_warning"]);
        assert_eq!(pass(1), ["pool_warning"; 2]);
        assert_eq!(pass(5), ["pool_warning"; 2]);
        assert_eq!(pass(1), ["pool_warning"; 3]);
        assert_eq!(office.has_it("lead", lead), json!(office.kim));
        assert_eq!(pass(1), ["pool_warning", "pool_warning", "pool_warning", "pool_reclaimed"]);
        assert_eq!(office.has_it("lead", lead), Json::Null);
        let log = office.read(office.ada, |cx, tx| pools::log_of(cx, tx, pool, &pools::LogRequest::default())).unwrap();
        let acts: Vec<&str> = log["items"].as_array().unwrap().iter().rev().map(|item| item["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["put", "claim", "warn", "warn", "warn", "reclaim"]);
        assert_eq!(log["items"][0]["rule"], "idle");
        assert_eq!(crate::office::refusals(office.claims_it(office.kim, "lead", lead)), ["pool.not_again_yet"]);
        assert_eq!(pass(60).len(), 4, "it is nobody's, and nobody is told");
        office.claims_it(office.lee, "lead", lead).unwrap();
        database.advance(25 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!(office.pools_told(office.lee), ["pool_warning"], "each owner anew");
    });
}

#[test]
fn a_changed_rule_holds_at_once_and_gives_the_days_of_its_warnings() {
    both(|database| {
        let office = Office::new(database);
        let own = id_of(&office.creates(office.karl, "lead", json!({"name": "Anna", "city": "Bonn"})).unwrap());
        let pool = office.pool("Bonn", json!({}));
        let lead = office.pooled("Bruno", "Bonn");
        office.claims_it(office.kim, "lead", lead).unwrap();
        database.advance(100 * DAY);
        tells_what_is_due(&office.house);
        // Without a rule nothing happens. With one, what is overdue is warned of first.
        office.changes_pool(pool, json!({"reclaim": idle(30, &[7])}));
        tells_what_is_due(&office.house);
        assert_eq!(
            (office.pools_told(office.kim), office.pools_told(office.karl)),
            (vec!["pool_warning".into()], vec!["pool_warning".into()])
        );
        database.advance(7 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.has_it("lead", lead), office.has_it("lead", own)), (Json::Null, Json::Null));
        // Without warnings it goes back at once.
        office.claims_it(office.kim, "lead", lead).unwrap();
        database.advance(10 * DAY + 60);
        office.changes_pool(pool, json!({"reclaim": idle(10, &[])}));
        tells_what_is_due(&office.house);
        assert_eq!(office.has_it("lead", lead), Json::Null);
        // A rule that is gone takes nothing.
        office.claims_it(office.kim, "lead", lead).unwrap();
        office.changes_pool(pool, json!({"reclaim": []}));
        database.advance(100 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!(office.has_it("lead", lead), json!(office.kim));
    });
}

#[test]
fn deals_that_do_not_move_and_accounts_without_a_win_go_back() {
    both(|database| {
        let office = Office::new(database);
        let rule = |without: &str| json!([{"key": "still", "without": without, "days": 10}]);
        office.pool(
            "Deals",
            json!({"object": "opportunity", "condition": {"field": "name", "op": "is_not_empty"}, "reclaim": rule("stage_progress")}),
        );
        office.pool("Accounts", json!({"object": "account", "condition": {"field": "city", "op": "is_empty"}, "reclaim": rule("win")}));
        let (still, moving, closed) =
            (office.deal(office.kim, "Still"), office.deal(office.kim, "Moving"), office.deal(office.kim, "Closed"));
        let account = |name: &str| id_of(&office.creates(office.kim, "account", json!({ "name": name })).unwrap());
        let (cold, warm) = (account("Cold"), account("Warm"));
        let won = id_of(&office.creates(office.kim, "opportunity", json!({"name": "Won", "amount": "1", "account": warm})).unwrap());
        database.advance(6 * DAY);
        office.moves(office.kim, moving, None, json!({"stage": "qualification"})).unwrap();
        office.moves(office.kim, closed, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        office.moves(office.ada, won, None, json!({"stage": "won", "bypass": true, "reason": "They signed"})).unwrap();
        database.advance(5 * DAY);
        tells_what_is_due(&office.house);
        let kim = json!(office.kim);
        let owners = |object: &str, ids: &[Id]| ids.iter().map(|id| office.has_it(object, *id)).collect::<Vec<_>>();
        assert_eq!(owners("opportunity", &[still, moving, closed]), [Json::Null, kim.clone(), kim.clone()]);
        assert_eq!(owners("account", &[cold, warm]), [Json::Null, kim]);
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn what_a_leaver_has_goes_into_a_pool() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": null}));
        let (a, b) = (office.deal(office.karl, "Rail"), office.deal(office.karl, "Road"));
        let wanted: people::leaving::Disable = serde_json::from_value(json!({
            "spread": [{"object": "opportunity", "part": "open", "pool": pool, "records": [{"id": a, "to": office.mona}]}],
        }))
        .unwrap();
        let done = office.write(office.ada, |cx, tx| people::leaving::disable(cx, tx, office.karl, &wanted)).unwrap();
        assert_eq!(done["objects"][0]["into_pool"], 1);
        assert_eq!((office.has_it("opportunity", a), office.has_it("opportunity", b)), (json!(office.mona), Json::Null));
        office.claims_it(office.lee, "opportunity", b).unwrap();
    });
}

#[test]
fn bulk_acts_claim_give_back_and_move() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"claims_per_day": 2}));
        let other = office.pool("Ulm", json!({}));
        let some: Vec<Id> = (0..3).map(|n| office.pooled(&format!("Lead {n}"), "Bonn")).collect();
        let bulk = |who: Id, body: Json| {
            let wanted = serde_json::from_value(body).unwrap();
            stagecraft_core::bulk::begin(&office.house, &Credential::Person(who), Via::Api, "lead", &wanted).unwrap()
        };
        let outcome = |told: &Json| (told["changed"].as_i64().unwrap(), told["refused"].as_i64().unwrap());
        assert_eq!(outcome(&bulk(office.kim, json!({"ids": some, "act": "claim", "dry_run": true}))), (2, 1));
        let told = bulk(office.kim, json!({"ids": some, "act": "claim"}));
        assert_eq!((outcome(&told), &told["results"][0]["violations"][0]["code"]), ((2, 1), &json!("pool.daily_limit")));
        let told = bulk(office.kim, json!({"ids": some, "act": "return", "reason": "No time"}));
        assert_eq!(outcome(&told), (2, 1));
        assert_eq!(outcome(&bulk(office.mona, json!({"ids": some, "act": "move_pool", "pool": other}))), (3, 0));
        assert_eq!(outcome(&bulk(office.mona, json!({"ids": some, "act": "assign", "owner": office.lee}))), (3, 0));
    });
}
