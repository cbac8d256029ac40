//! From what is expected and how it varies to a range.

/// How projections erred before counts as if so many had erred as is usual.
const PRIOR: f64 = 3.0;
/// What is usual: by a fifth of what was expected.
const USUAL: f64 = 0.2;
/// The level of earlier projections is believed as much as no correction at all after so many.
const LEVEL: f64 = 4.0;
/// The normal distribution's tenth part.
const TENTH: f64 = 1.281_551_565_545;

/// How earlier projections of the same organisation fell: what was expected, how much it varied by chance alone, what came.
#[derive(Clone, Debug, Default)]
pub struct Errors(Vec<(f64, f64, f64)>);

impl Errors {
    /// Takes in one: all without what was won already before the cut.
    pub fn add(&mut self, expected: f64, variance: f64, came: f64) {
        if expected > 0.0 {
            self.0.push((expected, variance, came));
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True while there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By what expectations have to be multiplied to come out right.
    pub fn level(&self) -> f64 {
        let ratios: f64 = self.0.iter().map(|(expected, _, came)| (came / expected).clamp(0.25, 4.0)).sum();
        (ratios + LEVEL) / (self.0.len() as f64 + LEVEL)
    }

    /// By how much projections err beyond chance, as a share of what they expect, squared.
    fn beyond(&self) -> f64 {
        let level = self.level();
        let beyond = self.0.iter().map(|(expected, variance, came)| {
            let expected = level * expected;
            (((came - expected).powi(2) - variance * level * level) / expected.powi(2)).clamp(-1.0, 4.0)
        });
        ((beyond.sum::<f64>() + PRIOR * USUAL * USUAL) / (self.0.len() as f64 + PRIOR)).max(0.0)
    }
}

/// What comes: with a chance of ten percent no more than the first, and with ten percent more than the last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    pub expected: f64,
    pub p10: f64,
    pub p50: f64,
    pub p90: f64,
}

impl Range {
    /// Around what is expected of open and coming deals, as they vary by chance and as projections erred before; `closed` is there already.
    pub fn of(closed: f64, expected: f64, variance: f64, errors: &Errors) -> Range {
        let (level, beyond) = (errors.level(), errors.beyond());
        let mean = expected * level;
        let spread = variance.max(0.0) * level * level + beyond * mean * mean;
        let at = |z: f64| closed + gamma(mean, spread, z);
        Range { expected: closed + mean, p10: at(-TENTH), p50: at(0.0), p90: at(TENTH) }
    }
}

/// A quantile of the gamma distribution with this mean and variance, by the cube of Wilson and Hilferty: never below nothing, and leaning as sums
/// of few large amounts do.
fn gamma(mean: f64, variance: f64, z: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    let ninth = variance / (mean * mean) / 9.0;
    mean * (1.0 - ninth + z * ninth.sqrt()).max(0.0).powi(3)
}
