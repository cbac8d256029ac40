use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::{DayKind, Span, SpecialDay, WEEKDAYS};
use super::*;

const MINUTE: i64 = 60 * SECOND;

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// As the definition has it, of the clock that hangs on the wall.
fn is_working_by_the_clock(calendar: &BusinessCalendar, zone: &TimeZone, at: i64) -> bool {
    let local = timestamp(at).to_zoned_datetime(zone.clone()).datetime();
    let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
    let day = local.date();
    let mut special: Vec<(u8, bool, usize)> = Vec::new();
    for (at, one) in calendar.days.iter().enumerate() {
        let holds = if one.yearly {
            // Day by day through a year that has every day, from the first to the last.
            let plain = |date: Date| Date::new(2000, date.month(), date.day()).unwrap();
            let (mut walk, last) = (plain(one.from), plain(one.to));
            let mut holds = false;
            for _ in 0..366 {
                holds |= walk == plain(day);
                if walk == last {
                    break;
                }
                walk = walk.tomorrow().unwrap();
                if walk.year() > 2000 {
                    walk = Date::new(2000, 1, 1).unwrap();
                }
            }
            holds
        } else {
            one.from <= day && day <= one.to
        };
        if holds {
            special.push((one.kind as u8, !one.yearly, at));
        }
    }
    let of_week = |name: &str| calendar.week.get(name).cloned().unwrap_or_default();
    let own = WEEKDAYS[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
    let hours = match special.iter().max() {
        None => of_week(own),
        Some((_, _, at)) => {
            let one = &calendar.days[*at];
            match one.kind {
                DayKind::Holiday => Vec::new(),
                DayKind::HalfDay => one.hours.clone(),
                DayKind::WorkingDay if one.hours.is_empty() => of_week(one.like.as_deref().unwrap_or(own)),
                DayKind::WorkingDay => one.hours.clone(),
            }
        }
    };
    hours.iter().any(|span| span.from.0 <= minute && minute < span.to.0)
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::btree_set(0_u16..=1440, 0..=6).prop_map(|cuts| {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|pair| Span::of(pair[0], pair[1])).collect()
    })
}

/// Zones whose clocks change at midnight, by half an hour, by a whole day, or never.
const ZONES: [&str; 9] = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Kolkata",
    "America/St_Johns",
];

fn days(around: Date) -> impl Strategy<Value = Vec<SpecialDay>> {
    let kind = prop_oneof![Just(DayKind::Holiday), Just(DayKind::HalfDay), Just(DayKind::WorkingDay)];
    let like = proptest::option::of((0_usize..7).prop_map(|at| WEEKDAYS[at].to_owned()));
    let one = (kind, -3_i32..8, 0_i32..3, any::<bool>(), spans(), like).prop_map(move |(kind, from, long, yearly, hours, like)| {
        let from = around.saturating_add(from.days());
        SpecialDay { name: String::new(), from, to: from.saturating_add(long.days()), yearly, kind, hours, like }
    });
    proptest::collection::vec(one, 0..5)
}

/// A calendar, and an instant near one at which many clocks change.
fn worlds() -> impl Strategy<Value = (BusinessCalendar, Instant)> {
    let moments = [
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2025-12-31T20:00:00Z",
        "2018-02-18T02:00:00Z",
        "2026-04-23T22:00:00Z",
        "2024-02-28T12:00:00Z",
    ];
    (0..ZONES.len(), 0..moments.len(), -3_000_i64..3_000).prop_flat_map(move |(zone, moment, minutes)| {
        let at = instant(moments[moment]);
        let around = at.date_in(&TimeZone::UTC);
        (proptest::collection::btree_map((0_usize..7).prop_map(|at| WEEKDAYS[at].to_owned()), spans(), 0..=7), days(around)).prop_map(
            move |(week, days)| {
                let week: BTreeMap<String, Vec<Span>> = week;
                (BusinessCalendar { name: "x".into(), time_zone: Some(ZONES[zone].into()), week, days }, Instant(at.0 + minutes * MINUTE))
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn it_is_what_a_clock_counts_minute_by_minute((calendar, from) in worlds(), minutes in 0_i64..6_000, seconds in 0_i64..60, need in 0_i64..4_000) {
        let reckoner = Reckoner::new(&calendar, &TimeZone::UTC);
        let zone = TimeZone::get(calendar.time_zone.as_ref().unwrap()).unwrap();
        let mut worked = 0;
        let mut opening = None;
        let mut reached = (need == 0).then_some(from);
        for minute in 0..minutes {
            let at = from.0 + minute * MINUTE;
            let working = is_working_by_the_clock(&calendar, &zone, at);
            prop_assert_eq!(reckoner.is_working(Instant(at)), working);
            if working {
                worked += 1;
                opening = opening.or(Some(Instant(at)));
                if worked == need {
                    reached = reached.or(Some(Instant(at + MINUTE)));
                }
            }
        }
        let to = Instant(from.0 + minutes * MINUTE);
        prop_assert_eq!(reckoner.working_between(from, to), worked * 60);
        if let Some(opening) = opening {
            prop_assert_eq!(reckoner.next_opening(from), Some(opening));
        }
        if let Some(reached) = reached {
            prop_assert_eq!(reckoner.add_working(from, need * 60), Some(reached));
        }
        // Parts add up, also where they are cut within a minute; and what is added is what lies between.
        let cut = Instant(from.0 + minutes / 2 * MINUTE + seconds * SECOND);
        if cut <= to {
            prop_assert_eq!(reckoner.working_between(from, cut) + reckoner.working_between(cut, to), worked * 60);
        }
        if let Some(end) = reckoner.add_working(from, need * 60 + seconds) {
            prop_assert_eq!(reckoner.working_between(from, end), need * 60 + seconds);
        }
    }
}

fn usual(zone: &str) -> BusinessCalendar {
    BusinessCalendar { time_zone: Some(zone.to_owned()), ..BusinessCalendar::usual("Office") }
}

#[test]
fn a_weekend_and_a_lunch_are_not_worked() {
    let calendar = usual("Asia/Shanghai");
    let reckoner = Reckoner::new(&calendar, &TimeZone::UTC);
    // Friday 16:00 in Shanghai, and ten hours of work: two on Friday, eight on Monday.
    let friday = instant("2026-11-27T08:00:00Z");
    assert_eq!(reckoner.add_working(friday, 10 * 3600), Some(instant("2026-11-30T10:00:00Z")));
    assert_eq!(reckoner.working_between(friday, instant("2026-11-30T10:00:00Z")), 10 * 3600);
    assert_eq!(reckoner.next_opening(instant("2026-11-30T04:30:00Z")), Some(instant("2026-11-30T05:00:00Z")));
    assert!(!reckoner.is_working(instant("2026-11-30T04:00:00Z")) && reckoner.is_working(instant("2026-11-30T05:00:00Z")));
}

#[test]
fn a_sunday_worked_for_a_feast_counts_and_the_feast_does_not() {
    let day = |kind, from: &str, to: &str, like: Option<&str>| SpecialDay {
        name: String::new(),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        yearly: false,
        kind,
        hours: Vec::new(),
        like: like.map(str::to_owned),
    };
    let mut calendar = usual("Asia/Shanghai");
    calendar.days =
        vec![day(DayKind::Holiday, "2026-10-01", "2026-10-07", None), day(DayKind::WorkingDay, "2026-09-27", "2026-09-27", Some("friday"))];
    let reckoner = Reckoner::new(&calendar, &TimeZone::UTC);
    let hours = |from: &str, to: &str| reckoner.working_between(instant(from), instant(to)) / 3600;
    // Days of Shanghai: the Sunday has eight hours, the week of the feast none.
    assert_eq!(hours("2026-09-26T16:00:00Z", "2026-09-27T16:00:00Z"), 8);
    assert_eq!(hours("2026-09-30T16:00:00Z", "2026-10-07T16:00:00Z"), 0);
}

#[test]
fn a_night_shift_lasts_as_long_as_its_night() {
    let mut calendar = usual("Europe/Berlin");
    calendar.week = WEEKDAYS.iter().map(|day| ((*day).to_owned(), vec![Span::of(0, 1440)])).collect();
    let reckoner = Reckoner::new(&calendar, &TimeZone::UTC);
    let day = |from: &str, to: &str| reckoner.working_between(instant(from), instant(to)) / 3600;
    assert_eq!(day("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), 23);
    assert_eq!(day("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"), 25);
}

#[test]
fn where_nobody_ever_works_nothing_comes() {
    let calendar = BusinessCalendar { week: BTreeMap::new(), ..usual("UTC") };
    let reckoner = Reckoner::new(&calendar, &TimeZone::UTC);
    assert_eq!(reckoner.add_working(Instant(0), 1), None);
    assert_eq!(reckoner.next_opening(Instant(0)), None);
    assert_eq!(reckoner.add_working(Instant(0), i64::MAX), None);
    assert_eq!(reckoner.working_between(Instant(5), Instant(5)), 0);
    assert_eq!(reckoner.working_between(Instant(9), Instant(5)), 0);
}

#[test]
fn forty_years_are_reckoned_in_no_time() {
    let calendar = usual("Europe/Berlin");
    let reckoner = Reckoner::new(&calendar, &TimeZone::UTC);
    let began = std::time::Instant::now();
    let (from, to) = (instant("2000-01-01T00:00:00Z"), instant("2040-01-01T00:00:00Z"));
    let worked = reckoner.working_between(from, to);
    assert_eq!(reckoner.add_working(from, worked).map(|end| reckoner.working_between(from, end)), Some(worked));
    // Without optimisation, on a machine that has other things to do.
    assert!(began.elapsed().as_millis() < 1_500, "{:?}", began.elapsed());
}
