//! How the cost of each act grows with the number of records and of people: measured, and drawn as curves.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Moment};

use model::{Id, Via};
use plotters::prelude::*;
use serde_json::json;
use stagecraft_core::analysis::{self, ConversionRequest};
use stagecraft_core::processes::{BoardRequest, MoveStage, board, move_stage};
use stagecraft_core::records::{Create, ListRequest, Update, create, list, read, update};
use stagecraft_core::search::{SearchRequest, search};
use stagecraft_core::{Credential, Ctx, House, Limits, Result};

use crate::Fallible;
use crate::data::{COMPANY, Data, Size, Staff};
use crate::engines::{self, Place};
use crate::large;
use crate::table::Table;
use crate::work::Times;

/// How often each is done; what takes long is done less often.
const TIMES: usize = 100;
const SPENT: Duration = Duration::from_secs(2);
/// Deals that are made, changed and moved.
const MADE: usize = 100;

/// Told apart on white, by those too who do not tell red from green: neighbours differ in how dark they are.
const COLORS: [RGBColor; 11] = [
    RGBColor(0, 0, 0),
    RGBColor(153, 153, 153),
    RGBColor(0, 114, 178),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(230, 159, 0),
    RGBColor(128, 62, 10),
    RGBColor(204, 121, 167),
    RGBColor(0, 158, 115),
    RGBColor(100, 40, 140),
    RGBColor(170, 130, 220),
];

/// What becomes more while the other stays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// 10,000 to a million opportunities, with 2,000 people.
    Records,
    /// 10 to 2,000 people, with 100,000 opportunities.
    People,
}

impl Along {
    pub const ALL: [Along; 2] = [Along::Records, Along::People];

    pub fn key(self) -> &'static str {
        match self {
            Along::Records => "records",
            Along::People => "people",
        }
    }

    /// What the axis says.
    fn axis(self) -> &'static str {
        match self {
            Along::Records => "opportunities, with 2,000 people",
            Along::People => "people, with 100,000 opportunities",
        }
    }

    fn points(self) -> Vec<(Size, Staff)> {
        match self {
            Along::Records => [Size::S, Size::M, Size::L].map(|size| (size, COMPANY)).to_vec(),
            Along::People => {
                let small = Staff { divisions: 2, departments: 1, people: 5 };
                let middle = Staff { divisions: 10, departments: 2, people: 10 };
                [small, middle, COMPANY].map(|company| (Size::M, company)).to_vec()
            }
        }
    }

    fn at(self, (size, company): (Size, Staff)) -> usize {
        match self {
            Along::Records => size.opportunities(),
            Along::People => company.everyone(),
        }
    }
}

/// The medians of one act on one engine, in milliseconds, by how much there was.
struct Curve {
    engine: &'static str,
    act: &'static str,
    points: Vec<(usize, f64)>,
}

/// Measures every act at every point, on each engine; draws the curves where that is wanted.
pub fn measure(along: Along, draw: bool) -> Fallible<Table> {
    let mut table = Table::default();
    let mut curves: Vec<Curve> = Vec::new();
    for point in along.points() {
        let places = if point.0 == Size::L { engines::kept()? } else { engines::all()? };
        for place in places {
            let at = along.at(point);
            let title = format!("{}, {} {}", place.engine, at, along.key());
            eprintln!("{title}");
            let mut column = table.column(&title);
            for (act, times) in acts(&place, point)? {
                eprintln!("  {act}: {}", times.show());
                column.put(&format!("{act}, ms"), times.show());
                match curves.iter_mut().find(|curve| curve.engine == place.engine && curve.act == act) {
                    Some(curve) => curve.points.push((at, times.median())),
                    None => curves.push(Curve { engine: place.engine, act, points: vec![(at, times.median())] }),
                }
            }
        }
    }
    if draw {
        for engine in ["SQLite", "PostgreSQL"] {
            let of: Vec<&Curve> = curves.iter().filter(|curve| curve.engine == engine).collect();
            if !of.is_empty() {
                plot(&picture(along, engine), along, engine, &of)?;
            }
        }
    }
    Ok(table)
}

/// Where a picture lies.
fn picture(along: Along, engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/growth/{}-{}.svg", along.key(), engine.to_lowercase()))
}

/// All that is done, with what it took.
fn acts(place: &Place, (size, company): (Size, Staff)) -> Fallible<Vec<(&'static str, Times)>> {
    let house = place.open()?;
    let data = large::fill_for(&house, size, company)?;
    crate::analysis::enter_stays(&house)?;
    analysis::prepare(&house)?;
    let mut taken = writes(&house, &data)?;
    type Look = fn(&House, &Ctx, &mut db::Read) -> Result<()>;
    let listed: Look = |_, cx, tx| {
        let page = ListRequest { sort: Some("-created_at".into()), ..ListRequest::default() };
        list(cx, tx, "opportunity", &page).map(drop)
    };
    let columns: Look = |_, cx, tx| board(cx, tx, &BoardRequest::default()).map(drop);
    let sought: Look = |_, cx, tx| search(cx, tx, &SearchRequest { q: "deal 4217".into(), ..SearchRequest::default() }).map(drop);
    let conversion: Look = |house, cx, tx| analysis::conversion(cx, tx, house.analysis(), &ConversionRequest::default()).map(drop);
    for (what, person, look) in [
        ("list of a salesperson", data.salesperson, listed),
        ("list of one who sees all", data.sees_all, listed),
        ("board of a salesperson", data.salesperson, columns),
        ("board of one who sees all", data.sees_all, columns),
        ("search of a salesperson", data.salesperson, sought),
        ("stage conversion of a salesperson", data.salesperson, conversion),
        ("stage conversion of one who sees all", data.sees_all, conversion),
    ] {
        let credential = Credential::Person(person);
        taken.push((what, timed(|_| Ok(house.read(&credential, limits(), |cx, tx| look(&house, cx, tx))?))?));
    }
    Ok(taken)
}

/// Making, opening, changing and moving, by a salesperson.
fn writes(house: &House, data: &Data) -> Fallible<Vec<(&'static str, Times)>> {
    let credential = Credential::Person(data.salesperson);
    let mut made: Vec<Id> = Vec::new();
    let fields = |fields: serde_json::Value| fields.as_object().cloned().unwrap_or_default();
    // What is kept between runs has the deals of the runs before.
    let run = std::time::UNIX_EPOCH.elapsed()?.as_nanos();
    let created = Times::of(MADE, |n| {
        let account = data.accounts[n % data.accounts.len()].to_string();
        let amount = json!({"amount": format!("{}.25", 1_000 + n), "currency": "USD"});
        let fields = fields(json!({"name": format!("Grown {n} {run}"), "account": account, "amount": amount}));
        let wanted = Create { fields, external_ids: Vec::new(), reason: None, skip_approval: false, dry_run: false };
        let answer = house.write(&credential, limits(), Via::Api, |cx, tx| create(cx, tx, "opportunity", &wanted))?;
        made.extend(answer["record"]["id"].as_str().and_then(|id| id.parse::<Id>().ok()));
        Ok(())
    })?;
    let opened = Times::of(MADE, |n| Ok(house.read(&credential, limits(), |cx, tx| read(cx, tx, "opportunity", made[n])).map(drop)?))?;
    let edited = Times::of(MADE, |n| {
        let fields = fields(json!({"amount": format!("{}.00", 5_000 + n)}));
        let wanted = Update { fields, reason: None, stage_reason: None, skip_approval: false, dry_run: false };
        Ok(house.write(&credential, limits(), Via::Api, |cx, tx| update(cx, tx, "opportunity", made[n], None, &wanted)).map(drop)?)
    })?;
    let moved = Times::of(MADE, |n| {
        let wanted = MoveStage { stage: "qualification".into(), ..MoveStage::default() };
        Ok(house.write(&credential, limits(), Via::Api, |cx, tx| move_stage(cx, tx, made[n], None, &wanted)).map(drop)?)
    })?;
    Ok(vec![("create", created), ("open", opened), ("edit", edited), ("move", moved)])
}

fn timed(mut once: impl FnMut(usize) -> Fallible<()>) -> Fallible<Times> {
    let began = Moment::now();
    once(0)?;
    let fit = SPENT.as_secs_f64() / began.elapsed().as_secs_f64().max(1e-6);
    Times::of((fit as usize).clamp(5, TIMES), once)
}

fn limits() -> Limits {
    Limits { deadline: Some(Moment::now() + Duration::from_secs(600)), ..Limits::default() }
}

/// Draws curves into a file; both axes in powers of ten, so that what grows in step with what there is is a straight line up.
fn plot(path: &Path, along: Along, engine: &str, curves: &[&Curve]) -> Fallible<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let all = || curves.iter().flat_map(|curve| curve.points.iter());
    let (least, most) = all().fold((usize::MAX, 0), |(least, most), (at, _)| (least.min(*at), most.max(*at)));
    let (low, high) = all().fold((f64::MAX, 0.0_f64), |(low, high), (_, ms)| (low.min(*ms), high.max(*ms)));
    let area = SVGBackend::new(path, (960, 480)).into_drawing_area();
    area.fill(&WHITE)?;
    let (from, until) = (least as f64 * 0.9, most as f64 * 1.1);
    let mut chart = ChartBuilder::on(&area)
        .caption(format!("{engine}: milliseconds, median"), ("sans-serif", 18))
        .margin(12)
        .margin_right(280)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d((from..until).log_scale(), (low * 0.7..high * 1.4).log_scale())?;
    chart
        .configure_mesh()
        .x_desc(along.axis())
        .y_desc("ms")
        .x_label_formatter(&|at| crate::table::thousands(*at as u64))
        .y_label_formatter(&|ms| ms.to_string())
        .light_line_style(WHITE.mix(0.0))
        .draw()?;
    // In the order in which they end, so that each name stands about where its curve does.
    let mut ordered: Vec<(&&Curve, RGBColor)> = curves.iter().zip(COLORS.iter().cycle().copied()).collect();
    let end = |curve: &Curve| curve.points.last().map_or(0.0, |(_, ms)| *ms);
    ordered.sort_by(|(one, _), (other, _)| end(other).total_cmp(&end(one)));
    for (n, (curve, color)) in (0_i32..).zip(ordered) {
        let points = || curve.points.iter().map(|(at, ms)| (*at as f64, *ms));
        chart.draw_series(LineSeries::new(points(), color.stroke_width(2)))?;
        chart.draw_series(points().map(|point| Circle::new(point, 3, color.filled())))?;
        let y = 60 + n * 24;
        area.draw(&PathElement::new(vec![(700, y), (724, y)], color.stroke_width(2)))?;
        area.draw(&Circle::new((712, y), 3, color.filled()))?;
        area.draw(&Text::new(curve.act, (734, y - 6), ("sans-serif", 13)))?;
    }
    area.present()?;
    Ok(())
}
