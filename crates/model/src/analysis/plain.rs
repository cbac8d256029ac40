//! The definitions of spec/06 in plain loops over the stays themselves. Nothing is quick here; it is what the product is held against.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Conversion, Deal, Filter, Frame, StageFigures, between};
use crate::Id;
use crate::field::StageType;
use crate::process::Stay;

/// The figures of a process from deals and all their stays, in any order.
pub fn plain(frame: &Frame<'_>, deals: &[Deal], stays: &[Stay], filter: &Filter) -> Conversion {
    // Only stays of this process are read; O are the deals that have one and pass the filter.
    let mut of: HashMap<Id, Vec<&Stay>> = HashMap::new();
    for stay in stays.iter().filter(|stay| stay.process == frame.process) {
        of.entry(stay.opportunity).or_default().push(stay);
    }
    let mut counting: BTreeMap<Id, (&Deal, Vec<&Stay>)> = BTreeMap::new();
    for deal in deals {
        let Some(stays) = of.get(&deal.id) else { continue };
        let Some(entered) = stays.iter().map(|stay| stay.entered_at).min() else { continue };
        if filter.meets(deal, entered) {
            counting.insert(deal.id, (deal, stays.clone()));
        }
    }
    let type_of = |stage: &str| frame.types.get(stage).copied();
    let stands = |deal: &Deal, stage: &str| deal.process == frame.process && deal.stage == stage;

    let mut rows: Vec<(String, bool)> = frame.stages.iter().map(|stage| (stage.clone(), false)).collect();
    let visited: BTreeSet<&str> = counting.values().flat_map(|(_, stays)| stays.iter().map(|stay| stay.stage.as_str())).collect();
    for stage in visited {
        if type_of(stage).is_none_or(|kind| kind == StageType::InProgress) && !frame.stages.iter().any(|known| known == stage) {
            rows.push((stage.to_owned(), true));
        }
    }

    let mut conversion = Conversion { deals: counting.len() as u64, ..Conversion::default() };
    for (stage, former) in rows {
        let mut figures = StageFigures { stage: stage.clone(), former, ..StageFigures::default() };
        for (deal, stays) in counting.values() {
            let visits: Vec<&&Stay> = stays.iter().filter(|stay| stay.stage == stage).collect();
            if visits.is_empty() {
                continue;
            }
            figures.total += 1;
            figures.amount += i128::from(deal.analysis_amount.unwrap_or(0));
            figures.micros +=
                visits.iter().map(|stay| i128::from(between(stay.entered_at, stay.left_at.unwrap_or(frame.now)))).sum::<i128>();
            let last = visits.iter().filter(|stay| stay.left_at.is_some()).max_by_key(|stay| (stay.left_at, stay.run, stay.id));
            let went_to = last.and_then(|stay| stay.to_stage.as_deref());
            if stands(deal, &stage) {
                figures.retained += 1;
            } else if let Some(end) = went_to
                && matches!(type_of(end), Some(StageType::Lost | StageType::Invalid))
                && stands(deal, end)
            {
                figures.lost += 1;
            }
        }
        conversion.stages.push(figures);
    }

    for (deal, _) in counting.values() {
        if deal.process != frame.process || type_of(&deal.stage) != Some(StageType::Won) {
            continue;
        }
        conversion.won += 1;
        let won_at = deal.closed_at.unwrap_or(frame.now);
        conversion.cycle_micros += i128::from(between(deal.created_at, won_at));
        if let Some(amount) = deal.amount {
            conversion.sized += 1;
            conversion.size += i128::from(amount);
        }
    }
    conversion
}
