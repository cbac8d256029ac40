//! Random organisations: what a list shows, a read allows, a count counts, a search finds, an export writes and an event hints are one and
//! the same set of records, the one that spec/01 (Access 2) describes, reckoned here once more in plain words; and the explanation says
//! why.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::exports::{self, ExportRequest};
use stagecraft_core::{Credential, Error, Limits, Result, analysis, events, processes, records, search};
use testkit::both;

use crate::exported::{Bytes, words};
use crate::office::{Office, id_of};

/// A small source of numbers, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.of(list.len())]
    }

    fn some(&mut self, list: &[Id], most: usize) -> Vec<Id> {
        (0..self.of(most + 1)).map(|_| self.one(list)).collect::<BTreeSet<Id>>().into_iter().collect()
    }
}

const SYSTEM: Credential = Credential::System("the tests look behind everything");

/// Everything as it stands, read past all rights.
struct Truth {
    bases: BTreeMap<String, Json>,
    records: BTreeMap<String, BTreeMap<Id, Json>>,
    team: BTreeSet<(Id, Id, String)>,
    rules: Vec<Json>,
    roles: BTreeMap<String, Json>,
}

fn id(json: &Json) -> Option<Id> {
    json.as_str().and_then(|text| text.parse().ok())
}

fn text(json: &Json) -> String {
    json.as_str().unwrap().to_owned()
}

fn ids(json: &Json) -> Vec<Id> {
    json.as_array().into_iter().flatten().filter_map(id).collect()
}

impl Truth {
    fn read(office: &Office, objects: &[String], rules: &[Json]) -> Truth {
        let read = |object: &str| -> BTreeMap<Id, Json> {
            let all = |cursor: Option<String>| {
                let wanted = serde_json::from_value(json!({"limit": 200, "cursor": cursor})).unwrap();
                office.house.read(&SYSTEM, Limits::default(), |cx, tx| records::list(cx, tx, object, &wanted)).unwrap()
            };
            let page = all(None);
            assert!(page["next_cursor"].is_null());
            page["items"].as_array().unwrap().iter().map(|one| (id(&one["id"]).unwrap(), one["fields"].clone())).collect()
        };
        let mut bases = BTreeMap::new();
        let mut of = BTreeMap::new();
        for object in objects.iter().map(String::as_str).chain(["employee", "department", "user_group"]) {
            bases.insert(object.to_owned(), office.definition(object)["base"].clone());
            of.insert(object.to_owned(), read(object));
        }
        let mut team = BTreeSet::new();
        for object in objects {
            for record in of[object].keys() {
                let read = office.house.read(&SYSTEM, Limits::default(), |cx, tx| records::team(cx, tx, object, *record));
                for member in read.into_iter().flat_map(|team| team["members"].as_array().unwrap().clone()) {
                    team.insert((*record, id(&member["person"]).unwrap(), member["access"].as_str().unwrap().to_owned()));
                }
            }
        }
        let roles = office.read(office.ada, stagecraft_core::roles::list).unwrap();
        let roles =
            roles["items"].as_array().unwrap().iter().map(|role| (role["key"].as_str().unwrap().to_owned(), role.clone())).collect();
        Truth { bases, records: of, team, rules: rules.to_vec(), roles }
    }

    fn person(&self, id: Id) -> &Json {
        &self.records["employee"][&id]
    }

    /// The departments from this one up, to the first that is not there any more.
    fn up(&self, department: Option<Id>) -> Vec<Id> {
        let (mut chain, mut at) = (Vec::new(), department);
        while let Some(here) = at.filter(|here| !chain.contains(here)) {
            let Some(fields) = self.records["department"].get(&here) else { break };
            chain.push(here);
            at = id(&fields["parent"]);
        }
        chain
    }

    /// Is he above the owner: in the manager chain, or head or assistant of the owner's department or one above it?
    fn is_above(&self, viewer: Id, owner: Id) -> bool {
        let mut chain = vec![owner];
        while let Some(manager) = id(&self.person(*chain.last().unwrap())["manager"]).filter(|manager| !chain.contains(manager)) {
            chain.push(manager);
        }
        chain[1..].contains(&viewer)
            || self.up(id(&self.person(owner)["department"])).iter().any(|department| {
                let department = &self.records["department"][department];
                id(&department["head"]) == Some(viewer) || ids(&department["assistants"]).contains(&viewer)
            })
    }

    fn belongs(&self, person: Id, to: &Json) -> bool {
        let (kind, to) = (to["kind"].as_str().unwrap(), id(&to["id"]).unwrap());
        let fields = self.person(person);
        let departments: Vec<Id> =
            id(&fields["department"]).into_iter().chain(ids(&fields["further_departments"])).flat_map(|one| self.up(Some(one))).collect();
        match kind {
            "person" => person == to,
            "department" => departments.contains(&to),
            _ => self.records["user_group"].get(&to).is_some_and(|group| {
                ids(&group["members"]).contains(&person) || ids(&group["departments"]).iter().any(|one| departments.contains(one))
            }),
        }
    }

    fn meets(rule: &Json, fields: &Json) -> bool {
        let amount = |money: &Json| money["amount"].as_str().and_then(|text| text.parse::<f64>().ok());
        match &rule["condition"] {
            Json::Null => true,
            condition => match condition["field"].as_str().unwrap() {
                "amount" => amount(&fields["amount"]).is_some_and(|has| has > amount(&condition["value"]).unwrap()),
                field => fields[field] == condition["value"],
            },
        }
    }

    /// What a person has by right of a record, whatever his roles: nothing, `read`, `read_write`.
    fn right(&self, person: Id, object: &str, record: Id) -> Option<&'static str> {
        let fields = self.records[object].get(&record)?;
        let base = &self.bases[object];
        let mut has: Vec<&'static str> = Vec::new();
        match base.as_str() {
            Some("public_write") => has.push("read_write"),
            Some("public_read") => has.push("read"),
            _ => {}
        }
        if let Some(owner) = id(&fields["owner"])
            && (owner == person || self.is_above(person, owner))
        {
            has.push("read_write");
        }
        let level = |text: &str| if text == "read_write" { "read_write" } else { "read" };
        has.extend(self.team.iter().filter(|(of, member, _)| *of == record && *member == person).map(|(_, _, access)| level(access)));
        for rule in self.rules.iter().filter(|rule| rule["object"] == object && rule["active"] == true) {
            if Truth::meets(rule, fields) && rule["to"].as_array().unwrap().iter().any(|to| self.belongs(person, to)) {
                has.push(level(rule["level"].as_str().unwrap()));
            }
        }
        if let Some((parent, via)) = self.parent(object)
            && let Some(above) = id(&fields[via])
        {
            has.extend(self.right(person, &parent, above));
        }
        if let (Some(parent), Some(above)) = (fields["regarding"]["object"].as_str(), id(&fields["regarding"]["id"])) {
            has.extend(self.right(person, parent, above));
        }
        // Whose task it is; and who has an open one about it.
        if id(&fields["assignee"]) == Some(person) {
            has.push("read_write");
        }
        let mut tasks = self.records["task"].values().filter(|task| task["task_status"] == "open" && id(&task["assignee"]) == Some(person));
        if tasks.any(|task| id(&task["regarding"]["id"]) == Some(record)) {
            has.push("read");
        }
        has.into_iter().max()
    }

    /// What the records of an object belong to, and by which field.
    fn parent(&self, object: &str) -> Option<(String, String)> {
        let via = match self.bases[object]["by_parent"].as_str() {
            Some(field) => field.to_owned(),
            None if object == "opportunity_line" => "opportunity".to_owned(),
            None => return None,
        };
        if via == "regarding" {
            return None;
        }
        let target = match via.as_str() {
            "opportunity" | "x_opportunity" | "x_on" => "opportunity".to_owned(),
            other => other.to_owned(),
        };
        Some((target, via))
    }

    fn roles(&self, person: Id) -> Vec<&Json> {
        let keys = self.person(person)["roles"].as_array().cloned().unwrap_or_default();
        keys.iter().filter_map(|key| self.roles.get(key.as_str()?)).collect()
    }

    fn may(&self, person: Id, act: &str, object: &str) -> bool {
        self.roles(person).iter().any(|role| {
            let rights = role["objects"].get(object).or_else(|| role["objects"].get("*"));
            rights.is_some_and(|rights| rights["acts"].as_array().unwrap().iter().any(|one| one == act))
        })
    }

    /// What a person sees a record with; nothing where he does not.
    fn level(&self, person: Id, object: &str, record: Id) -> Option<&'static str> {
        if self.person(person)["active"] != true || !self.may(person, "read", object) {
            return None;
        }
        let all = self.roles(person).iter().any(|role| role["see_all"] == true);
        let right = if all { Some("read_write") } else { self.right(person, object, record) };
        right.map(|right| if self.may(person, "edit", object) { right } else { "read" })
    }

    fn seen(&self, person: Id, object: &str) -> BTreeSet<Id> {
        self.records[object].keys().copied().filter(|record| self.level(person, object, *record).is_some()).collect()
    }
}

/// Does something, to these records; whether it changes something for sure.
type Check<'a> = dyn Fn(&dyn Fn(), &[(String, Id)], bool) + 'a;

/// An organisation thrown together, with what was thrown.
struct Thrown {
    office: Office,
    people: Vec<Id>,
    objects: Vec<String>,
    rules: Vec<Json>,
}

fn throw(office: Office, dice: &mut Dice) -> Thrown {
    let all = json!(["read", "create", "edit", "export", "team", "change_owner"]);
    office.adds_role(&json!({"key": "seller", "name": {"en": "Seller"}, "objects": {"*": {"acts": all}}})).unwrap();
    office.adds_role(&json!({"key": "looker", "name": {"en": "Looker"}, "objects": {"*": {"acts": ["read", "export"]}}})).unwrap();
    let half = json!({"account": {"acts": ["read", "export"]}, "opportunity_line": {"acts": ["read"]}, "employee": {"acts": ["read"]}});
    office.adds_role(&json!({"key": "half", "name": {"en": "Half"}, "objects": half})).unwrap();
    let visit = json!({"label": {"en": "Visit"}, "plural": {"en": "Visits"}, "key": "visit", "base": {"by_parent": "opportunity"}});
    let visit = office.makes_object(visit);
    let minute = json!({"label": {"en": "Minute"}, "plural": {"en": "Minutes"}, "key": "minute", "base": {"by_parent": visit}});
    let minute = office.makes_object(minute);
    let plan = office.makes_object(json!({"label": {"en": "Plan"}, "plural": {"en": "Plans"}, "key": "plan"}));
    office.adds_field(&plan, json!({"key": "x_on", "label": {"en": "On"}, "type": "reference", "object": "opportunity"}));
    let objects = ["account", "opportunity", "opportunity_line", &visit, &minute, &plan, "activity", "task"].map(str::to_owned).to_vec();

    let mut departments: Vec<Id> = Vec::new();
    for n in 0..5 {
        let parent = if departments.is_empty() || dice.of(4) == 0 { Json::Null } else { json!(dice.one(&departments)) };
        departments.push(office.system("department", json!({"name": format!("D{n}"), "parent": parent})));
    }
    let mut people = vec![office.ada];
    for n in 0..10 {
        let roles: Vec<&str> = match dice.of(8) {
            0 => vec!["half"],
            1 => vec!["looker"],
            2 => vec!["half", "seller"],
            3 if n == 3 => vec!["auditor"],
            _ => vec!["seller"],
        };
        let fields = json!({
            "name": format!("P{n}"), "email": format!("p{n}@example.com"), "department": dice.one(&departments), "roles": roles, "active": true,
            "manager": if dice.of(3) == 0 { Json::Null } else { json!(dice.one(&people)) }, "further_departments": dice.some(&departments, 1),
        });
        people.push(office.system("employee", fields));
    }
    // Circles and second thoughts; what is refused stays as it was.
    for _ in 0..6 {
        let manager = json!({"manager": dice.one(&people)});
        let _ = office.edits(office.ada, "employee", dice.one(&people[1..]), manager);
        let parent = json!({"parent": dice.one(&departments)});
        let _ = office.edits(office.ada, "department", dice.one(&departments), parent);
    }
    for department in &departments {
        let leads =
            json!({"head": if dice.of(3) == 0 { Json::Null } else { json!(dice.one(&people)) }, "assistants": dice.some(&people, 2)});
        office.edits(office.ada, "department", *department, leads).unwrap();
    }
    let groups: Vec<Id> = (0..2)
        .map(|n| {
            let fields = json!({"name": format!("G{n}"), "members": dice.some(&people, 3), "departments": dice.some(&departments, 1)});
            office.system("user_group", fields)
        })
        .collect();
    let accounts: Vec<Id> =
        (0..4).map(|n| office.system("account", json!({"name": format!("Common account {n}"), "owner": dice.one(&people)}))).collect();
    let deals: Vec<Id> = (0..8)
        .map(|n| {
            let account = if dice.of(3) == 0 { Json::Null } else { json!(dice.one(&accounts)) };
            let amount = format!("{}", dice.of(5) * 100);
            let fields = json!({"name": format!("Common deal {n}"), "owner": dice.one(&people), "account": account, "amount": amount});
            office.system("opportunity", fields)
        })
        .collect();
    let mut visits = Vec::new();
    let mut plans = Vec::new();
    for n in 0..5 {
        let line = json!({"opportunity": dice.one(&deals), "name": format!("Common line {n}"), "quantity": "1", "price": "1"});
        office.system("opportunity_line", line);
        visits.push(office.system(&visit, json!({"name": format!("Common visit {n}"), "x_opportunity": dice.one(&deals)})));
        office.system(&minute, json!({"name": format!("Common minute {n}"), "x_visit": dice.one(&visits)}));
        let on = if dice.of(3) == 0 { Json::Null } else { json!(dice.one(&deals)) };
        plans.push(office.system(&plan, json!({"name": format!("Common plan {n}"), "x_on": on, "owner": dice.one(&people)})));
    }
    for n in 0..9 {
        let (of, among) = [("opportunity", &deals), (plan.as_str(), &plans), ("account", &accounts)][n % 3];
        let about = json!({"object": of, "id": dice.one(among)});
        let owner = dice.one(&people);
        office.system("activity", json!({"name": format!("Common activity {n}"), "regarding": about, "owner": owner}));
        let about = if dice.of(4) == 0 { Json::Null } else { json!({"object": of, "id": dice.one(among)}) };
        let status = ["open", "open", "done"][dice.of(3)];
        let fields = json!({
            "name": format!("Common task {n}"), "regarding": about, "owner": dice.one(&people), "assignee": dice.one(&people), "task_status": status,
        });
        office.system("task", fields);
    }
    let bases = [json!("private"), json!("public_read"), json!("public_write"), json!("private")];
    office.changes_object("account", json!({"base": bases[dice.of(4)]})).unwrap();
    if dice.of(4) == 0 {
        office.changes_object("opportunity", json!({"base": "public_read"})).unwrap();
    }
    let of_plan = [json!("private"), json!({"by_parent": "x_on"}), json!({"by_parent": "x_on"})];
    office.changes_object(&plan, json!({"base": of_plan[dice.of(3)]})).unwrap();
    for (object, records) in [("opportunity", &deals), ("account", &accounts)] {
        for record in records {
            let members: Vec<records::TeamMember> = dice
                .some(&people, 2)
                .into_iter()
                .map(|person| serde_json::from_value(json!({"person": person, "access": (["read", "read_write"][dice.of(2)])})).unwrap())
                .collect();
            office.write(office.ada, |cx, tx| records::set_team(cx, tx, object, *record, &members)).unwrap();
        }
    }
    let mut rules = Vec::new();
    for n in 0..4 {
        let to = match dice.of(3) {
            0 => json!([{"kind": "person", "id": dice.one(&people)}]),
            1 => json!([{"kind": "department", "id": dice.one(&departments)}]),
            _ => json!([{"kind": "group", "id": dice.one(&groups)}, {"kind": "person", "id": dice.one(&people)}]),
        };
        let condition = match dice.of(3) {
            0 => json!({"field": "amount", "op": "gt", "value": {"amount": "250", "currency": "USD"}}),
            1 => json!({"field": "owner", "op": "eq", "value": dice.one(&people)}),
            _ => json!({"field": "name", "op": "eq", "value": format!("Common deal {n}")}),
        };
        let object = if n == 3 { plan.as_str() } else { "opportunity" };
        let condition = if object == "opportunity" { condition } else { Json::Null };
        let rule = json!({
            "object": object, "name": format!("R{n}"), "active": dice.of(5) > 0, "condition": condition, "to": to,
            "level": (["read", "read_write"][dice.of(2)]),
        });
        office.shares(rule.clone()).unwrap();
        rules.push(rule);
    }
    // Somebody leaves, a department and a group go.
    let _ = office.edits(office.ada, "employee", people[10], json!({"active": false}));
    for (object, one) in [("department", departments[4]), ("user_group", groups[dice.of(2)])] {
        let _ = office.write(office.ada, |cx, tx| records::void(cx, tx, object, one, None, &Default::default()));
    }
    Thrown { office, people, objects, rules }
}

impl Thrown {
    fn pages(&self, who: Id, object: &str, filter: Option<Json>) -> Result<(BTreeSet<Id>, i64, Json)> {
        let (mut seen, mut refs, mut cursor, mut count) = (BTreeSet::new(), json!({}), Json::Null, None);
        loop {
            let wanted = serde_json::from_value(json!({
                "limit": 3, "cursor": cursor, "sort": "-name", "count": "exact", "filter": filter.as_ref().map(Json::to_string),
            }))
            .unwrap();
            let page = self.office.read(who, |cx, tx| records::list(cx, tx, object, &wanted))?;
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(id(&item["id"]).unwrap()), "twice in the pages");
            }
            refs.as_object_mut().unwrap().extend(page["refs"].as_object().unwrap().clone());
            let exact = page["count"].as_i64().unwrap();
            assert_eq!(*count.get_or_insert(exact), exact);
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                return Ok((seen, count.unwrap(), refs));
            }
        }
    }

    /// A chart counts what is due and opens nothing else.
    fn draws(&self, who: Id, object: &str, due: &BTreeSet<Id>) {
        let chart = json!({"object": object, "chart_type": "column", "measure": {"kind": "count"}, "group": {"field": "lifecycle_status"}})
            .to_string();
        let wanted = analysis::FiguresRequest { chart: chart.clone(), ..Default::default() };
        let told = self.office.read(who, |cx, tx| analysis::figures(cx, tx, &wanted)).unwrap();
        let analysis::Told::Answer(told) = told else { panic!("no file was asked for") };
        let wanted = analysis::RecordsRequest { chart, limit: Some(200), ..Default::default() };
        let behind = self.office.read(who, |cx, tx| analysis::records(cx, tx, &wanted)).unwrap();
        let opened: BTreeSet<Id> = behind["items"].as_array().unwrap().iter().map(|item| id(&item["id"]).unwrap()).collect();
        let summed: i64 = told["groups"].as_array().unwrap().iter().map(|group| group["value"].as_i64().unwrap()).sum();
        assert_eq!((json!(opened.len()), json!(summed)), (told["total"]["value"].clone(), told["total"]["value"].clone()));
        assert!(opened.is_subset(due));
        let uncounted = due.difference(&opened).filter(|one| {
            let status = self.office.reads(who, object, **one).unwrap()["fields"]["lifecycle_status"].clone();
            !["under_review", "ineffective", "voided"].contains(&status.as_str().unwrap_or(""))
        });
        assert_eq!(uncounted.count(), 0, "whatever is seen and counts is drawn");
    }

    fn compare(&self, truth: &Truth, who: Id, object: &str) {
        let office = &self.office;
        let due = truth.seen(who, object);
        let told = || format!("{} on {object}", truth.person(who)["name"]);
        if !truth.may(who, "read", object) {
            assert!(matches!(self.pages(who, object, None), Err(Error::NotFound)), "{}", told());
            return;
        }
        let (listed, count, refs) = self.pages(who, object, None).unwrap();
        assert_eq!((&listed, count), (&due, due.len() as i64), "{}", told());
        for record in truth.records[object].keys() {
            let read = office.reads(who, object, *record);
            assert_eq!(read.is_ok(), due.contains(record), "{}", told());
            let writes = truth.level(who, object, *record) == Some("read_write");
            let can = read.map(|read| read["can"].as_array().unwrap().contains(&json!("edit"))).unwrap_or(false);
            assert_eq!(can, writes, "{} may change {record}", told());
        }
        let by = serde_json::from_value(json!({"group": "lifecycle_status"})).unwrap();
        let groups = office.read(who, |cx, tx| records::groups(cx, tx, object, &by)).unwrap();
        let counted: i64 = groups["items"].as_array().unwrap().iter().map(|group| group["count"].as_i64().unwrap()).sum();
        assert_eq!(counted, due.len() as i64, "{}", told());
        self.draws(who, object, &due);
        let found = search::SearchRequest { q: "common".into(), object: Some(object.to_owned()), limit: Some(50) };
        let found = office.read(who, |cx, tx| search::search(cx, tx, &found)).unwrap();
        let found: BTreeSet<Id> = found["items"].as_array().unwrap().iter().map(|one| id(&one["id"]).unwrap()).collect();
        assert_eq!(found, due, "{} finds", told());
        if truth.may(who, "export", object) {
            let wanted = ExportRequest { fields: Some("id".into()), header: Some("keys".into()), ..Default::default() };
            let mut file = Bytes(Vec::new());
            exports::run(&office.house, &Credential::Person(who), &Via::Api.into(), Limits::default(), object, &wanted, words, &mut file)
                .unwrap();
            let text = String::from_utf8(file.0).unwrap();
            let rows: BTreeSet<Id> = text.lines().skip(1).filter_map(|line| line.trim().parse().ok()).collect();
            assert_eq!((&rows, text.lines().count()), (&due, due.len() + 1), "{} exports", told());
        }
        if object == "opportunity" {
            let wanted = serde_json::from_value(json!({"limit": 100})).unwrap();
            let board = office.read(who, |cx, tx| processes::board(cx, tx, &wanted)).unwrap();
            let columns = board["columns"].as_array().unwrap();
            let cards: BTreeSet<Id> =
                columns.iter().flat_map(|one| one["items"].as_array().unwrap()).map(|one| id(&one["id"]).unwrap()).collect();
            let counts: i64 = columns.iter().map(|one| one["count"].as_i64().unwrap()).sum();
            assert_eq!((&cards, counts), (&due, due.len() as i64), "{} on the board", told());
        }
        self.compare_related(truth, who, object, &due, &refs);
    }

    /// Lists under a record, conditions across references, and the names of what is referred to.
    fn compare_related(&self, truth: &Truth, who: Id, object: &str, due: &BTreeSet<Id>, refs: &Json) {
        let links = [("opportunity_line", "opportunity"), ("x_visit", "x_opportunity"), ("x_minute", "x_visit"), ("x_plan", "x_on")];
        let links = [links.to_vec(), vec![("opportunity", "account"), ("activity", "regarding"), ("task", "regarding")]].concat();
        let Some((_, via)) = links.into_iter().find(|(of, _)| *of == object) else { return };
        let target = match via {
            "x_visit" => "x_visit",
            "account" => "account",
            _ => "opportunity",
        };
        let refers = |record: &Id| {
            let value = &truth.records[object][record][via];
            id(value).or_else(|| id(&value["id"]))
        };
        for above in truth.records[target].keys() {
            let under = self.pages(who, object, Some(json!({"field": via, "op": "eq", "value": above}))).unwrap().0;
            let due: BTreeSet<Id> = due.iter().copied().filter(|record| refers(record) == Some(*above)).collect();
            assert_eq!(under, due, "{object} under {target}");
        }
        let seen = truth.seen(who, target);
        let named: BTreeSet<Id> = truth.records[target].keys().copied().filter(|one| refs.get(one.to_string()).is_some()).collect();
        let due_names: BTreeSet<Id> = due.iter().filter_map(refers).filter(|one| seen.contains(one)).collect();
        assert_eq!(named, due_names, "names of {target} beside {object}");
        if truth.may(who, "read", target) && via != "regarding" {
            let filled = self.pages(who, object, Some(json!({"field": format!("{via}.name"), "op": "is_not_empty"}))).unwrap().0;
            let known: BTreeSet<Id> = due.iter().copied().filter(|one| refers(one).is_some_and(|above| seen.contains(&above))).collect();
            assert_eq!(filled, known, "what is out of sight reads as blank");
        }
    }

    /// Tasks that go to others, and activities about other records.
    fn compare_given(&self, truth: &Truth, dice: &mut Dice, check: &Check<'_>) {
        let deals: Vec<Id> = truth.records["opportunity"].keys().copied().collect();
        for (task, fields) in &truth.records["task"] {
            let to = dice.one(&self.people[..10]);
            let mut touched = vec![("task".to_owned(), *task)];
            let open = fields["task_status"] == "open" && id(&fields["assignee"]) != Some(to);
            touched.extend(id(&fields["regarding"]["id"]).filter(|_| open).map(|of| (text(&fields["regarding"]["object"]), of)));
            check(&|| drop(self.office.edits(self.office.ada, "task", *task, json!({"assignee": to})).unwrap()), &touched, open);
            let about = json!({"regarding": {"object": "opportunity", "id": dice.one(&deals)}});
            check(
                &|| drop(self.office.edits(self.office.ada, "task", *task, about.clone()).unwrap()),
                &[("task".to_owned(), *task)],
                false,
            );
        }
        for activity in truth.records["activity"].keys() {
            let touched = [("activity".to_owned(), *activity)];
            let about = json!({"regarding": {"object": "opportunity", "id": dice.one(&deals)}});
            check(&|| drop(self.office.edits(self.office.ada, "activity", *activity, about.clone()).unwrap()), &touched, false);
        }
    }

    fn compare_reasons(&self, truth: &Truth) {
        for object in &self.objects {
            for record in truth.records[object].keys() {
                let told = self.office.everyone_who_sees(self.office.ada, object, *record).unwrap();
                let named: BTreeSet<Id> = told["people"].as_array().unwrap().iter().map(|one| id(&one["person"]).unwrap()).collect();
                assert!(told["next_cursor"].is_null());
                for who in truth.records["employee"].keys() {
                    let one = self.office.why(self.office.ada, object, *record, *who);
                    let due = truth.level(*who, object, *record);
                    let what = || format!("{} and {object} {record}: {one:#}", truth.person(*who)["name"]);
                    assert_eq!(
                        (one["sees"].as_bool(), one["level"].as_str()),
                        (Some(due.is_some()), Some(due.unwrap_or("none"))),
                        "{}",
                        what()
                    );
                    assert_eq!(due.is_none(), !one["missing"].as_array().unwrap().is_empty(), "{}", what());
                    if told["everybody"].is_null() {
                        assert_eq!(named.contains(who), due.is_some(), "{}", what());
                    } else {
                        assert!(due.is_some() || !named.contains(who), "{}", what());
                    }
                }
            }
        }
    }

    /// What everybody is told of whatever happens in `act`: (person, record) → a hint, or that it is gone.
    fn told(&self, act: impl FnOnce()) -> BTreeMap<(Id, Id), &'static str> {
        let from = self.office.read(self.office.ada, |_, tx| events::position(tx)).unwrap();
        let people: Vec<Id> = self.people.iter().copied().filter(|who| self.office.read(*who, |_, _| Ok(())).is_ok()).collect();
        act();
        // What this transaction says is read once everything before it can be.
        let marker = id_of(&self.office.creates(self.office.ada, "competitor", json!({"name": format!("M {from}")})).unwrap());
        let happened = loop {
            let (found, _) = self.office.read(self.office.ada, |_, tx| events::after(tx, &from, 1000)).unwrap();
            if found.iter().any(|(_, event)| event.record == marker) {
                break found;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        };
        let mut told = BTreeMap::new();
        for who in people {
            let listener = self.office.read(who, events::listener).unwrap();
            for (_, event) in happened.iter().filter(|(_, event)| self.objects.contains(&event.object)) {
                match listener.told(event) {
                    events::Told::Hint(_) => drop(told.insert((who, event.record), "hint")),
                    events::Told::Gone(_) => drop(told.insert((who, event.record), "gone")),
                    events::Told::Nothing | events::Told::Notice(_) => {}
                }
            }
        }
        told
    }

    fn compare_events(&self, dice: &mut Dice) {
        let read = || Truth::read(&self.office, &self.objects, &self.rules);
        let truth = read();
        let last = std::cell::RefCell::new(std::rc::Rc::new(read()));
        // `must`: something changes for sure.
        let check = |act: &dyn Fn(), touched: &[(String, Id)], must: bool| {
            let told = self.told(act);
            let after = std::rc::Rc::new(read());
            let before = last.replace(after.clone());
            if told.is_empty() && !must {
                let levels = |truth: &Truth| touched.iter().map(|(object, _)| truth.seen(self.office.kim, object)).collect::<Vec<_>>();
                assert_eq!(levels(&before), levels(&after), "what nobody is told of changes nothing");
                return;
            }
            for who in &self.people {
                for (object, record) in touched {
                    let due = match (before.level(*who, object, *record).is_some(), after.level(*who, object, *record).is_some()) {
                        (_, true) => Some("hint"),
                        (true, false) => Some("gone"),
                        (false, false) => None,
                    };
                    let told = told.get(&(*who, *record)).copied();
                    assert_eq!(told, due, "{} is told of {object} {record}", after.person(*who)["name"]);
                }
            }
        };
        for object in &self.objects {
            for record in truth.records[object].keys() {
                let name = format!("Common again {}", &record.to_string()[24..]);
                let touched = [(object.clone(), *record)];
                check(&|| drop(self.office.edits(self.office.ada, object, *record, json!({"name": name})).unwrap()), &touched, true);
            }
        }
        for record in truth.records["opportunity"].keys() {
            let touched = [("opportunity".to_owned(), *record)];
            let amount = format!("{}.5", dice.of(5) * 100);
            let dearer = || drop(self.office.edits(self.office.ada, "opportunity", *record, json!({"amount": amount})).unwrap());
            check(&dearer, &touched, true);
            let wanted = serde_json::from_value(json!({"owner": dice.one(&self.people[..10])})).unwrap();
            let give = || {
                let given = |cx: &_, tx: &mut _| records::change_owner(cx, tx, "opportunity", *record, None, &wanted);
                drop(self.office.write(self.office.ada, given));
            };
            check(&give, &touched, false);
            let members: Vec<records::TeamMember> = dice
                .some(&self.people[..10], 2)
                .into_iter()
                .map(|person| serde_json::from_value(json!({"person": person, "access": "read"})).unwrap())
                .collect();
            check(
                &|| drop(self.office.write(self.office.ada, |cx, tx| records::set_team(cx, tx, "opportunity", *record, &members)).unwrap()),
                &touched,
                true,
            );
        }
        self.compare_given(&read(), dice, &check);
        // What belongs to one record comes to belong to another.
        let deals: Vec<Id> = truth.records["opportunity"].keys().copied().collect();
        for record in truth.records["x_visit"].keys() {
            let to = json!({"x_opportunity": dice.one(&deals)});
            let touched = [("x_visit".to_owned(), *record)];
            check(&|| drop(self.office.edits(self.office.ada, "x_visit", *record, to.clone()).unwrap()), &touched, false);
        }
    }
}

fn organisation(seed: u64) {
    both(|database| {
        let mut dice = Dice(seed);
        let office = Office::new(database);
        // What a deal comes to is typed here, with lines or without.
        office.amounts_come_from("typed");
        let thrown = throw(office, &mut dice);
        let truth = Truth::read(&thrown.office, &thrown.objects, &thrown.rules);
        for who in truth.records["employee"].keys().filter(|who| truth.person(**who)["active"] == true) {
            for object in &thrown.objects {
                thrown.compare(&truth, *who, object);
            }
        }
        thrown.compare_reasons(&truth);
        thrown.compare_events(&mut dice);
        let truth = Truth::read(&thrown.office, &thrown.objects, &thrown.rules);
        for who in truth.records["employee"].keys().filter(|who| truth.person(**who)["active"] == true) {
            thrown.compare(&truth, *who, "opportunity");
        }
        thrown.office.shares_are_right();
    });
}

#[test]
fn whoever_asks_in_whichever_way_sees_the_same_1() {
    organisation(1);
}

#[test]
fn whoever_asks_in_whichever_way_sees_the_same_2() {
    organisation(4);
}
