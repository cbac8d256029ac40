//! What all rows of a step share.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Instant, Number, Object, Patch, Violation, Violations};

use super::super::cells::{Cell, parts};
use super::super::columns::{self, Column, Columns};
use super::super::found::Found;
use super::super::lookup::{self, Lookup, Wanted};
use super::super::options::{By, Options, Reference};
use super::super::plan::Prepare;
use super::super::spelling::DecimalMark;
use super::Prepared;
use crate::Meta;
use crate::ctx::Who;

impl Prepared {
    /// Settles what all rows share. Errors, all at once: `field.invalid` for a factor or currency, and what stands against a constant or the
    /// default owner.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        options: &Options,
        meta: Arc<Meta>,
        object: &Object,
        who: &Who,
        file: &Found,
        columns: Columns,
        lookup: &Lookup,
        at: Instant,
        dry_run: bool,
        prepare: Option<Prepare>,
    ) -> Result<Prepared, Violations> {
        let mut found = Violations::new();
        let mut factors = BTreeMap::new();
        for column in file.names() {
            match options.factor(column).map(Number::parse) {
                Some(Some(factor)) => {
                    factors.insert(column.to_owned(), factor);
                }
                Some(None) => found.push(Violation::new("field.invalid", format!("factors/{column}")).with("expected", "a number")),
                None => {}
            }
        }
        if options.currency.as_ref().is_some_and(|code| code.parse::<model::Currency>().is_err()) {
            found.push(Violation::new("field.invalid", "currency").with("expected", "a currency of ISO 4217, as USD"));
        }
        let mut prepared = Prepared {
            options: options.clone(),
            meta,
            object: object.clone(),
            who: who.clone(),
            file: file.clone(),
            columns,
            at,
            dry_run,
            prepare,
            factors,
            constants: Patch::new(),
            sub_constants: Vec::new(),
            unprepared: false,
            default_owner: None,
        };
        let mut planned = Vec::new();
        prepared.constants = prepared.constants_of(object, &options.constants, "constants", lookup, &mut found, &mut planned);
        prepared.unprepared = planned.iter().any(|field| field == "stage" || field == "sales_process");
        for (at, sub) in options.sub_objects.iter().enumerate() {
            let object = prepared.columns.subs.get(at).map(|sub| sub.object.clone());
            let constants = object.map(|object| {
                prepared.constants_of(&object, &sub.constants, &format!("sub_objects/{at}/constants"), lookup, &mut found, &mut planned)
            });
            prepared.sub_constants.push(constants.unwrap_or_default());
        }
        if let Some(owner) = &options.default_owner {
            match lookup.get("employee", By::Any, owner) {
                lookup::Found::One(id) => prepared.default_owner = Some(id),
                lookup::Found::Planned => {}
                _ => found.push(Violation::new("field.reference_not_found", "default_owner").with("value", owner.as_str())),
            }
        }
        if found.is_empty() { Ok(prepared) } else { Err(found) }
    }

    fn constants_of(
        &self,
        object: &Object,
        said: &BTreeMap<String, String>,
        path: &str,
        lookup: &Lookup,
        found: &mut Violations,
        planned: &mut Vec<String>,
    ) -> Patch {
        let reader = self.reader(lookup, false);
        let mut constants = Patch::new();
        for (key, text) in said {
            let field = match columns::writable(object, &self.who, &self.options, key) {
                Ok(field) => field,
                Err(code) => {
                    found.push(Violation::new(code, format!("{path}/{key}")));
                    continue;
                }
            };
            let column = Column {
                index: 0,
                name: key.clone(),
                field,
                decimal: DecimalMark::Point,
                dates: None,
                currency: None,
                reference: Reference::default(),
            };
            match reader.read(&column, text, None) {
                Cell::Value(value) => {
                    constants.insert(key.clone(), value);
                }
                Cell::Unplaced(mut violation, _) => {
                    violation.path = format!("{path}/{key}");
                    found.push(violation.with("value", text.as_str()));
                }
                Cell::Later | Cell::Missing => {}
                Cell::Planned => planned.push(key.clone()),
            }
        }
        constants
    }

    /// Texts that the constants and the default owner refer to.
    pub fn constant_references(options: &Options, object: &Object, columns: &Columns) -> Wanted {
        let mut wanted = Wanted::new();
        let subs = options.sub_objects.iter().zip(&columns.subs).flat_map(|(sub, of)| sub.constants.iter().map(|said| (&of.object, said)));
        for (object, (key, text)) in options.constants.iter().map(|said| (object, said)).chain(subs) {
            let Some(field) = object.field(key) else { continue };
            if let Some(target) = field.kind.target() {
                wanted.entry((target.to_owned(), By::Any)).or_default().insert(text.clone());
            } else if let Some(listed) = field.kind.listed() {
                wanted.entry((listed.to_owned(), By::Any)).or_default().extend(parts(text).map(str::to_owned));
            }
        }
        if let Some(owner) = &options.default_owner {
            wanted.entry(("employee".to_owned(), By::Any)).or_default().insert(owner.clone());
        }
        wanted
    }
}
