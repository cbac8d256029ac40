//! Asking for an import: everything that can be said at once is judged here, then a job does it.

use db::{Limits, Write};
use model::role::Act;
use model::{Id, Object, Violation};
use sea_query::{Expr, ExprTrait, Query};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value as Json, json};

use super::columns::Columns;
use super::files;
use super::found::Found;
use super::lookup::Lookup;
use super::options::{Approvals, Missing, Options};
use super::plan::Prepare;
use super::rows::Prepared;
use super::run::{self, Asked, Counts, Phase, Progress, Run, State, Step};
use crate::audit::{self, Note, Origin};
use crate::jobs::{self, Kind, New};
use crate::{Ctx, Error, House, Result};

/// Steps of one import.
const MOST_STEPS: usize = 50;
/// How long the file of an import is kept, in seconds: its failed rows can be had as they were sent.
const KEPT: i64 = 30 * 86_400;

/// What `POST /imports` asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// One file with its options; or `steps`.
    #[serde(default)]
    pub file: Option<String>,
    #[serde(default)]
    pub options: Option<Options>,
    #[serde(default)]
    pub steps: Vec<BeginStep>,
    #[serde(default)]
    pub dry_run: bool,
    /// What is made before the first row: stages and processes that are not there.
    #[serde(default)]
    pub prepare: Prepare,
    #[serde(default)]
    pub name: Option<String>,
}

/// One file, or one of the objects that a file tells of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginStep {
    pub file: String,
    pub options: Options,
    // The product's own, as a proposal tells it.
    #[serde(default, rename = "file_name")]
    _file_name: IgnoredAny,
}

impl BeginStep {
    /// A file with its options.
    pub fn new(file: String, options: Options) -> BeginStep {
        BeginStep { file, options, _file_name: IgnoredAny }
    }
}

/// Asks for an import in the transaction that keeps it; the Import of the API.
///
/// Errors: [`Error::Invalid`] for files or options that cannot be used at all; what is wrong with single rows is told by the import.
pub fn begin(cx: &Ctx, tx: &mut Write, origin: &Origin, wanted: &Begin) -> Result<Json> {
    let single = wanted.file.iter().zip(&wanted.options).map(|(file, options)| (file.as_str(), options));
    let many = wanted.steps.iter().map(|step| (step.file.as_str(), &step.options));
    let asked: Vec<(&str, &Options)> = single.chain(many).collect();
    if asked.is_empty() || asked.len() > MOST_STEPS {
        return Err(Violation::new("field.required", "steps").with("max", MOST_STEPS).into());
    }
    let dry_run = wanted.dry_run || asked.iter().any(|(_, options)| options.dry_run);
    let mut steps = Vec::with_capacity(asked.len());
    for (at, (file, options)) in asked.iter().enumerate() {
        let id: Id = file.parse().map_err(|_| Error::from(Violation::new("import.file_missing", "file").with("file", *file)))?;
        let found = files::load(cx, tx, id).map_err(|error| match error {
            Error::NotFound => Violation::new("import.file_missing", "file").with("file", *file).into(),
            other => other,
        })?;
        let opening = Opening::of(cx, tx, &found, options)?;
        within_scopes(cx, &opening, options)?;
        if at == 0 {
            // What later steps refer to may be made by earlier ones.
            let mut lookup = Lookup::default();
            opening.constants(cx, tx, &mut lookup)?;
            let prepare = Some(wanted.prepare.clone());
            Prepared::new(
                options,
                cx.meta.clone(),
                &opening.object,
                &cx.who,
                &found,
                opening.columns.clone(),
                &lookup,
                cx.at,
                dry_run,
                prepare,
            )?;
        }
        if !dry_run {
            files::keep_until(tx, id, cx.at.plus_seconds(KEPT))?;
        }
        steps.push(Step {
            file: id,
            reading: found.reading,
            file_name: found.name.clone(),
            options: (*options).clone(),
            rows: found.rows,
            columns: opening.columns.show(&found),
            warnings: json!(super::advice::warnings(cx, &opening, options)),
            encoding: found.encoding.clone(),
            delimiter: found.delimiter,
        });
    }
    let progress = Progress { steps: vec![Counts::default(); steps.len()], ..Progress::default() };
    let name = wanted.name.as_ref().map(|name| name.chars().take(255).collect());
    let asked = Asked::new(name, dry_run, steps, wanted.prepare.clone(), origin);
    let mut run = Run { id: cx.new_id(), state: State::Waiting, by: cx.who.id, created_at: cx.at, ended_at: None, asked, progress };
    if !dry_run {
        for step in &run.asked.steps {
            let told = Note::new("import", "record").of(&step.options.object).subject(step.file_name.as_str());
            audit::note(cx, tx, told.detail(json!({"import": run.id.to_string(), "rows": step.rows, "approvals": step.options.approvals, "reason": step.options.reason})))?;
        }
    }
    run.progress.job = Some(ask(cx, tx, &run, Kind::Import)?);
    run.insert(tx)?;
    run::one(cx, tx, run.id)
}

/// Asks for the work itself.
pub(super) fn ask(cx: &Ctx, tx: &mut Write, run: &Run, kind: Kind) -> Result<Id> {
    let object = run.asked.steps.first().map(|step| step.options.object.clone()).unwrap_or_default();
    let doc = json!({"import": run.id.to_string()});
    jobs::enqueue(cx, tx, New { doc, total: Some(run.rows() as i64), ..New::on(kind, &object, None) })
}

/// What a step begins with.
pub(super) struct Opening {
    pub object: Object,
    pub columns: Columns,
    found: Found,
    options: Options,
}

impl Opening {
    /// Judges whether the caller may, and settles the columns.
    pub fn of(cx: &Ctx, _tx: &mut db::Read, found: &Found, options: &Options) -> Result<Opening> {
        let object = cx.object(&options.object)?.clone();
        cx.must_be_allowed(Act::Import, &object.key)?;
        if options.history {
            cx.must_be_allowed(Act::ImportHistory, &object.key)?;
        }
        if options.approvals == Approvals::Skip {
            cx.must_be_allowed(Act::SkipApproval, &object.key)?;
            if options.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(Violation::new("approval.reason_required", "reason").into());
            }
        }
        let columns = Columns::settle(found, &cx.meta.schema, &object, &cx.who, options)?;
        for sub in &columns.subs {
            cx.must_be_allowed(Act::Import, &sub.object.key)?;
        }
        Ok(Opening { object, columns, found: found.clone(), options: options.clone() })
    }

    /// Looks up what the constants refer to.
    pub fn constants(&self, cx: &Ctx, tx: &mut db::Read, lookup: &mut Lookup) -> Result<()> {
        let wanted = Prepared::constant_references(&self.options, &self.object, &self.columns);
        lookup.extend(cx, tx, &wanted, self.options.keys.as_ref().and_then(|keys| keys.external_source.as_deref()))
    }

    /// What is needed to read rows.
    pub fn prepared(self, cx: &Ctx, lookup: &Lookup, run: &Run) -> Result<Prepared> {
        let prepare = run.asked.dry_run.then(|| run.asked.prepare.clone());
        let at = run.created_at;
        let (options, columns) = (&self.options, self.columns);
        Ok(Prepared::new(options, cx.meta.clone(), &self.object, &cx.who, &self.found, columns, lookup, at, run.asked.dry_run, prepare)?)
    }
}

/// The job acts with all rights of the person, so a limited token asks for nothing that lies beyond its limits.
fn within_scopes(cx: &Ctx, opening: &Opening, options: &Options) -> Result<()> {
    if cx.proof.scopes.is_none() {
        return Ok(());
    }
    let subs = opening.columns.subs.iter();
    for column in opening.columns.mapped.iter().chain(subs.flat_map(|sub| &sub.mapped)) {
        let Some(target) = column.field.kind.leads_to() else { continue };
        cx.object(target).map_err(|_| Error::Unauthenticated("auth.scope"))?;
        if options.reference(&column.name).missing == Missing::Create || options.create_values.contains_key(&column.name) {
            cx.must_be_allowed(Act::Create, target)?;
        }
    }
    if options.default_owner.is_some() {
        cx.object("employee").map_err(|_| Error::Unauthenticated("auth.scope"))?;
    }
    Ok(())
}

/// A limited token looks after imports within its limits only.
pub(super) fn reaches(cx: &Ctx, run: &Run) -> Result<()> {
    if cx.proof.scopes.is_none() {
        return Ok(());
    }
    run.asked.steps.iter().try_for_each(|step| cx.must_be_allowed(Act::Import, &step.options.object))
}

/// Cancels an import that has not ended: what is in stays in.
pub fn cancel(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let run = run::load(cx, tx, id)?;
    reaches(cx, &run)?;
    if !matches!(run.state, State::Waiting | State::Running) {
        return Err(Violation::new("import.not_running", "").into());
    }
    // A chunk that is being saved is waited for, and how far it came is kept.
    tx.execute(
        Query::update()
            .table("import_run")
            .value("state", State::Cancelled.key())
            .value("ended_at", cx.at.0)
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("state").is_in([State::Waiting.key(), State::Running.key()])),
    )?;
    run::one(cx, tx, id)
}

/// Goes on with an import that was cancelled or has failed, where it stopped. A dry run begins anew.
pub fn resume(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let mut run = run::load(cx, tx, id)?;
    reaches(cx, &run)?;
    if !matches!(run.state, State::Failed | State::Cancelled) || run.progress.undo.is_some() {
        return Err(Violation::new("import.not_stopped", "").into());
    }
    let stored = [run.state, State::Waiting, State::Running];
    run.progress.error = None;
    run.progress.violations = Json::Null;
    run.progress.job = Some(ask(cx, tx, &run, Kind::Import)?);
    run.state = State::Waiting;
    run.ended_at = None;
    if !run.advance(tx, &stored)? {
        return Err(Violation::new("import.not_stopped", "").into());
    }
    if run.asked.dry_run {
        forget(tx, &mut run)?;
    }
    run::one(cx, tx, id)
}

/// A dry run leaves nothing from which it could go on.
pub(super) fn forget(tx: &mut Write, run: &mut Run) -> Result<()> {
    tx.execute(Query::delete().from_table("import_problem").and_where(Expr::col("import").eq(run.id.0)))?;
    let steps = vec![Counts::default(); run.asked.steps.len()];
    run.progress = Progress { job: run.progress.job, steps, ..Progress::default() };
    run.progress.phase = Phase::Rows;
    let state = run.state;
    run.advance(tx, &[state])?;
    Ok(())
}

/// Makes what an import needs before its first row.
pub fn prepare(house: &House, credential: &crate::Credential, limits: &Limits, origin: &Origin, wanted: &Prepare) -> Result<()> {
    super::plan::make(house, credential, limits, origin, wanted)
}
