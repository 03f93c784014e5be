//! One bit per row of a block, and the pair of them that holds a verdict.

/// Rows in one word.
pub(crate) const WORD: usize = 64;

/// One bit per row of a block of `W` words. Bits of rows that do not exist are zero, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Plane<const W: usize>(pub [u64; W]);

impl<const W: usize> Plane<W> {
    pub const EMPTY: Self = Self([0; W]);

    /// The first words, to be written anew; the others are emptied.
    pub(crate) fn first_mut(&mut self, words: usize) -> &mut [u64] {
        let (first, rest) = self.0.split_at_mut(words.min(W));
        rest.fill(0);
        first
    }

    /// How many rows are in.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub fn contains(&self, row: usize) -> bool {
        self.0.get(row / WORD).is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    /// The rows that are in, first to last.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    index * WORD + bit
                })
            })
        })
    }
}

/// What is certain and what is possible of every row: `Met` is certain, `NotMet` is not even possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdicts<const W: usize> {
    pub certain: Plane<W>,
    pub possible: Plane<W>,
}

impl<const W: usize> Verdicts<W> {
    pub const NONE: Self = Self { certain: Plane::EMPTY, possible: Plane::EMPTY };
}
