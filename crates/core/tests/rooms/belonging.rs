//! Who belongs where: departments, further departments, groups, heads and assistants, and what that lets one see.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, save};
use testkit::both;

use crate::office::{Office, id_of};

impl Office {
    /// The id of a record by its name.
    pub fn named(&self, object: &str, name: &str) -> Id {
        let filter = json!({"field": "name", "op": "eq", "value": name}).to_string();
        let wanted = serde_json::from_value(json!({"filter": filter})).unwrap();
        let answer = self.read(self.ada, |cx, tx| stagecraft_core::records::list(cx, tx, object, &wanted)).unwrap();
        answer["items"][0]["id"].as_str().unwrap().parse().unwrap()
    }

    /// Gives a record to a person, a department or a group.
    pub fn gives(&self, record: Id, to: Id) {
        self.write(self.ada, |cx, tx| {
            let object = cx.object("opportunity")?.clone();
            Ok(db::access::set_grants(tx, &object, record, "share", &[(to, "read")])?)
        })
        .unwrap();
    }

    pub fn sees(&self, who: Id, record: Id) -> bool {
        let found = self.reads(who, "opportunity", record).is_ok();
        assert_eq!(self.lists(who, "opportunity", json!({})).unwrap().1 > 0, found, "a list agrees with a single read");
        found
    }

    pub fn does(&self, object: &str, id: Id, deed: Deed) {
        self.write(self.ada, |cx, tx| save(cx, tx, Change::of(object, id, deed.clone()))).unwrap();
    }
}

#[test]
fn a_group_holds_its_members_and_all_in_its_departments_at_once() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let group = id_of(&office.creates(office.ada, "user_group", json!({"name": "Bid desk", "members": [office.karl]})).unwrap());
        office.gives(deal, group);
        // Another server of the same database, with metadata that it has kept warm.
        let elsewhere = stagecraft_core::House::open(office.house.db().clone()).unwrap();
        let sees_elsewhere = |who: Id| {
            let reads = |cx: &stagecraft_core::Ctx, tx: &mut db::Read| stagecraft_core::records::read(cx, tx, "opportunity", deal);
            elsewhere.read(&stagecraft_core::Credential::Person(who), Default::default(), reads).is_ok()
        };
        assert!(sees_elsewhere(office.karl) && !sees_elsewhere(office.lee));
        assert!(office.sees(office.karl, deal) && !office.sees(office.lee, deal));
        let set = |fields: Json| office.edits(office.ada, "user_group", group, fields).unwrap();
        set(json!({"departments": [office.named("department", "South")]}));
        assert!(office.sees(office.lee, deal) && sees_elsewhere(office.lee), "with the next transaction, on every server");
        set(json!({"departments": [office.named("department", "Sales")], "members": []}));
        assert!(office.sees(office.lee, deal) && office.sees(office.karl, deal), "those below are in it");
        office.does("user_group", group, Deed::Void);
        assert!(!office.sees(office.lee, deal), "a voided group gives nothing");
        office.does("user_group", group, Deed::Restore);
        assert!(office.sees(office.lee, deal));
        assert!(office.creates(office.mona, "user_group", json!({"name": "Mine"})).is_err(), "groups are made by administrators");
    });
}

#[test]
fn further_departments_give_what_the_primary_gives_but_leave_the_heads_alone() {
    both(|database| {
        let office = Office::new(database);
        let (mine, south) = (office.deal(office.kim, "Rail"), office.named("department", "South"));
        office.edits(office.ada, "department", south, json!({"head": office.sven})).unwrap();
        office.gives(mine, south);
        assert!(office.sees(office.lee, mine) && !office.sees(office.karl, mine));
        office.edits(office.ada, "employee", office.karl, json!({"further_departments": [south], "job_level": "L2"})).unwrap();
        assert!(office.sees(office.karl, mine), "what is given to South is given to him too");
        let karls = office.deal(office.karl, "Bridge");
        assert!(office.reads(office.sven, "opportunity", karls).is_err(), "the head sees what the people of his own department own");
        office.edits(office.ada, "employee", office.karl, json!({"further_departments": null})).unwrap();
        assert!(office.reads(office.karl, "opportunity", mine).is_err());
    });
}

#[test]
fn several_assistants_see_what_the_head_sees() {
    both(|database| {
        let office = Office::new(database);
        let (deal, north) = (office.deal(office.kim, "Rail"), office.named("department", "North"));
        office.edits(office.ada, "department", north, json!({"head": office.mona, "assistants": [office.karl, office.lee]})).unwrap();
        assert!(office.sees(office.karl, deal) && office.sees(office.lee, deal));
        office.edits(office.ada, "department", north, json!({"assistants": [office.lee]})).unwrap();
        assert!(!office.sees(office.karl, deal) && office.sees(office.lee, deal));
        office.agrees();
        // Only the product itself may void one in which there are people.
        office
            .house
            .write(&stagecraft_core::Credential::System("test"), Default::default(), model::Via::System, |_, tx| {
                let void = sea_query::Query::update().table("r_department").value("lifecycle_status", "voided").to_owned();
                tx.execute(void)?;
                tx.publish_meta()?;
                Ok(db::access::rebuild_sees(tx)?)
            })
            .unwrap();
        assert!(!office.sees(office.lee, deal), "a voided department gives nothing");
        office.agrees();
    });
}
