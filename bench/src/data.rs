//! The generator: 2,000 people in 200 departments, their customers, and opportunities with five stays each. The same each time.

use model::{Amount, Currency, Id, Instant, Money, Value, Via};
use stagecraft_core::save::{Change, Deed, Historic, save_all};
use stagecraft_core::{Credential, House, Limits};

use crate::Fallible;

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    S,
    M,
    L,
}

impl Size {
    pub fn name(self) -> &'static str {
        match self {
            Size::S => "S",
            Size::M => "M",
            Size::L => "L",
        }
    }

    pub fn opportunities(self) -> usize {
        match self {
            Size::S => 10_000,
            Size::M => 100_000,
            Size::L => 1_000_000,
        }
    }
}

/// What the measurements ask for.
pub struct Data {
    pub salesperson: Id,
    /// Head of a department with 200 people below.
    pub manager: Id,
    pub sees_all: Id,
    /// Owns a tenth of all deals.
    pub heavy: Id,
    pub accounts: Vec<Id>,
    pub seconds: f64,
}

pub const SYSTEM: Credential = Credential::System("data to measure with");
/// 2,000 people in 200 departments.
pub const COMPANY: Staff = Staff { divisions: 10, departments: 20, people: 10 };
const CHUNK: usize = 500;
pub const DAY: i64 = 86_400_000_000;
/// A tenth of the accounts each.
pub const SECTORS: [&str; 10] =
    ["medical", "energy", "retail", "software", "finance", "transport", "education", "tourism", "farming", "construction"];
pub const WAY: [&str; 4] = ["prospecting", "qualification", "proposal", "negotiation"];

/// How a company is divided: divisions with so many departments each, their head's own among them, and so many people in every department.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    pub divisions: usize,
    pub departments: usize,
    pub people: usize,
}

impl Staff {
    pub fn everyone(self) -> usize {
        self.divisions * self.departments * self.people
    }

    /// A salesperson of the second division, which the manager heads; by number.
    pub fn salesperson(self) -> usize {
        self.divisions * self.departments + 1
    }

    /// One who owns much more than the others.
    pub fn heavy(self) -> usize {
        self.divisions * self.departments + 2
    }
}

/// A sequence of numbers that are as good as random and always the same.
pub struct Seeded(pub u64);

impl Seeded {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    /// What makes an id one of its own.
    pub fn bytes(&mut self) -> [u8; 10] {
        std::array::from_fn(|_| self.below(256) as u8)
    }
}

pub fn change(object: &str, fields: Vec<(&str, Value)>) -> Change {
    let mut change = Change::new(object, Deed::Create);
    change.patch = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    change
}

pub fn put(house: &House, object: &str, changes: Vec<Change>) -> Fallible<Vec<Id>> {
    let mut ids = Vec::with_capacity(changes.len());
    for part in changes.chunks(CHUNK) {
        let saved = house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| save_all(cx, tx, object, part.to_vec()))?;
        for one in saved {
            ids.push(one?.record.id);
        }
    }
    Ok(ids)
}

/// Departments, people and customers, through the same saves as everything else.
pub struct Market {
    pub staff: Staff,
    pub departments: Vec<Id>,
    pub people: Vec<Id>,
    pub accounts: Vec<Id>,
}

/// Fills an empty database with departments, people and as many customers.
pub fn market(house: &House, customers: usize) -> Fallible<Market> {
    let mut market = staff(house, COMPANY)?;
    let customer = |n: usize| {
        change(
            "account",
            vec![
                ("name", customer(n).into()),
                ("owner", market.people[n % market.people.len()].into()),
                ("sector", SECTORS[n % SECTORS.len()].into()),
            ],
        )
    };
    market.accounts = put(house, "account", (0..customers).map(customer).collect())?;
    Ok(market)
}

/// What the customer with this number is called.
pub fn customer(n: usize) -> String {
    format!("Customer {n} of {}", n * 7919 % 1000)
}

/// Fills an empty database with departments and people, who have no customers yet.
pub fn staff(house: &House, staff: Staff) -> Fallible<Market> {
    let Staff { divisions: many, departments: each, people } = staff;
    let divisions =
        put(house, "department", (0..many).map(|n| change("department", vec![("name", format!("Division {n}").into())])).collect())?;
    let below: Vec<Change> = (0..many * (each - 1))
        .map(|n| change("department", vec![("name", format!("Department {n}").into()), ("parent", divisions[n % many].into())]))
        .collect();
    let below = put(house, "department", below)?;
    let departments: Vec<Id> = divisions.iter().chain(&below).copied().collect();
    let hired: Vec<Change> = (0..departments.len() * people)
        .map(|n| {
            let role = match n {
                0 => "administrator",
                n if n < many => "sales_manager",
                _ => "salesperson",
            };
            let fields = vec![
                ("name", format!("Person {n}").into()),
                ("email", format!("person{n}@bench.example").into()),
                ("department", departments[n % departments.len()].into()),
                ("roles", Value::Keys(vec![role.to_owned()])),
            ];
            change("employee", fields)
        })
        .collect();
    let people = put(house, "employee", hired)?;
    // Person n of the first round sits in department n, so the first of each division heads it; the first of all is the administrator.
    let heads: Vec<Change> = (1..many)
        .map(|n| {
            let mut change = Change::of("department", divisions[n], Deed::Edit);
            change.patch.insert("head".into(), people[n].into());
            change
        })
        .collect();
    put(house, "department", heads)?;
    Ok(Market { staff, departments, people, accounts: Vec::new() })
}

impl Market {
    /// A salesperson of the second division, which the manager heads.
    pub fn salesperson(&self) -> Id {
        self.people[self.staff.salesperson()]
    }

    /// One who owns much more than the others.
    pub fn heavy(&self) -> Id {
        self.people[self.staff.heavy()]
    }
}

/// Fills an empty database through the same saves as everything else.
pub fn fill(house: &House, size: Size) -> Fallible<Data> {
    let mut seeded = Seeded(0x5eed_0002_0260_0001);
    let market = market(house, size.opportunities() / 10)?;
    let (salesperson, heavy) = (market.salesperson(), market.heavy());
    let Market { people, accounts, .. } = market;
    let now = house.read(&SYSTEM, Limits::default(), |cx, _| Ok(cx.at))?;
    let began = std::time::Instant::now();
    let mut deals = Vec::with_capacity(CHUNK);
    for n in 0..size.opportunities() {
        let owner = if n % 10 == 0 { heavy } else { people[seeded.below(people.len())] };
        let owner = if n % 500 == 7 { salesperson } else { owner };
        deals.push(deal(n, owner, accounts[seeded.below(accounts.len())], now, &mut seeded));
        if deals.len() == CHUNK || n + 1 == size.opportunities() {
            put(house, "opportunity", std::mem::take(&mut deals))?;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    // As housekeeping does on a server.
    house.db().analyse()?;
    Ok(Data { salesperson, manager: people[1], sees_all: people[0], heavy, accounts, seconds })
}

/// A deal with five stays: through the four stages and back once, or to its end.
fn deal(n: usize, owner: Id, account: Id, now: Instant, seeded: &mut Seeded) -> Change {
    let created = now.0 - (30 + seeded.below(700) as i64) * DAY - seeded.below(1_000_000) as i64;
    let last = match n % 5 {
        0 | 1 => "won",
        2 => "lost",
        _ => WAY[n % 4],
    };
    let mut entered: Vec<(String, Instant)> = Vec::with_capacity(5);
    let stages = [WAY[0], WAY[1], WAY[2], WAY[3], last];
    for (i, stage) in stages.into_iter().enumerate() {
        entered.push((stage.to_owned(), Instant(created + i as i64 * (3 + seeded.below(4) as i64 + 4) * DAY)));
    }
    entered.sort_by_key(|(_, at)| *at);
    for (i, stage) in stages.into_iter().enumerate() {
        entered[i].0 = stage.to_owned();
    }
    for i in 1..entered.len() {
        entered[i].1 = Instant(entered[i].1.0.max(entered[i - 1].1.0 + DAY));
    }
    let amount = Money { amount: Amount((100 + seeded.below(90_000) as i64) * 10_000), currency: Currency::USD };
    let close = Instant(now.0 + (seeded.below(180) as i64 - 30) * DAY).date_in(&jiff::tz::TimeZone::UTC);
    let mut change = change(
        "opportunity",
        vec![
            ("name", format!("Deal {n} with customer {}", n * 7919 % 1000).into()),
            ("account", account.into()),
            ("owner", owner.into()),
            ("amount", amount.into()),
            ("stage", last.into()),
            ("expected_close_date", close.into()),
        ],
    );
    change.deed = Deed::Historic(Historic { created_at: Some(Instant(created)), entered });
    change
}
