//! How many rows a table has, and a number that says whether they are the same.

use sha2::{Digest, Sha256};

use super::Cells;
use crate::Cell;

/// The number of rows and the sum of their digests. Rows come in no order of their own, so the sum does not depend on one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    halves: [u128; 2],
}

impl Sum {
    /// Counts a row in.
    pub fn add(&mut self, row: &Cells) {
        let mut hash = Sha256::new();
        for cell in row {
            match cell {
                Cell::Null => hash.update([0]),
                Cell::Int(n) => {
                    hash.update([1]);
                    hash.update(n.to_be_bytes());
                }
                Cell::Text(text) => sized(&mut hash, 2, text.as_bytes()),
                Cell::Bytes(bytes) => sized(&mut hash, 3, bytes),
                Cell::Id(id) => {
                    hash.update([4]);
                    hash.update(id.0.as_bytes());
                }
            }
        }
        let digest = hash.finalize();
        self.rows += 1;
        for (half, bytes) in self.halves.iter_mut().zip(digest.chunks_exact(16)) {
            *half = half.wrapping_add(u128::from_be_bytes(bytes.try_into().unwrap_or_default()));
        }
    }

    /// The sum in words, as a manifest keeps it.
    pub fn checksum(&self) -> String {
        format!("{:032x}{:032x}", self.halves[0], self.halves[1])
    }
}

fn sized(hash: &mut Sha256, kind: u8, bytes: &[u8]) {
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(rows: &[Cells]) -> Sum {
        let mut sum = Sum::default();
        rows.iter().for_each(|row| sum.add(row));
        sum
    }

    #[test]
    fn it_tells_any_difference_but_that_of_order() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let (one, two) = (vec![text("a"), Cell::Int(1)], vec![text("a"), Cell::Null]);
        assert_eq!(sum(&[one.clone(), two.clone()]), sum(&[two.clone(), one.clone()]));
        let others = [
            vec![one.clone()],
            vec![one.clone(), one.clone()],
            vec![one.clone(), two.clone(), two.clone()],
            vec![vec![text("a"), Cell::Int(2)], two.clone()],
            vec![vec![text("a1"), Cell::Null], two],
        ];
        let whole = sum(&[one.clone(), vec![text("a"), Cell::Null]]);
        for other in others {
            assert_ne!(sum(&other), whole, "{other:?}");
        }
        assert_ne!(sum(&[vec![text("ab"), text("c")]]), sum(&[vec![text("a"), text("bc")]]));
        assert_ne!(sum(&[vec![text("")]]), sum(&[vec![Cell::Null]]));
    }
}
