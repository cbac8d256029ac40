//! A process with its conditions resolved, ready to judge.

use super::{Process, StageRules};
use crate::condition::{Condition, Reading, Resolved};
use crate::{Violation, Violations};

/// A process and its resolved conditions.
#[derive(Clone, Debug)]
pub struct Gates {
    pub process: Process,
    /// The process's own entry condition.
    pub entry: Option<Resolved>,
    /// In the order of the process's stages.
    pub stages: Vec<StageGates>,
}

/// A stage's resolved conditions.
#[derive(Clone, Debug, Default)]
pub struct StageGates {
    pub completion: Option<Resolved>,
    pub entry: Option<Resolved>,
    /// Of the stage's tasks, in their order: for which deals each arises.
    pub tasks: Vec<Option<Resolved>>,
}

impl Gates {
    /// Resolves every condition of the process for a moment. `reading` is the system's: rules see every field.
    ///
    /// Errors: `field.unknown` and `condition.invalid`, their paths led by the condition's place (`stages/2/entry_condition`).
    pub fn resolve(process: &Process, reading: &Reading<'_>) -> Result<Gates, Violations> {
        let mut found = Violations::new();
        let mut one = |condition: &Option<Condition>, place: String| {
            condition.as_ref().and_then(|condition| match condition.resolve(&process.object, reading) {
                Ok(resolved) => Some(resolved),
                Err(violations) => {
                    found.extend(violations.into_iter().map(|v| Violation { path: format!("{place}/{}", v.path), ..v }));
                    None
                }
            })
        };
        let entry = one(&process.entry_condition, "entry_condition".to_owned());
        let stages = process
            .stages
            .iter()
            .enumerate()
            .map(|(i, rules)| StageGates {
                completion: one(&rules.completion_condition, format!("stages/{i}/completion_condition")),
                entry: one(&rules.entry_condition, format!("stages/{i}/entry_condition")),
                tasks: rules
                    .tasks
                    .iter()
                    .enumerate()
                    .map(|(n, task)| one(&task.condition, format!("stages/{i}/tasks/{n}/condition")))
                    .collect(),
            })
            .collect();
        if found.is_empty() { Ok(Gates { process: process.clone(), entry, stages }) } else { Err(found) }
    }

    /// Every condition, for loading what they look at.
    pub fn conditions(&self) -> impl Iterator<Item = &Resolved> {
        self.entry
            .iter()
            .chain(self.stages.iter().flat_map(|stage| stage.completion.iter().chain(&stage.entry).chain(stage.tasks.iter().flatten())))
    }

    /// A stage's position, rules and resolved conditions.
    pub fn stage(&self, key: &str) -> Option<(usize, &StageRules, &StageGates)> {
        let at = self.process.position(key)?;
        Some((at, &self.process.stages[at], &self.stages[at]))
    }
}
