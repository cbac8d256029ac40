//! A plan: the files of another system, their order and their mapping, as one document.

use std::collections::BTreeMap;

use db::Limits;
use model::field::Choice;
use model::{Id, Via};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::options::Options;
use super::run::run;
use crate::{Credential, Error, House, Result, objects, processes};

/// Plans that the product ships, by name.
const SHIPPED: [(&str, &str); 1] = [("b2b-sales", include_str!("plans/b2b_sales.json"))];

/// A plan.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub name: String,
    pub description: String,
    /// Opportunity stages that are added where they are missing.
    #[serde(default)]
    pub stages: Vec<Choice>,
    /// Sales processes that are made where none has their name.
    #[serde(default)]
    pub processes: Vec<Json>,
    /// Imports, in their order.
    pub steps: Vec<Step>,
}

/// One file, or one of the objects that a file tells of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub file: String,
    pub options: Options,
}

impl Plan {
    /// Names of the plans that the product ships.
    pub fn shipped() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A plan that the product ships. Errors: [`Error::NotFound`].
    pub fn named(name: &str) -> Result<Plan> {
        let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name).ok_or(Error::NotFound)?;
        Plan::from_json(text)
    }

    /// A plan of one's own. Errors: [`Error::Malformed`].
    pub fn from_json(text: &str) -> Result<Plan> {
        serde_json::from_str(text).map_err(|e| Error::Malformed(format!("the plan cannot be read: {e}")))
    }

    /// The files that it wants.
    pub fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = Vec::new();
        for step in &self.steps {
            if !files.contains(&step.file.as_str()) {
                files.push(&step.file);
            }
        }
        files
    }
}

/// Carries a plan out over its files, given by name. `values` says what a column's texts stand for, in every step that has the column.
/// Gives `{plan, imports: [Import …]}`. Needs an administrator.
pub fn run_plan(
    house: &House,
    credential: &Credential,
    limits: Limits,
    plan: &Plan,
    files: &BTreeMap<String, Vec<u8>>,
    values: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Json> {
    if let Some(missing) = plan.files().into_iter().find(|name| !files.contains_key(*name)) {
        return Err(model::Violation::new("import.file_missing", "").with("file", missing).into());
    }
    prepare(house, credential, &limits, plan)?;
    let mut imports = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let Some(bytes) = files.get(&step.file) else { continue };
        let mut options = step.options.clone();
        for (column, said) in values.iter().filter(|(column, _)| options.mapping.contains_key(*column)) {
            options.values.entry(column.clone()).or_default().extend(said.clone());
        }
        imports.push(run(house, credential, limits.clone(), &options, &step.file, bytes)?);
    }
    Ok(json!({"plan": plan.name, "imports": imports}))
}

/// Adds the stages and processes that are missing.
fn prepare(house: &House, credential: &Credential, limits: &Limits, plan: &Plan) -> Result<()> {
    house.write(credential, limits.clone(), Via::Import, |cx, tx| {
        let object = cx.object("opportunity")?;
        let there = object.options("stage");
        let missing: Vec<&Choice> = plan.stages.iter().filter(|stage| !there.iter().any(|option| option.key == stage.key)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        // The new ones stand before the first stage that ends a deal.
        let mut options: Vec<Json> = there.iter().map(|option| json!(option)).collect();
        let ends = there.iter().position(|option| option.stage_type.is_some_and(|t| t.is_terminal())).unwrap_or(options.len());
        options.splice(ends..ends, missing.into_iter().map(|stage| json!(stage)));
        objects::set_options(cx, tx, "opportunity", "stage", &objects::SetOptions { options })?;
        Ok(())
    })?;
    // In a transaction of its own, which knows the stages by then.
    for process in &plan.processes {
        house.write(credential, limits.clone(), Via::Import, |cx, tx| {
            let name = process["name"].as_str().unwrap_or_default();
            if !cx.meta.processes.iter().any(|known| known.name == name) {
                processes::save_process(cx, tx, None, None, process, false)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Ids of the imports in an answer of [`run_plan`].
pub fn import_ids(answer: &Json) -> Vec<Id> {
    let imports = answer["imports"].as_array().map(Vec::as_slice).unwrap_or_default();
    imports.iter().filter_map(|import| import["id"].as_str()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_plans_can_be_read() {
        for name in Plan::shipped() {
            let plan = Plan::named(name).unwrap();
            assert_eq!(plan.name, name);
            for process in &plan.processes {
                serde_json::from_value::<model::process::Process>(process.clone()).unwrap();
            }
        }
        assert!(matches!(Plan::named("none"), Err(Error::NotFound)));
    }
}
