//! Roles are changed by administrators, hold at once, and nobody locks everybody out.

use serde_json::{Value as Json, json};
use stagecraft_core::{Error, House, objects, organisation, records, roles};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// A role as administrators see it.
    pub fn role(&self, key: &str) -> Json {
        self.read(self.ada, |cx, tx| roles::one(cx, tx, key)).unwrap()
    }

    /// Replaces a role as Ada, with the version given.
    pub fn puts_role(&self, key: &str, seen: Option<i64>, role: &Json) -> stagecraft_core::Result<Json> {
        let wanted = serde_json::from_value(role.clone()).unwrap();
        self.write(self.ada, |cx, tx| roles::replace(cx, tx, key, seen, &wanted))
    }

    pub fn adds_role(&self, role: &Json) -> stagecraft_core::Result<Json> {
        let wanted = serde_json::from_value(role.clone()).unwrap();
        self.write(self.ada, |cx, tx| roles::create(cx, tx, &wanted))
    }

    /// Lets a role know of fields no more than this, `hidden` or `read`.
    pub fn hides(&self, role: &str, object: &str, fields: &[(&str, &str)]) {
        let mut document = self.role(role);
        for (field, access) in fields {
            document["objects"][object]["fields"][*field] = (*access).into();
        }
        self.puts_role(role, None, &document).unwrap();
    }

    fn removes_role(&self, key: &str) -> stagecraft_core::Result<()> {
        self.write(self.ada, |cx, tx| roles::delete(cx, tx, key, None))
    }
}

fn partner() -> Json {
    json!({"name": {"en": "Key partner", "zh-CN": "重点伙伴"}, "objects": {"opportunity": {"acts": ["read"], "fields": {"amount": "hidden"}}}})
}

#[test]
fn a_new_role_can_be_given_and_holds_at_once_on_every_server() {
    both(|database| {
        let office = Office::new(database);
        let other = House::open(database.again()).unwrap();
        let role = office.adds_role(&partner()).unwrap();
        assert_eq!((role["key"].as_str(), role["preset"].as_bool(), role["people"].as_i64()), (Some("key_partner"), Some(false), Some(0)));
        office.edits(office.ada, "employee", office.lee, json!({"roles": ["key_partner"]})).unwrap();
        assert_eq!(office.role("key_partner")["people"], 1);
        assert!(matches!(office.creates(office.lee, "opportunity", json!({"name": "Port"})), Err(Error::Forbidden { .. })));
        // The field of people offers what there is.
        let described = office.read(office.kim, |cx, _| objects::one(cx, "employee")).unwrap();
        let field = described["fields"].as_array().unwrap().iter().find(|field| field["key"] == "roles").unwrap().clone();
        let options: Vec<&str> = field["options"].as_array().unwrap().iter().map(|option| option["key"].as_str().unwrap()).collect();
        assert_eq!(options, ["administrator", "sales_operations", "sales_manager", "salesperson", "auditor", "key_partner"]);
        let wanted = serde_json::from_value(json!({"options": field["options"]})).unwrap();
        let set = office.write(office.ada, |cx, tx| objects::set_options(cx, tx, "employee", "roles", &wanted));
        assert_eq!(refusals(set), ["field.read_only:roles"]);
        // A right given is used with the next request, whichever server it comes to.
        let mut role = office.role("key_partner");
        role["objects"]["opportunity"]["acts"] = json!(["read", "create"]);
        office.puts_role("key_partner", role["version"].as_i64(), &role).unwrap();
        let wanted = serde_json::from_value(json!({"fields": {"name": "Port"}})).unwrap();
        let lee = stagecraft_core::Credential::Person(office.lee);
        let made = other.write(&lee, Default::default(), model::Via::Api, |cx, tx| records::create(cx, tx, "opportunity", &wanted));
        assert!(made.unwrap()["record"]["fields"].get("amount").is_none());
    });
}

#[test]
fn what_is_not_there_is_no_part_of_a_role() {
    both(|database| {
        let office = Office::new(database);
        let refused = office.adds_role(&json!({
            "key": "Bad key", "name": {}, "objects": {
                "nothing": {"acts": ["read"]},
                "opportunity": {"acts": ["fly"], "fields": {"colour": "hidden", "amount": "secret"}},
                "*": {"acts": ["read"], "fields": {"amount": "hidden", "colour": "hidden"}},
            },
        }));
        let mut found = refusals(refused);
        found.sort();
        assert_eq!(
            found,
            [
                "field.invalid:key",
                "field.not_an_option:objects/opportunity/acts",
                "field.not_an_option:objects/opportunity/fields/amount",
                "field.required:name",
                "field.unknown:objects/*/fields/colour",
                "field.unknown:objects/nothing",
                "field.unknown:objects/opportunity/fields/colour",
            ]
        );
        let taken = office.adds_role(&json!({"key": "auditor", "name": {"en": "Another"}}));
        assert_eq!(refusals(taken), ["field.not_unique:key"]);
        let wanted = serde_json::from_value(partner()).unwrap();
        let by_kim = office.write(office.kim, |cx, tx| roles::create(cx, tx, &wanted));
        assert!(matches!(by_kim, Err(Error::Forbidden { .. })));
    });
}

#[test]
fn of_two_who_change_a_role_the_later_is_shown_the_earlier() {
    both(|database| {
        let office = Office::new(database);
        let seen = office.role("salesperson");
        let mut mine = seen.clone();
        mine["description"] = json!({"en": "Sells"});
        let saved = office.puts_role("salesperson", seen["version"].as_i64(), &mine).unwrap();
        assert_eq!(saved["description"]["en"], "Sells");
        let Err(Error::Conflict { record }) = office.puts_role("salesperson", seen["version"].as_i64(), &seen) else { panic!() };
        assert_eq!((record["description"]["en"].as_str(), &record["version"]), (Some("Sells"), &saved["version"]));
        assert_eq!(saved["people"], 3);
    });
}

#[test]
fn somebody_always_administers() {
    both(|database| {
        let office = Office::new(database);
        let mut less = office.role("administrator");
        less["objects"] = json!({});
        assert_eq!(refusals(office.puts_role("administrator", None, &less)), ["role.essential"]);
        assert_eq!(refusals(office.removes_role("administrator")), ["role.essential"]);
        let mut named = office.role("administrator");
        named["name"]["en"] = "Owner of the system".into();
        office.puts_role("administrator", None, &named).unwrap();
        // One who administers by another role may take over, and is then the last.
        office.edits(office.ada, "employee", office.hanna, json!({"roles": ["sales_operations"]})).unwrap();
        office.edits(office.ada, "employee", office.ada, json!({"roles": ["salesperson"]})).unwrap();
        let stepping_down = office.edits(office.hanna, "employee", office.hanna, json!({"roles": ["salesperson"]}));
        assert_eq!(refusals(stepping_down), ["people.last_administrator:roles"]);
        let leaving = office.edits(office.hanna, "employee", office.hanna, json!({"active": false}));
        assert_eq!(refusals(leaving), ["people.last_administrator:roles"]);
        let mut role = office.read(office.hanna, |cx, tx| roles::one(cx, tx, "sales_operations")).unwrap();
        role["administrator"] = false.into();
        let wanted = serde_json::from_value(role).unwrap();
        let taken = office.write(office.hanna, |cx, tx| roles::replace(cx, tx, "sales_operations", None, &wanted));
        assert_eq!(refusals(taken), ["people.last_administrator:administrator"]);
    });
}

#[test]
fn a_role_in_use_stays() {
    both(|database| {
        let office = Office::new(database);
        office.adds_role(&partner()).unwrap();
        office.edits(office.ada, "employee", office.lee, json!({"roles": ["key_partner"]})).unwrap();
        let view = serde_json::from_value(json!({
            "object": "opportunity", "name": "Ours", "sharing": {"scope": "roles", "roles": ["key_partner"]}, "default_for": ["key_partner"],
        }))
        .unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::views::save(cx, tx, None, None, &view)).unwrap();
        let Err(Error::Invalid(found)) = office.removes_role("key_partner") else { panic!() };
        let uses: Vec<(&str, i64)> = found[0].params["uses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["kind"].as_str().unwrap(), one["count"].as_i64().unwrap()))
            .collect();
        assert_eq!((found[0].code, uses), ("role.in_use", vec![("people", 1), ("view", 1)]));
        office.edits(office.ada, "employee", office.lee, json!({"roles": ["salesperson"]})).unwrap();
        let views = office.read(office.ada, |cx, tx| stagecraft_core::views::list(cx, tx, Some("opportunity"))).unwrap();
        let id = views["items"][0]["id"].as_str().unwrap().parse().unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::views::delete(cx, tx, id)).unwrap();
        office.removes_role("key_partner").unwrap();
        assert!(matches!(office.read(office.ada, |cx, tx| roles::one(cx, tx, "key_partner")), Err(Error::NotFound)));
    });
}

#[test]
fn parts_in_teams_are_the_organisations_own() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let set = |roles: Json| {
            let wanted = serde_json::from_value(json!({ "team_roles": roles })).unwrap();
            office.write(office.ada, |cx, tx| organisation::update(cx, tx, &wanted))
        };
        let joins = |role: &str| {
            let members: Vec<records::TeamMember> =
                serde_json::from_value(json!([{"person": office.lee, "role": role, "access": "read"}])).unwrap();
            office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members))
        };
        assert_eq!(refusals(joins("bid_writer")), ["field.not_an_option:members/0/role"]);
        let mut parts = office.read(office.ada, |cx, _| Ok(organisation::read(cx))).unwrap()["team_roles"].clone();
        parts.as_array_mut().unwrap().push(json!({"label": {"en": "Bid writer", "zh-CN": "标书"}}));
        let saved = set(parts.clone()).unwrap();
        assert_eq!(saved["team_roles"][4]["key"], "bid_writer");
        joins("bid_writer").unwrap();
        assert_eq!(refusals(set(parts.as_array().unwrap()[..4].into())), ["field.option_in_use:team_roles"]);
        parts[4] = json!({"key": "bid_writer", "label": {"en": "Bid writer"}, "active": false});
        set(parts).unwrap();
        joins("bid_writer").unwrap();
        joins("member").unwrap();
        assert_eq!(refusals(joins("bid_writer")), ["field.not_an_option:members/0/role"], "once left it does not come again");
    });
}

#[test]
fn a_field_that_is_gone_is_gone_from_roles() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("account", json!({"key": "x_rank", "label": {"en": "Rank"}, "type": "text"}));
        let mut role = office.role("salesperson");
        role["objects"]["account"]["fields"] = json!({"x_rank": "hidden"});
        office.puts_role("salesperson", None, &role).unwrap();
        for act in ["hide", "drop"] {
            let act = serde_json::from_value(json!(act)).unwrap();
            let (_, job) = office.write(office.ada, |cx, tx| objects::act_on_field(cx, tx, "account", "x_rank", act)).unwrap();
            if let Some(job) = job {
                stagecraft_core::jobs::run(&office.house, job, std::time::Duration::from_secs(10)).unwrap();
            }
        }
        assert_eq!(office.role("salesperson")["objects"]["account"]["fields"], json!({}));
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Acme"})).unwrap());
        assert!(office.reads(office.kim, "account", account).is_ok());
    });
}
