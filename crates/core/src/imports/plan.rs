//! A plan: the files of another system, their order and their mapping, as one document.

use std::collections::{BTreeMap, BTreeSet};

use db::Limits;
use model::field::Choice;
use model::{Id, Via};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::begin::{Begin, BeginStep};
use super::options::Options;
use crate::audit::Origin;
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

    /// The file of the plan that has just these columns: all that its steps speak of, and their keys.
    pub fn file_of(&self, names: &BTreeSet<&str>) -> Option<&str> {
        let known = |file: &str| -> BTreeSet<&str> {
            let of = self.steps.iter().filter(|step| step.file == file);
            of.flat_map(|step| step.options.mapping.keys().map(String::as_str)).collect()
        };
        self.files().into_iter().find(|file| known(file) == *names)
    }
}

/// Carries a plan out over its files, given by name, here and now; gives its Import. `values` says what a column's texts stand for, in
/// every step that has the column. Where there are stages or processes to make, that needs an administrator.
pub fn run_plan(
    house: &House,
    credential: &Credential,
    plan: &Plan,
    files: &BTreeMap<String, Vec<u8>>,
    values: &BTreeMap<String, BTreeMap<String, String>>,
    dry_run: bool,
    progress: impl FnMut(&Json),
) -> Result<Json> {
    if let Some(missing) = plan.files().into_iter().find(|name| !files.contains_key(*name)) {
        return Err(model::Violation::new("import.file_missing", "").with("file", missing).into());
    }
    let origin = Origin::from(Via::Import);
    let mut kept: BTreeMap<&str, Id> = BTreeMap::new();
    for name in plan.files() {
        kept.insert(name, super::files::keep(house, credential, &origin, name, &files[name])?);
    }
    let steps = plan.steps.iter().map(|step| {
        let mut options = step.options.clone();
        for (column, said) in values.iter().filter(|(column, _)| options.mapping.contains_key(*column)) {
            options.values.entry(column.clone()).or_default().extend(said.clone());
        }
        BeginStep::new(kept[step.file.as_str()].to_string(), options)
    });
    let prepare = Prepare { stages: plan.stages.clone(), processes: plan.processes.clone() };
    let wanted = Begin { steps: steps.collect(), dry_run, prepare, name: Some(plan.name.clone()), ..Begin::default() };
    super::here::carry_out(house, credential, &origin, &wanted, progress)
}

/// What is made before the first row of an import.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// Opportunity stages that are added where they are missing.
    #[serde(default)]
    pub stages: Vec<Choice>,
    /// Sales processes that are made where none has their name.
    #[serde(default)]
    pub processes: Vec<Json>,
}

impl Prepare {
    /// True where a process of this name would be made.
    pub fn has_process(&self, name: &str) -> bool {
        let wanted = model::text::fold(name);
        self.processes.iter().any(|process| process["name"].as_str().is_some_and(|name| model::text::fold(name) == wanted))
    }
}

/// Adds the stages and processes that are missing.
pub(super) fn make(house: &House, credential: &Credential, limits: &Limits, origin: &Origin, wanted: &Prepare) -> Result<()> {
    if wanted.stages.is_empty() && wanted.processes.is_empty() {
        return Ok(());
    }
    let plan = wanted;
    house.write(credential, limits.clone(), origin, |cx, tx| {
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
        house.write(credential, limits.clone(), origin, |cx, tx| {
            let name = process["name"].as_str().unwrap_or_default();
            if !cx.meta.processes.iter().any(|known| known.name == name) {
                processes::save_process(cx, tx, None, None, process, false)?;
            }
            Ok(())
        })?;
    }
    Ok(())
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
