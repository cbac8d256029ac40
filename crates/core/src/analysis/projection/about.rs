//! Which deals a projection is about, and which it learns from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use db::Read;
use db::records::Bin;
use db::search::Words;
use model::analysis::projection::Course;
use model::condition::Resolved;
use model::objects::opportunity;
use model::{Id, Object};

use super::courses::{Courses, Held};
use crate::analysis::sight;
use crate::records::asked;
use crate::{Ctx, Error, Result, veil};

/// What is asked.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    pub process: Option<&'a str>,
    pub view: Option<&'a str>,
    pub filter: Option<&'a str>,
    pub q: Option<&'a str>,
}

/// The deals of a question.
pub(super) struct About {
    pub object: Object,
    pub held: Arc<Held>,
    pub process: Option<Id>,
    seen: Option<HashSet<Id>>,
    except: HashSet<Id>,
    asked: Option<HashSet<Id>>,
}

impl About {
    /// Reads who asks for what.
    pub fn of(cx: &Ctx, tx: &mut Read, courses: &Courses, wanted: Wanted<'_>) -> Result<About> {
        let object = cx.object(opportunity::KEY)?.clone();
        let hides = |field: &str| veil::hides(cx, &object.key, field);
        if hides("stage") || (wanted.process.is_some() && hides("sales_process")) {
            return Err(Error::NotFound);
        }
        let process = wanted.process.map(|id| cx.meta.process(id).map(|process| process.id).ok_or(Error::NotFound)).transpose()?;
        let asked = asked(cx, tx, &object, wanted.view, wanted.filter, wanted.q)?;
        let sees_all = db::records::owners_and_given(tx, &cx.meta.schema, &object, &cx.scope())?.is_none();
        let seen = if sees_all { None } else { Some(ids(cx, tx, &object, None, None)?) };
        let asked = match (&asked.condition, &asked.words) {
            (None, None) => None,
            (condition, words) => Some(ids(cx, tx, &object, condition.as_ref(), words.as_ref())?),
        };
        let (held, except) = (courses.held(cx, tx)?, sight::covered(cx, tx, &object)?);
        Ok(About { object, held, process, seen, except, asked })
    }

    /// The deals that are learnt from: those that the caller sees.
    pub fn learnt(&self) -> Vec<&Course> {
        self.seen().collect()
    }

    /// The deals that are asked for.
    pub fn asked(&self) -> Vec<&Course> {
        let of_process =
            |course: &&Course| self.process.is_none_or(|process| self.held.deal(course.id).is_some_and(|deal| deal.process == process));
        self.seen().filter(|course| self.asked.as_ref().is_none_or(|asked| asked.contains(&course.id))).filter(of_process).collect()
    }

    fn seen(&self) -> impl Iterator<Item = &Course> {
        let deals = self.held.deals.iter().filter(|deal| !deal.gone).map(|deal| &deal.course);
        deals.filter(|course| self.seen.as_ref().is_none_or(|seen| seen.contains(&course.id)) && !self.except.contains(&course.id))
    }

    /// What deals are worth now.
    pub fn worth_now(&self, courses: &[&Course]) -> HashMap<Id, i64> {
        courses.iter().filter_map(|course| Some((course.id, self.held.deal(course.id)?.amount?))).collect()
    }
}

fn ids(cx: &Ctx, tx: &mut Read, object: &Object, condition: Option<&Resolved>, words: Option<&Words>) -> Result<HashSet<Id>> {
    let found = db::records::all_ids(tx, &cx.meta.schema, object, &cx.scope(), condition, words, Bin::Out)?;
    Ok(found.into_iter().collect())
}
