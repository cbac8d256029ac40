//! An organisation to test with: two teams under one head of sales, and those around them.

use std::sync::Arc;

use model::{Id, Via};
use serde_json::{Map, Value as Json, json};
use stagecraft_core::{Credential, Ctx, Error, House, Limits, Result, processes, records};
use testkit::Database;

/// A house with people in it. North: mona leads kim and karl. South: sven leads lee. hanna is the head of Sales above both.
#[derive(Clone)]
pub struct Office {
    pub house: Arc<House>,
    pub kim: Id,
    pub karl: Id,
    pub lee: Id,
    pub mona: Id,
    pub sven: Id,
    pub hanna: Id,
    pub ada: Id,
    pub ines: Id,
}

impl Office {
    pub fn new(database: &Database) -> Office {
        database.without_duplicate_rules();
        Office::with_duplicate_rules(database)
    }

    /// An office as it comes.
    pub fn with_duplicate_rules(database: &Database) -> Office {
        let house = Arc::new(House::counting(database.db().clone()).unwrap());
        let nobody = Id::SYSTEM;
        let mut office =
            Office { house, kim: nobody, karl: nobody, lee: nobody, mona: nobody, sven: nobody, hanna: nobody, ada: nobody, ines: nobody };
        let sales = office.system("department", json!({"name": "Sales"}));
        let north = office.system("department", json!({"name": "North", "parent": sales}));
        let south = office.system("department", json!({"name": "South", "parent": sales}));
        let person = |name: &str, department: Id, manager: Option<Id>, role: &str| {
            office.system(
                "employee",
                json!({
                    "name": name, "email": format!("{}@example.com", name.to_lowercase()), "department": department,
                    "manager": manager, "roles": [role], "active": true,
                }),
            )
        };
        let hanna = person("Hanna", sales, None, "sales_manager");
        let mona = person("Mona", north, Some(hanna), "sales_manager");
        let sven = person("Sven", south, Some(hanna), "sales_manager");
        let kim = person("Kim", north, Some(mona), "salesperson");
        let karl = person("Karl", north, Some(mona), "salesperson");
        let lee = person("Lee", south, Some(sven), "salesperson");
        let ada = person("Ada", sales, None, "administrator");
        let ines = person("Ines", sales, None, "auditor");
        office = Office { kim, karl, lee, mona, sven, hanna, ada, ines, ..office };
        office
    }

    /// Creates a record as the product itself.
    pub fn system(&self, object: &str, fields: Json) -> Id {
        let answer = self.write_as(&Credential::System("to set the stage"), |cx, tx| records::create(cx, tx, object, &request(&fields)));
        id_of(&answer.unwrap())
    }

    /// Creates a record as a person.
    pub fn creates(&self, who: Id, object: &str, fields: Json) -> Result<Json> {
        self.write(who, |cx, tx| records::create(cx, tx, object, &request(&fields)))
    }

    /// A deal of a person.
    pub fn deal(&self, who: Id, name: &str) -> Id {
        id_of(&self.creates(who, "opportunity", json!({"name": name, "amount": "1000"})).unwrap())
    }

    pub fn edits(&self, who: Id, object: &str, id: Id, fields: Json) -> Result<Json> {
        self.edits_version(who, object, id, None, fields)
    }

    pub fn edits_version(&self, who: Id, object: &str, id: Id, version: Option<i64>, fields: Json) -> Result<Json> {
        let wanted = serde_json::from_value(json!({"fields": fields, "stage_reason": null})).unwrap();
        self.write(who, |cx, tx| records::update(cx, tx, object, id, version, &wanted))
    }

    /// Moves a deal; `body` is that of the API.
    pub fn moves(&self, who: Id, id: Id, version: Option<i64>, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| processes::move_stage(cx, tx, id, version, &wanted))
    }

    pub fn reads(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.read(who, |cx, tx| records::read(cx, tx, object, id))
    }

    /// What a list of the person shows, with its count.
    pub fn lists(&self, who: Id, object: &str, query: Json) -> Result<(Vec<String>, i64)> {
        let mut query = query;
        query["count"] = "exact".into();
        query["limit"] = 200.into();
        let wanted = serde_json::from_value(query).unwrap();
        let answer = self.read(who, |cx, tx| records::list(cx, tx, object, &wanted))?;
        let names =
            answer["items"].as_array().unwrap().iter().map(|item| item["fields"]["name"].as_str().unwrap_or("").to_owned()).collect();
        Ok((names, answer["count"].as_i64().unwrap()))
    }

    pub fn read<T>(&self, who: Id, f: impl FnMut(&Ctx, &mut db::Read) -> Result<T>) -> Result<T> {
        self.house.read(&Credential::Person(who), Limits::default(), f)
    }

    pub fn write<T>(&self, who: Id, f: impl FnMut(&Ctx, &mut db::Write) -> Result<T>) -> Result<T> {
        self.write_as(&Credential::Person(who), f)
    }

    fn write_as<T>(&self, credential: &Credential, f: impl FnMut(&Ctx, &mut db::Write) -> Result<T>) -> Result<T> {
        self.house.write(credential, Limits::default(), Via::Api, f)
    }
}

fn request(fields: &Json) -> records::Create {
    let fields: Map<String, Json> = fields.as_object().unwrap().clone();
    serde_json::from_value(json!({ "fields": fields })).unwrap()
}

/// The id of the record in an answer.
pub fn id_of(answer: &Json) -> Id {
    answer["record"]["id"].as_str().unwrap().parse().unwrap()
}

/// `code:path` of everything that stands against an act.
pub fn refusals<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    match result.unwrap_err() {
        Error::Invalid(list) | Error::Unmet(list) => {
            list.iter().map(|v| if v.path.is_empty() { v.code.to_owned() } else { format!("{}:{}", v.code, v.path) }).collect()
        }
        other => panic!("not refused for its content: {other}"),
    }
}
