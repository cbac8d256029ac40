//! Guesses of what files hold: which object, which column is which field, and in which order several files come. Shown for correction.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::field::Kind;
use model::role::Act;
use model::{Id, Object, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::columns::{PAST, writable};
use super::files;
use super::found::Found;
use super::options::{Format, Keys, Options, SubObject, Target};
use super::plan::{Plan, Prepare};
use crate::{Ctx, Error, Result};

/// Files of one proposal.
const MOST_FILES: usize = 50;

/// What files of other systems call fields of ours.
const OTHER_NAMES: [(&str, &[&str]); 21] = [
    ("amount", &["closevalue", "dealvalue", "dealamount", "opportunityamount", "value", "金额", "商机金额", "预计金额"]),
    ("stage", &["dealstage", "salesstage", "opportunitystage", "阶段", "销售阶段"]),
    ("owner", &["salesagent", "salesrep", "assignedto", "accountowner", "recordowner", "所有者", "负责人", "销售"]),
    ("expected_close_date", &["closedate", "expectedclose", "expectedclosing", "预计成交日期"]),
    ("closed_at", &["closedon", "closeddate", "dateclosed"]),
    ("stage_entered_at", &["stagesince", "stagedate", "enteredstage", "stageentered", "laststagechange", "阶段日期"]),
    ("created_at", &["created", "engagedate", "createdate", "createdon", "datecreated", "创建时间"]),
    ("name", &["title", "subject", "fullname", "companyname", "accountname", "deal", "dealname", "opportunityname", "productname", "名称"]),
    ("account", &["company", "customer", "organization", "organisation", "客户", "客户名称", "公司"]),
    ("email", &["emailaddress", "mail", "电子邮件", "邮箱"]),
    ("phone", &["telephone", "phonenumber", "tel", "businessphone", "电话"]),
    ("mobile", &["mobilephone", "cell", "cellphone", "手机"]),
    ("website", &["web", "url", "homepage", "网站", "网址"]),
    ("sector", &["industry", "branch", "行业"]),
    ("employees", &["numberofemployees", "employeecount", "headcount", "员工数"]),
    ("annual_revenue", &["revenue", "turnover", "年收入"]),
    ("parent", &["parentaccount", "subsidiaryof", "parentcompany", "上级客户"]),
    ("list_price", &["salesprice", "price", "unitprice", "单价"]),
    ("title", &["jobtitle", "position", "职务"]),
    ("country", &["officelocation", "billingcountry", "国家"]),
    ("city", &["billingcity", "town", "城市"]),
];

/// What `POST /imports/propose` asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeOne {
    pub file: String,
    #[serde(default)]
    pub object: Option<String>,
}

/// What `POST /imports/propose-plan` asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeSeveral {
    pub files: Vec<String>,
}

/// What a column of currencies is called.
const CURRENCY: [&str; 2] = ["currency", "币种"];

/// What a file may hold, the likeliest first, and how it would then be imported.
///
/// Errors: [`Error::NotFound`] for a file of somebody else's, or an object that the caller may not import.
pub fn propose(cx: &Ctx, tx: &mut Read, wanted: &ProposeOne) -> Result<Json> {
    let found = load(cx, tx, &wanted.file)?;
    let scores = scores(cx, &found);
    let object = match &wanted.object {
        Some(key) => {
            let object = cx.object(key)?.clone();
            cx.must_be_allowed(Act::Import, key)?;
            Some(object)
        }
        None => scores.first().and_then(|(key, _)| cx.object(key).ok().cloned()),
    };
    let objects: Vec<Json> = scores.iter().map(|(key, score)| json!({"object": key, "score": score})).collect();
    let options = object.map(|object| options(cx, &object, &found));
    Ok(json!({"objects": objects, "options": options}))
}

/// How several files would be imported together: by a plan that knows their columns, else each for itself, in the order of what refers to what.
pub fn propose_plan(cx: &Ctx, tx: &mut Read, wanted: &ProposeSeveral) -> Result<Json> {
    if wanted.files.is_empty() || wanted.files.len() > MOST_FILES {
        return Err(Violation::new("field.required", "files").with("max", MOST_FILES).into());
    }
    let files = wanted.files.iter().map(|id| load(cx, tx, id)).collect::<Result<Vec<Found>>>()?;
    for plan in Plan::shipped().filter_map(|name| Plan::named(name).ok()) {
        if let Some(steps) = by_plan(&plan, &files) {
            let prepare = json!({"stages": plan.stages, "processes": plan.processes});
            return Ok(json!({
                "plan": {"name": plan.name, "description": plan.description, "source": "shipped"}, "steps": steps, "prepare": prepare,
            }));
        }
    }
    let mut guessed: Vec<(u16, &Found, Options)> = Vec::new();
    for file in &files {
        let Some((key, _)) = scores(cx, file).into_iter().next() else { continue };
        let object = cx.object(&key)?.clone();
        guessed.push((object.rank, file, options(cx, &object, file)));
    }
    // What is referred to has the lower rank.
    guessed.sort_by_key(|(rank, ..)| *rank);
    let steps: Vec<Json> =
        guessed.iter().map(|(_, file, options)| json!({"file": file.id.to_string(), "file_name": file.name, "options": options})).collect();
    let name = files.iter().map(|file| stem(&file.name)).collect::<Vec<_>>().join(", ");
    let prepare = Prepare::default();
    Ok(json!({"plan": {"name": name, "source": "guess"}, "steps": steps, "prepare": prepare}))
}

fn by_plan(plan: &Plan, files: &[Found]) -> Option<Vec<Json>> {
    let mut of: BTreeMap<&str, &Found> = BTreeMap::new();
    for file in files {
        of.insert(plan.file_of(&file.names().collect())?, file);
    }
    if plan.files().iter().any(|name| !of.contains_key(name)) {
        return None;
    }
    let step = |step: &super::plan::Step| {
        let file = of[step.file.as_str()];
        json!({"file": file.id.to_string(), "file_name": file.name, "options": step.options})
    };
    Some(plan.steps.iter().map(step).collect())
}

fn load(cx: &Ctx, tx: &mut Read, id: &str) -> Result<Found> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    files::load(cx, tx, id)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn plain(text: &str) -> String {
    model::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Objects by how many of the columns are theirs, and whether the file or its key column is called so.
fn scores(cx: &Ctx, file: &Found) -> Vec<(String, u64)> {
    let mut scores: Vec<(String, u64)> = Vec::new();
    let stem = plain(stem(&file.name));
    for key in cx.meta.order.iter().filter(|key| cx.who.rights.may(Act::Import, key)) {
        let Ok(object) = cx.object(key) else { continue };
        let named = |name: &str| stem.contains(&plain(name));
        let called =
            std::iter::once(object.key.as_str()).chain(object.label.0.values().chain(object.plural.0.values()).map(String::as_str));
        let name = called.filter(|name| plain(name).chars().count() > 1).any(named);
        let keyed = external_column(object, file).is_some_and(|column| plain(column).starts_with(&plain(&object.key)));
        let fits: u64 = guess(cx, object, file).iter().map(|(_, _, fit)| u64::from(*fit)).sum();
        let score = fits * 10 + u64::from(name) * 60 + u64::from(keyed) * 40;
        if fits > 0 {
            scores.push((object.key.clone(), score));
        }
    }
    scores.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    scores
}

/// How well a column's name fits a field: 3 the same, 2 known by another name, 1 one contains the other, 0 not at all.
fn fit(column: &str, field: &model::Field, object: &Object) -> u8 {
    let (name, of) = (plain(column), plain(&object.key));
    let names: Vec<String> = std::iter::once(field.key.as_str()).chain(field.label.0.values().map(String::as_str)).map(plain).collect();
    if names.iter().any(|it| *it == name || format!("{of}{it}") == name || *it == format!("{of}{name}")) {
        return 3;
    }
    if OTHER_NAMES.iter().any(|(key, others)| *key == field.key && others.contains(&name.as_str())) {
        return 2;
    }
    let long = |text: &str| text.chars().count() > 3;
    u8::from(long(&name) && names.iter().any(|it| long(it) && (it.contains(&name) || name.contains(it.as_str()))))
}

/// Columns with their fields. Better fits choose first, and no field is given away twice.
fn guess<'f>(cx: &Ctx, object: &Object, file: &'f Found) -> Vec<(&'f str, String, u8)> {
    let history = cx.who.rights.may(Act::ImportHistory, &object.key) && crate::processes::concerns(object);
    let options = Options { history, ..Options::default() };
    let mut fits: Vec<(&str, &str, u8)> = Vec::new();
    for column in file.names().filter(|name| !name.is_empty()) {
        for field in object.fields.iter().filter(|field| writable(object, &cx.who, &options, &field.key).is_ok()) {
            let fit = fit(column, field, object);
            if fit > 0 {
                fits.push((column, &field.key, fit));
            }
        }
    }
    fits.sort_by_key(|(.., fit)| std::cmp::Reverse(*fit));
    let (mut columns, mut fields) = (BTreeSet::new(), BTreeSet::new());
    let mut chosen = Vec::new();
    for (column, field, fit) in fits {
        if !columns.contains(column) && !fields.contains(field) {
            columns.insert(column);
            fields.insert(field);
            chosen.push((column, field.to_owned(), fit));
        }
    }
    chosen
}

/// The column that tells rows apart in the system they come from: `opportunity_id`, `id`.
fn external_column<'f>(object: &Object, file: &'f Found) -> Option<&'f str> {
    let of = plain(&object.key);
    let labels = object.label.0.values().map(|label| format!("{}id", plain(label)));
    let called: &[&str] = match object.key.as_str() {
        "opportunity" => &["dealid", "dealnumber"],
        "account" => &["customerid", "customernumber", "companyid"],
        _ => &[],
    };
    let wanted: Vec<String> =
        [format!("{of}id"), format!("{of}number"), "id".into(), "externalid".into(), "recordid".into(), "编号".into()]
            .into_iter()
            .chain(labels)
            .chain(called.iter().map(|name| (*name).to_owned()))
            .collect();
    wanted.iter().find_map(|name| file.names().find(|column| plain(column) == *name))
}

fn options(cx: &Ctx, object: &Object, file: &Found) -> Options {
    let external = external_column(object, file).map(str::to_owned);
    let guessed = guess(cx, object, file);
    let mut mapping: BTreeMap<String, Option<Target>> =
        file.names().filter(|name| !name.is_empty()).map(|name| (name.to_owned(), None)).collect();
    for (column, field, _) in &guessed {
        if external.as_deref() != Some(*column) {
            mapping.insert((*column).to_owned(), Some(Target::One(field.clone())));
        }
    }
    let history = guessed.iter().any(|(_, field, _)| PAST.contains(&field.as_str()));
    let keys = external.map(|column| Keys {
        external_source: Some(stem(&file.name).chars().take(100).collect()),
        external_column: Some(column),
        ..Keys::default()
    });
    let sub_objects = subs(cx, object, file, &mapping);
    let formats = currencies(object, file, &mapping);
    Options { object: object.key.clone(), mapping, keys, history, sub_objects, formats, ..Options::default() }
}

/// Columns of currencies beside those of amounts: called as the amount with the word behind, as exports call them; or by the word alone where
/// there is one amount.
fn currencies(object: &Object, file: &Found, mapping: &BTreeMap<String, Option<Target>>) -> BTreeMap<String, Format> {
    let money = |key: &String| object.field(key).is_some_and(|field| field.kind.kind() == Kind::Money);
    let amounts = mapping.iter().filter(|(_, target)| target.as_ref().is_some_and(|target| target.fields().iter().any(money)));
    let amounts: Vec<&String> = amounts.map(|(column, _)| column).collect();
    let free = || file.names().filter(|name| mapping.get(*name).is_some_and(Option::is_none));
    let of = |amount: &String| {
        let called = CURRENCY.map(|word| format!("{}{word}", plain(amount)));
        let alone = |name: &str| amounts.len() == 1 && (CURRENCY.contains(&name) || name == "currencycode");
        let found = free().find(|name| called.contains(&plain(name))).or_else(|| free().find(|name| alone(&plain(name))));
        found.map(|name| ((*amount).clone(), Format { currency: Some(name.to_owned()), ..Format::default() }))
    };
    amounts.iter().filter_map(|amount| of(amount)).collect()
}

/// Lines in the rows: where at least two columns that are no field of the object are fields of something that lives in it.
fn subs(cx: &Ctx, master: &Object, file: &Found, mapping: &BTreeMap<String, Option<Target>>) -> Vec<SubObject> {
    let mut found = Vec::new();
    for key in cx.meta.order.iter().filter(|key| cx.who.rights.may(Act::Import, key)) {
        let Ok(object) = cx.object(key) else { continue };
        if object.master().is_none_or(|(_, of)| of != master.key) {
            continue;
        }
        let free: BTreeMap<String, String> = guess(cx, object, file)
            .into_iter()
            .filter(|(column, _, fit)| *fit > 1 && mapping.get(*column).is_some_and(Option::is_none))
            .map(|(column, field, _)| (column.to_owned(), field))
            .collect();
        if free.len() > 1 {
            found.push(SubObject { object: key.clone(), mapping: free, ..SubObject::default() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_fields_by_their_names() {
        let object = model::objects::opportunity::object();
        let field = |key: &str| object.field(key).unwrap();
        for (column, key, score) in [
            ("Amount", "amount", 3),
            ("opportunity_amount", "amount", 3),
            ("deal_stage", "stage", 2),
            ("sales_agent", "owner", 2),
            ("金额", "amount", 2),
            ("Stage since", "stage_entered_at", 2),
            ("Created", "created_at", 2),
            ("colour", "amount", 0),
        ] {
            assert_eq!(fit(column, field(key), &object), score, "{column}");
        }
    }
}
