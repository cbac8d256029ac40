//! Deals as they stand: the columns of two processes together against the plain loops.

use std::collections::HashMap;

use super::*;

const ALL: [By; 6] = [By::Stage, By::Owner, By::OwnerDepartment, By::Product, By::LeadSource, By::ForecastCategory];

fn amount(worths: &[(i64, i64, Id)]) -> (u64, i128, i128) {
    let sum = |of: fn(&(i64, i64, Id)) -> i64| worths.iter().map(|worth| i128::from(of(worth))).sum();
    (worths.len() as u64, sum(|worth| worth.0), sum(|worth| worth.1))
}

fn figures(standing: &Standing) -> (u64, i128, i128) {
    (standing.count, standing.amount, standing.weighted)
}

/// Deals of two processes, as they come, change and go.
#[derive(Default)]
struct Both {
    columns: [Columns; 2],
    known: HashMap<Id, (Deal, Instant)>,
}

impl Both {
    fn put(&mut self, deal: Deal, mut stays: Vec<Stay>) {
        // Where it stands now it has been.
        stays.iter_mut().for_each(|stay| stay.process = deal.process);
        for (columns, process) in self.columns.iter_mut().zip([PROCESS, OTHER]) {
            if process == deal.process {
                columns.put(process, &deal, &stays);
            } else {
                columns.remove(deal.id);
            }
        }
        let entered = stays.iter().map(|stay| stay.entered_at).min().unwrap();
        self.known.insert(deal.id, (deal, entered));
    }

    fn remove(&mut self, deal: Id) {
        self.columns.iter_mut().for_each(|columns| columns.remove(deal));
        self.known.remove(&deal);
    }

    fn pipeline(&self, now: Instant, filter: &Filter, by: By) -> Pipeline {
        let mut whole = Pipeline::default();
        for part in self.columns.iter().map(|columns| columns.pipeline(&types(), now, filter, by)) {
            whole.won += part.won;
            part.rows.into_iter().for_each(|(key, row)| *whole.rows.entry(key).or_default() += row);
        }
        whole
    }

    fn forecast(&self, now: Instant, filter: &Filter, spans: &[Span], by: By) -> Forecast {
        let mut whole = Forecast::new();
        for part in self.columns.iter().map(|columns| columns.forecast(&types(), now, filter, spans, by)) {
            for (key, cells) in part {
                let stands = whole.entry(key).or_insert_with(|| vec![Standings::default(); spans.len()]);
                stands.iter_mut().zip(cells).for_each(|(stands, more)| *stands += more);
            }
        }
        whole
    }
}

fn spans() -> Vec<Span> {
    let span = |from: i8, to: i8, first: i64, last: i64| Span {
        days: Date::constant(2026, from, 1)..Date::constant(2026, to, 1),
        instants: Instant(first * DAY)..Instant(last * DAY),
    };
    vec![span(1, 4, 0, 20), span(4, 7, 20, 40), span(8, 10, 40, 90)]
}

#[test]
fn columns_say_what_the_plain_loops_say_of_deals_as_they_stand() {
    let (mut open, mut won) = (0, 0);
    for seed in 0..40 {
        let (mut dice, mut both) = (Dice(seed * 104_729 + 3), Both::default());
        for round in 0..30 {
            for _ in 0..8 {
                let (deal, stays) = random(&mut dice, 60);
                if dice.below(6) == 0 { both.remove(deal.id) } else { both.put(deal, stays) }
            }
            let (now, filter, by) = (Instant((40 + round) * DAY + 7), random_filter(&mut dice), dice.one(&ALL));
            let deals: Vec<(Deal, Instant)> = both.known.values().cloned().collect();
            let found = both.pipeline(now, &filter, by);
            assert_eq!(found, plain_pipeline(&deals, &types(), now, &filter, by), "seed {seed}, round {round}: {filter:?}");
            let behind = |row: Option<(By, &Key)>| -> Vec<(i64, i64, Id)> {
                both.columns.iter().flat_map(|columns| columns.in_pipeline(&types(), &filter, row)).collect()
            };
            for (key, row) in &found.rows {
                assert_eq!(amount(&behind(Some((by, key)))), figures(row));
            }
            assert_eq!(amount(&behind(None)), figures(&found.total()));
            let behind: Vec<_> = both.columns.iter().flat_map(|columns| columns.won_now(&types(), &filter)).collect();
            assert_eq!(amount(&behind), figures(&found.won));
            (open, won) = (open + found.total().count, won + found.won.count);

            let (spans, by) = (spans(), dice.one(&[By::Owner, By::OwnerDepartment]));
            let of = |deal: &Deal| if by == By::Owner { deal.owner } else { deal.department };
            let found = both.forecast(now, &filter, &spans, by);
            assert_eq!(found, plain_forecast(&deals, &types(), now, &filter, &spans, of), "seed {seed}, round {round}: {filter:?}");
            for (whose, cells) in &found {
                for (span, cell) in spans.iter().zip(cells) {
                    for category in Category::ALL {
                        let of =
                            |columns: &Columns| columns.in_forecast(&types(), &filter, span, |one| one == category, by, |id| id == *whose);
                        let behind: Vec<_> = both.columns.iter().flat_map(of).collect();
                        assert_eq!(amount(&behind), figures(&cell.of(category)), "{category:?}");
                    }
                }
            }
        }
    }
    assert!(open > 1_000 && won > 300, "{open} open, {won} won: too few to tell anything");
}

#[test]
fn what_nobody_has_is_no_row() {
    let mut both = Both::default();
    let (deal, stays) = walk(1, 0, PROCESS, &[("s1", 0)]);
    both.put(Deal { amount: Some(70_000), forecast_amount: Some(7_000), ..deal }, stays);
    let found = both.pipeline(Instant(2 * DAY), &Filter::default(), By::LeadSource);
    assert_eq!(found.rows.keys().collect::<Vec<_>>(), [&Key::Blank]);
    assert_eq!((found.total().average_age_seconds(), Standing::default().average_age_seconds()), (Some(2 * 86_400), None));
    let strange = Key::Option("nothing".to_owned());
    assert!(both.columns[0].in_pipeline(&types(), &Filter::default(), Some((By::LeadSource, &strange))).is_empty());
}
