//! Flows: whom a node asks, which flow catches, and what is told without starting any.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::approvals::{self, Simulation};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, refusals};

/// A flow for new deals whose only node asks these, told or refused.
fn asking(who: Json, method: Json, more: Json) -> Json {
    let mut does = json!({"type": "approve", "method": method, "who": who, "next": "approved"});
    for (key, value) in more.as_object().unwrap() {
        does[key] = value.clone();
    }
    json!({
        "api_name": "tried", "name": "Tried", "object": "opportunity", "trigger": "create",
        "nodes": [
            {"key": "start", "does": {"type": "start", "next": "boss"}}, {"key": "boss", "name": "Boss", "does": does},
            {"key": "approved", "does": {"type": "approved"}},
        ],
    })
}

impl Office {
    pub fn simulates(&self, body: Json) -> Json {
        let wanted: Simulation = serde_json::from_value(body).unwrap();
        self.write(self.ada, |cx, tx| approvals::simulate(cx, tx, &wanted)).unwrap()
    }

    /// Whom the only node of a flow asks, when `who` registers a deal.
    fn asked(&self, who: Id, flow: Json) -> Vec<Id> {
        self.asked_about(who, flow, json!({"name": "Turbine"}))
    }

    fn asked_about(&self, who: Id, flow: Json, fields: Json) -> Vec<Id> {
        let told = self.simulates(json!({"object": "opportunity", "act": "create", "fields": fields, "submitter": who, "flow": flow}));
        let Some(step) = told["path"].as_array().and_then(|path| path.first()) else { return Vec::new() };
        step["people"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse().unwrap()).collect()
    }

    fn leaves(&self, who: Id) {
        self.edits(self.ada, "employee", who, json!({"active": false})).unwrap();
    }
}

fn standard() -> Json {
    json!({"type": "standard"})
}

#[test]
fn each_source_means_its_people() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, mona, sven, hanna, ada, .. } = office;
        let by = |who: Json| {
            let mut found = office.asked(kim, asking(json!([who]), standard(), json!({})));
            found.sort_unstable();
            found
        };
        let sorted = |mut people: Vec<Id>| {
            people.sort_unstable();
            people
        };
        let department = |name: &str| {
            let (names, _) = office.lists(ada, "department", json!({"limit": 50})).unwrap();
            assert!(names.iter().any(|known| known == name));
            let list = office.read(ada, |cx, tx| {
                stagecraft_core::records::list(cx, tx, "department", &serde_json::from_value(json!({"limit": 50})).unwrap())
            });
            let list = list.unwrap();
            let found = list["items"].as_array().unwrap().iter().find(|item| item["fields"]["name"] == name).unwrap();
            found["id"].as_str().unwrap().parse::<Id>().unwrap()
        };
        let (sales, north) = (department("Sales"), department("North"));
        assert_eq!(by(json!({"type": "person", "id": lee})), [lee]);
        assert_eq!(by(json!({"type": "department", "id": north})), sorted(vec![kim, karl, mona]));
        assert_eq!(by(json!({"type": "department", "id": sales})), sorted(vec![hanna, ada, office.ines]));
        assert_eq!(by(json!({"type": "department", "id": sales, "with_sub": true})).len(), 8);
        let group = office.system("user_group", json!({"name": "Deal desk", "members": [lee, sven]}));
        assert_eq!(by(json!({"type": "group", "id": group})), sorted(vec![lee, sven]));
        assert_eq!(by(json!({"type": "role", "role": "sales_manager"})), sorted(vec![mona, sven, hanna]));
        assert_eq!(by(json!({"type": "owner"})), [kim]);
        assert_eq!(by(json!({"type": "submitter"})), [kim]);
        assert_eq!(by(json!({"type": "manager", "of": "owner"})), [mona]);
        assert_eq!(by(json!({"type": "manager", "of": "submitter", "up": 1})), [hanna]);
        // Nobody leads North; of Sales it is Hanna.
        office.edits(ada, "department", sales, json!({"head": hanna})).unwrap();
        assert_eq!(by(json!({"type": "department_head", "of": "owner", "up": 1})), [hanna]);
        assert_eq!(by(json!({"type": "department_head", "of": "owner"})), [ada], "nobody, so the administrators");
        office.edits(ada, "department", north, json!({"head": mona})).unwrap();
        assert_eq!(by(json!({"type": "department_head", "of": "submitter"})), [mona]);
        // Of the owner, where that is somebody else.
        let of_karl =
            |who: Json| office.asked_about(kim, asking(json!([who]), standard(), json!({})), json!({"name": "Turbine", "owner": lee}));
        assert_eq!(of_karl(json!({"type": "manager", "of": "owner"})), [sven]);
        assert_eq!(of_karl(json!({"type": "manager", "of": "submitter"})), [mona]);
        // A field of the record to which it refers.
        let account = office.system("account", json!({"name": "Lindenthal", "owner": karl}));
        let along = |path: &str| {
            let who = json!([{"type": "field", "path": path}]);
            office.asked_about(
                kim,
                asking(who, standard(), json!({"nobody": {"type": "skip"}})),
                json!({"name": "Turbine", "account": account}),
            )
        };
        assert_eq!(along("account.owner"), [karl]);
        assert_eq!(along("account.owner.manager"), [mona]);
        assert_eq!(along("account.parent.owner"), Vec::<Id>::new(), "it leads nowhere, and the node is passed by");
        // Its team, by what they do in it.
        let deal = office.deal(kim, "Turbine");
        let members = json!([{"person": lee, "access": "read", "role": "pre_sales"}, {"person": karl, "access": "read", "role": "member"}]);
        let members: Vec<stagecraft_core::records::TeamMember> = serde_json::from_value(members).unwrap();
        office.write(kim, |cx, tx| stagecraft_core::records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        let team = |who: Json| {
            let mut flow = asking(json!([who]), standard(), json!({}));
            flow["trigger"] = "edit".into();
            let told = office.simulates(json!({
                "object": "opportunity", "record": deal, "act": "edit", "fields": {"name": "Pump"}, "submitter": kim, "flow": flow,
            }));
            told["path"][0]["people"].clone()
        };
        assert_eq!(team(json!({"type": "team", "role": "pre_sales"})), json!([lee]));
        assert_eq!(team(json!({"type": "team"})).as_array().unwrap().len(), 2);
    });
}

#[test]
fn the_line_is_followed_as_far_as_it_says() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, hanna, ada, .. } = office;
        let line =
            |until: Json| office.asked(kim, asking(json!([]), json!({"type": "step_by_step", "of": "owner", "until": until}), json!({})));
        assert_eq!(line(json!({"type": "levels", "n": 1})), [mona]);
        assert_eq!(line(json!({"type": "levels", "n": 5})), [mona, hanna], "to the top");
        assert_eq!(line(json!({"type": "role", "role": "sales_manager"})), [mona], "he included");
        let north = office.reads(ada, "employee", kim).unwrap()["fields"]["department"].clone();
        let north: Id = serde_json::from_value(north["id"].as_str().map_or(north.clone(), |id| json!(id))).unwrap();
        office.edits(ada, "department", north, json!({"head": mona})).unwrap();
        assert_eq!(line(json!({"type": "department_head"})), [mona]);
        let of_mona = json!({"type": "step_by_step", "of": "submitter", "until": {"type": "department_head"}});
        assert_eq!(office.asked(mona, asking(json!([]), of_mona, json!({}))), [hanna], "who leads it herself has one above her");
    });
}

#[test]
fn whoever_has_left_is_asked_in_the_person_of_his_manager() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, lee, mona, sven, hanna, ada, .. } = office;
        let his = || office.asked(kim, asking(json!([{"type": "manager", "of": "owner"}]), standard(), json!({})));
        assert_eq!(his(), [mona]);
        office.leaves(mona);
        assert_eq!(his(), [hanna]);
        office.leaves(hanna);
        assert_eq!(his(), [ada], "nobody is left above, so the administrators");
        office.leaves(lee);
        // Of many who are meant together, those who are there.
        let role = office.asked(kim, asking(json!([{"type": "role", "role": "salesperson"}]), standard(), json!({})));
        assert!(!role.contains(&lee) && !role.contains(&sven) && role.contains(&kim), "{role:?}");
        // Nobody above him: whoever the node names for that.
        let nobody = |nobody: Json| {
            let who = json!([{"type": "manager", "of": "owner", "up": 7}]);
            office.simulates(json!({
                "object": "opportunity", "act": "create", "fields": {"name": "Turbine"}, "submitter": kim,
                "flow": asking(who, standard(), json!({"nobody": nobody})),
            }))
        };
        let (skips, fails) = (nobody(json!({"type": "skip"})), nobody(json!({"type": "fail"})));
        assert_eq!((&skips["path"][0]["skipped"], &skips["ends"]), (&json!(true), &json!("approved")));
        assert_eq!((&fails["path"], &fails["ends"], &fails["fails"]["code"]), (&json!([]), &json!("failed"), &json!("approval.nobody")));
        assert_eq!(nobody(json!({"type": "person", "id": sven}))["path"][0]["people"], json!([sven]));
        assert_eq!(nobody(json!({"type": "administrators"}))["path"][0]["people"], json!([ada]));
    });
}

#[test]
fn the_topmost_that_fits_catches() {
    both(|database| {
        let office = Office::new(database);
        let big = json!({"field": "amount", "op": "ge", "value": "1000"});
        let first = office.flow("create", &[&[office.lee]], json!({"api_name": "big", "name": "Big", "condition": big}));
        let second = office.flow("create", &[&[office.mona]], json!({"api_name": "any", "name": "Any"}));
        let flow_of = |fields: Json| -> Id {
            let approval = approval_of(&office.creates(office.kim, "opportunity", fields).unwrap());
            office.write(office.ada, |cx, tx| approvals::one(cx, tx, approval)).unwrap()["flow"].as_str().unwrap().parse().unwrap()
        };
        let (small, large) = (json!({"name": "Small", "amount": "10"}), json!({"name": "Large", "amount": "5000"}));
        assert_eq!((flow_of(small.clone()), flow_of(large.clone())), (second, first));
        // Dragged to the top, the one without a condition takes all.
        let order: approvals::Order = serde_json::from_value(json!({"ids": [second, first]})).unwrap();
        office.write(office.ada, |cx, tx| approvals::order(cx, tx, &order)).unwrap();
        assert_eq!((flow_of(small), flow_of(large.clone())), (second, second));
        let told = office.simulates(json!({"object": "opportunity", "act": "create", "fields": large, "submitter": office.kim}));
        assert_eq!(told["flow"]["name"], "Any");
        assert_eq!(told["tried"][1]["why_not"], json!({"code": "earlier", "by": "Any"}));
    });
}

#[test]
fn what_runs_keeps_the_version_with_which_it_began() {
    both(|database| {
        let office = Office::new(database);
        let flow = office.flow("create", &[&[office.lee]], json!({}));
        let old = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Old"})).unwrap());
        let mut wanted = office.read(office.ada, |cx, tx| approvals::flow(cx, tx, flow)).unwrap();
        wanted["nodes"][1]["does"]["who"] = json!([{"type": "person", "id": office.mona}]);
        let save = |wanted: &Json| {
            let wanted: approvals::Wanted = serde_json::from_value(wanted.clone()).unwrap();
            office.write(office.ada, |cx, tx| approvals::save(cx, tx, Some(flow), None, &wanted)).unwrap()
        };
        let mut saved = save(&wanted);
        assert_eq!(saved["version"], 2);
        let new = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "New"})).unwrap());
        assert!(office.decides(office.mona, old, json!({"act": "agree", "task": 0})).is_err(), "it asks whom it asked");
        office.decides(office.lee, old, json!({"act": "agree", "task": 0})).unwrap();
        office.decides(office.mona, new, json!({"act": "agree", "task": 0})).unwrap();
        // Switched off and removed, what runs goes on, and what has ended is there.
        let last = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Last"})).unwrap());
        saved["active"] = false.into();
        save(&saved);
        let free = office.creates(office.kim, "opportunity", json!({"name": "Free"})).unwrap();
        assert_ne!(free["result"], "pending_approval");
        office.write(office.ada, |cx, tx| approvals::delete(cx, tx, flow, None)).unwrap();
        office.decides(office.mona, last, json!({"act": "agree", "task": 0})).unwrap();
        for past in [old, new, last] {
            let past = office.write(office.ada, |cx, tx| approvals::one(cx, tx, past)).unwrap();
            assert_eq!(past["state"], "approved", "{past:#}");
        }
    });
}

#[test]
fn why_none_catches_is_told_and_nothing_is_started() {
    both(|database| {
        let office = Office::new(database);
        let (kim, lee) = (office.kim, office.lee);
        let deal = office.deal(kim, "Turbine");
        let condition = json!({"all": [
            {"field": "amount", "op": "ge", "value": "5000"}, {"field": "name", "op": "contains", "value": "Turbine"},
        ]});
        office.flow("create", &[&[lee]], json!({"api_name": "new", "name": "New"}));
        office.flow("edit", &[&[lee]], json!({"api_name": "off", "name": "Off", "active": false}));
        office.flow("edit", &[&[lee]], json!({"api_name": "names", "name": "Names", "fields": ["name"]}));
        office.flow("edit", &[&[lee]], json!({"api_name": "big", "name": "Big", "condition": condition}));
        office.flow("stage", &[&[lee]], json!({"api_name": "stages", "name": "Stages"}));
        let told = office
            .simulates(json!({"object": "opportunity", "record": deal, "act": "edit", "fields": {"amount": "2000"}, "submitter": kim}));
        let why: Vec<&Json> = told["tried"].as_array().unwrap().iter().map(|tried| &tried["why_not"]).collect();
        assert_eq!(told["flow"], Json::Null);
        assert_eq!(why[..3].iter().map(|why| why["code"].as_str().unwrap()).collect::<Vec<_>>(), ["trigger", "inactive", "fields"]);
        assert_eq!(*why[3], json!({"code": "condition", "rows": [{"field": "amount", "op": "ge", "value": "5000"}]}));
        let told = office
            .simulates(json!({"object": "opportunity", "record": deal, "act": "edit", "fields": {"amount": "9000"}, "submitter": kim}));
        assert_eq!((&told["flow"]["name"], &told["path"][0]["people"], &told["ends"]), (&json!("Big"), &json!([lee]), &json!("approved")));
        // The process has no stage approved.
        let told = office.simulates(json!({"object": "opportunity", "record": deal, "act": "stage", "submitter": kim}));
        let last = told["tried"].as_array().unwrap().last().unwrap();
        assert_eq!(last["why_not"]["code"], "stage_not_approved");
        // Nothing has come of all this.
        let fields = &office.reads(kim, "opportunity", deal).unwrap()["fields"];
        assert_eq!((&fields["amount"]["amount"], &fields["in_approval"]), (&json!("1000.00"), &Json::Null), "{fields:#}");
        let (names, _) = office.lists(kim, "opportunity", json!({})).unwrap();
        assert_eq!(names, ["Turbine"]);
        // What stands against the act is told beside it.
        let told = office.simulates(json!({"object": "opportunity", "act": "create", "fields": {"amount": "1"}, "submitter": kim}));
        assert_eq!(told["refused"][0]["code"], "field.required");
        // Not for everybody.
        let wanted: Simulation = serde_json::from_value(json!({"object": "opportunity", "act": "create"})).unwrap();
        assert!(office.write(kim, |cx, tx| approvals::simulate(cx, tx, &wanted)).is_err());
        let faulty = json!({"object": "opportunity", "act": "create", "flow": {"object": "opportunity", "trigger": "create", "nodes": []}});
        let wanted: Simulation = serde_json::from_value(faulty).unwrap();
        let refused = refusals(office.write(office.ada, |cx, tx| approvals::simulate(cx, tx, &wanted)));
        assert_eq!(refused, ["approval.one_start:flow.nodes", "approval.no_end:flow.nodes"]);
    });
}

#[test]
fn an_act_keeps_to_its_budget_of_statements() {
    both(|database| {
        let office = Office::new(database);
        office.flow("edit", &[&[office.lee], &[office.mona]], json!({}));
        let deal = office.deal(office.kim, "Turbine");
        let approval = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"})).unwrap());
        let acting: approvals::Acting = serde_json::from_value(json!({"act": "agree", "task": 0})).unwrap();
        let spent = office
            .write(office.lee, |cx, tx| {
                let before = tx.statements();
                approvals::act(cx, tx, approval, &acting)?;
                Ok(tx.statements() - before)
            })
            .unwrap();
        assert!(spent <= 45, "{spent}");
    });
}
