//! Stage conversion: whatever has happened in whatever order, what is told from memory is what plain loops over every stay say.

use model::Id;
use model::process::SHIPPED;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, analysis, organisation, processes, records};
use testkit::both;
use testkit::rand::RngExt as _;
use testkit::rand::rngs::StdRng;

use crate::office::{Office, id_of};

/// Deals with random histories, and questions asked of them; at most a thousand were tried.
fn many() -> usize {
    testkit::cases(60) as usize
}

impl Office {
    fn analyses(&self, who: Id, query: Json) -> Result<Json> {
        analysis::prepare(&self.house)?;
        let request: analysis::ConversionRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::conversion(cx, tx, self.house.analysis(), &request))
    }

    fn tells_plainly(&self, who: Id, query: &Json) {
        analysis::prepare(&self.house).unwrap();
        let request: analysis::ConversionRequest = serde_json::from_value(query.clone()).unwrap();
        let differing = self.read(who, |cx, tx| analysis::against_plain(cx, tx, self.house.analysis(), &request)).unwrap();
        assert_eq!(differing.map(|(memory, plain)| format!("{memory:#?}\n{plain:#?}")), None, "{query}");
    }
}

/// The figures of a stage: total, transitioned, retained, lost.
fn parts(answer: &Json, stage: &str) -> [u64; 4] {
    let row = answer["stages"].as_array().unwrap().iter().find(|row| row["stage"] == stage).unwrap();
    ["total", "transitioned", "retained", "lost"].map(|part| row[part].as_u64().unwrap())
}

impl Office {
    /// The count and the sum of the deals behind a figure, gone through page by page.
    fn deals_behind(&self, who: Id, query: &Json, stage: &str, part: &str) -> (u64, Json, usize) {
        let mut asked = query.clone();
        (asked["stage"], asked["part"], asked["limit"]) = (stage.into(), part.into(), 7.into());
        let mut seen = std::collections::BTreeSet::new();
        loop {
            let request: analysis::BehindRequest = serde_json::from_value(asked.clone()).unwrap();
            let page = self.read(who, |cx, tx| analysis::conversion_deals(cx, tx, self.house.analysis(), &request)).unwrap();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            if page["next"].is_null() {
                return (page["count"].as_u64().unwrap(), page["amount"].clone(), seen.len());
            }
            asked["cursor"] = page["next"].clone();
        }
    }
}

struct Story {
    office: Office,
    people: Vec<Id>,
    deals: Vec<Id>,
    processes: [String; 2],
}

impl Story {
    fn new(office: Office) -> Story {
        let rate = |currency: &str, rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": currency, "day": "2020-01-01", "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        rate("EUR", "1.1");
        rate("JPY", "0.0067");
        let open = |stage: &str| json!({"stage": stage, "allow_skip": true});
        let own = json!({"name": "Partners", "precedence": 10, "stages": [
            open("qualification"), open("proposal"), open("negotiation"), {"stage": "won"}, {"stage": "lost", "ignore_normal": true},
        ]});
        let saved = office.write(office.ada, |cx, tx| processes::save_process(cx, tx, None, None, &own, false)).unwrap();
        let processes = [SHIPPED.to_string(), saved["process"]["id"].as_str().unwrap().to_owned()];
        let people = vec![office.kim, office.karl, office.lee, office.mona, office.sven];
        Story { office, people, deals: Vec::new(), processes }
    }

    fn act(&mut self, dice: &mut StdRng) {
        let (office, ada) = (&self.office, self.office.ada);
        let who = self.people[dice.random_range(0..self.people.len())];
        let currency = ["USD", "EUR", "JPY"][dice.random_range(0..3)];
        let amount = json!({"amount": dice.random_range(0..5_000).to_string(), "currency": currency});
        let begins = |dice: &mut StdRng| {
            let mut fields = json!({"name": "Deal", "owner": who, "sales_process": self.processes[dice.random_range(0..2)]});
            if dice.random_range(0..5) > 0 {
                fields["amount"] = amount.clone();
            }
            fields
        };
        let deal = match self.deals.len() {
            0 => None,
            many if many < self::many() && dice.random_range(0..6) == 0 => None,
            many => Some(self.deals[dice.random_range(0..many)]),
        };
        let Some(deal) = deal else {
            let fields = begins(dice);
            let made = office.creates(ada, "opportunity", fields).unwrap();
            return self.deals.push(id_of(&made));
        };
        let stages = ["prospecting", "qualification", "proposal", "negotiation", "won", "lost", "invalid"];
        let stage = stages[dice.random_range(0..stages.len())];
        let outcome: Result<Json> = match dice.random_range(0..16) {
            0..=7 => {
                let mut body = json!({"stage": stage, "bypass": true, "reason": "As it went"});
                if stage == "lost" {
                    body["fields"] = json!({"lost_reason": "price"});
                }
                office.moves(ada, deal, None, body)
            }
            8 | 9 => {
                let wanted = serde_json::from_value(json!({"reason": "They called"})).unwrap();
                office.write(ada, |cx, tx| processes::reopen(cx, tx, deal, None, &wanted))
            }
            10 => {
                let process = &self.processes[dice.random_range(0..2)];
                let wanted = serde_json::from_value(json!({"process": process, "reason": "Another way"})).unwrap();
                office.write(ada, |cx, tx| processes::change_process(cx, tx, deal, None, &wanted))
            }
            11 => office.edits(ada, "opportunity", deal, json!({"amount": amount})),
            12 => office.edits(
                ada,
                "opportunity",
                deal,
                json!({"opportunity_type": (dice.random_range(0..2) == 0).then_some("renewal"), "expected_close_date": "2026-12-31"}),
            ),
            13 => office.hands(ada, deal, who),
            14 => office.write(ada, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &records::Reason::default())),
            _ => office.takes_out(ada, deal),
        };
        match outcome {
            Ok(_) | Err(Error::Invalid(_) | Error::Unmet(_) | Error::NotFound | Error::Conflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    /// A person and what he asks.
    fn question(&self, dice: &mut StdRng) -> (Id, Json) {
        let office = &self.office;
        let who = [office.ada, office.hanna, office.mona, office.kim, office.ines][dice.random_range(0..5)];
        let person = self.people[dice.random_range(0..self.people.len())];
        let department = office.department_of(person);
        let rows = [
            json!({"field": "owner", "op": "eq", "value": person}),
            json!({"field": "owner", "op": "in", "value": [office.kim, office.lee]}),
            json!({"field": "owner_department", "op": "in_department", "value": {"id": department, "with_sub": true}}),
            json!({"field": "opportunity_type", "op": "eq", "value": "renewal"}),
            json!({"field": "created_at", "op": "within", "value": "today"}),
            json!({"field": "closed_at", "op": "is_not_empty"}),
            json!({"field": "closed_at", "op": "within", "value": {"name": "last_n_days", "n": 3}}),
            json!({"field": "expected_close_date", "op": "le", "value": "2026-12-31"}),
            json!({"field": "amount", "op": "gt", "value": {"amount": "1000", "currency": "USD"}}),
            json!({"any": [{"field": "owner", "op": "is_me"}, {"field": "stage", "op": "eq", "value": "won"}]}),
            json!({"not": {"field": "owner", "op": "eq", "value": person}}),
        ];
        let some: Vec<&Json> = (0..dice.random_range(0..3)).map(|_| &rows[dice.random_range(0..rows.len())]).collect();
        let mut query = json!({"process": self.processes[dice.random_range(0..2)], "filter": json!({"all": some}).to_string()});
        if dice.random_range(0..4) == 0 {
            query["entered"] = ["2020-01-01..", "..2020-01-01", "..2100-12-31"][dice.random_range(0..3)].into();
        }
        (who, query)
    }
}

#[test]
fn whatever_has_happened_it_is_told_as_plain_loops_say_it() {
    both(|database| {
        let mut story = Story::new(Office::new(database));
        let mut dice = testkit::random(0xa11a);
        let office = story.office.clone();
        // Somebody has a part in what is not his.
        for round in 0..many() {
            for _ in 0..8 {
                story.act(&mut dice);
            }
            if round == 20 {
                let members: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": office.kim, "access": "read"}])).unwrap();
                for deal in story.deals.iter().take(5) {
                    let _ = office.write(office.ada, |cx, tx| records::set_team(cx, tx, "opportunity", *deal, &members));
                }
            }
            if round == 40 {
                let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2020-01-02", "rate": "1.3"})).unwrap();
                office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
            }
            let (who, query) = story.question(&mut dice);
            office.tells_plainly(who, &query);
        }
        // Behind every figure stand as many deals as it counts, worth what it says.
        for who in [office.ada, office.hanna, office.kim] {
            let query = json!({"process": story.processes[1]});
            let told = office.analyses(who, query.clone()).unwrap();
            for row in told["stages"].as_array().unwrap() {
                let stage = row["stage"].as_str().unwrap();
                let (count, amount, listed) = office.deals_behind(who, &query, stage, "total");
                assert_eq!((json!(count), &amount, listed as u64), (row["total"].clone(), &row["amount"], count), "{stage}");
                for part in ["transitioned", "retained", "lost"] {
                    let (count, _, listed) = office.deals_behind(who, &query, stage, part);
                    assert_eq!((json!(count), listed as u64), (row[part].clone(), count), "{stage} {part}");
                }
            }
        }
        let checked = office.read(office.ada, stagecraft_core::check::stays).unwrap();
        assert_eq!(checked["ok"], true, "{checked}");
        // Every figure counts something: the histories are not too tame to tell anything.
        let all = office.analyses(office.ada, json!({"process": SHIPPED})).unwrap();
        assert!(all["won"].as_u64().unwrap() > 0, "{all}");
        assert!(all["stages"].as_array().unwrap().iter().any(|row| row["lost"].as_u64().unwrap() > 0), "{all}");
    });
}

#[test]
fn a_rule_of_scope_and_a_filter_say_whose_deals_count() {
    both(|database| {
        let office = Office::new(database);
        for (who, many) in [(office.kim, 3), (office.karl, 2), (office.lee, 4)] {
            (0..many).for_each(|_| {
                office.deal(who, "Rail");
            });
        }
        let total = |who: Id, filter: Json| parts(&office.analyses(who, json!({"filter": filter.to_string()})).unwrap(), "prospecting")[0];
        let every = json!({"all": []});
        let seen =
            [office.kim, office.karl, office.lee, office.mona, office.sven, office.hanna, office.ada].map(|who| total(who, every.clone()));
        assert_eq!(seen, [3, 2, 4, 5, 4, 9, 9]);
        assert_eq!(total(office.hanna, json!({"field": "owner", "op": "eq", "value": office.karl})), 2);
        assert_eq!(
            total(office.kim, json!({"field": "owner", "op": "eq", "value": office.karl})),
            0,
            "whom one does not see counts nowhere"
        );
        assert_eq!(total(office.hanna, json!({"field": "name", "op": "contains", "value": "rail"})), 9);
        let unknown = office.analyses(office.kim, json!({"filter": "{\"field\":\"x_nothing\",\"op\":\"is_empty\"}"}));
        assert!(matches!(unknown, Err(Error::Invalid(_))), "{unknown:?}");
        let days = office.analyses(office.kim, json!({"entered": "soon"}));
        assert!(matches!(days, Err(Error::Malformed(_))), "{days:?}");
        assert!(matches!(office.analyses(office.kim, json!({"process": Id::SYSTEM})), Err(Error::NotFound)));
    });
}

#[test]
fn amounts_are_told_to_those_alone_who_may_know_them() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.moves(office.ada, deal, None, json!({"stage": "won", "bypass": true, "reason": "Signed"})).unwrap();
        let told = office.analyses(office.kim, json!({})).unwrap();
        assert_eq!((&told["stages"][0]["amount"], &told["average_deal_size"]), (&json!("1000.00"), &json!("1000.00")));
        office.hides("salesperson", "opportunity", &[("amount", "hidden")]);
        let told = office.analyses(office.kim, json!({})).unwrap();
        assert_eq!((&told["stages"][0]["amount"], &told["average_deal_size"]), (&Json::Null, &Json::Null));
        assert_eq!(told["won"], 1);
        office.hides("salesperson", "opportunity", &[("stage", "hidden")]);
        assert!(matches!(office.analyses(office.kim, json!({})), Err(Error::NotFound)));
    });
}

/// While one side writes, every answer is one that held at some instant: no deal twice, none left out.
#[test]
fn what_is_written_meanwhile_counts_once() {
    both(|database| {
        let office = Office::new(database);
        let deals: Vec<Id> = (0..12).map(|_| office.deal(office.kim, "Rail")).collect();
        std::thread::scope(|threads| {
            threads.spawn(|| {
                for deal in &deals {
                    office.moves(office.kim, *deal, None, json!({"stage": "qualification"})).unwrap();
                }
            });
            let mut last = 0;
            for _ in 0..40 {
                let told = office.analyses(office.hanna, json!({})).unwrap();
                let (first, second) = (parts(&told, "prospecting"), parts(&told, "qualification"));
                assert_eq!(first[0], 12, "{told}");
                assert_eq!(first[1], second[0], "whoever has left is in the next: {told}");
                assert!(second[0] >= last, "nobody goes back");
                last = second[0];
            }
        });
        assert_eq!(parts(&office.analyses(office.hanna, json!({})).unwrap(), "prospecting"), [12, 12, 0, 0]);
    });
}
