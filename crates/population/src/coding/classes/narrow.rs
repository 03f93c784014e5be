//! Views of wide classes for some members each, in bytes.

use std::ops::Range;

use crate::coding::codes::Codes;

/// Classes a byte tells apart.
pub(super) const ENTRIES: usize = 256;

/// The rows of a register as some of its members see them.
#[derive(Clone, Debug)]
pub(super) struct Narrow {
    pub(super) members: Range<usize>,
    /// By row.
    pub(super) codes: Vec<u8>,
    /// By member, the verdict of each code.
    pub(super) entries: Vec<[u8; ENTRIES]>,
    /// By wide class.
    code_of: Vec<u8>,
}

impl Narrow {
    /// Brings a row up to date, and those after the last.
    pub(super) fn follow(&mut self, wide: &Codes, row: usize) {
        let rows = wide.len();
        for new in self.codes.len()..rows {
            self.codes.push(self.code_of[wide.get(new) as usize]);
        }
        self.codes[row] = self.code_of[wide.get(row) as usize];
    }

    pub(super) fn bytes(&self) -> usize {
        self.codes.capacity() + ENTRIES * self.entries.capacity() + self.code_of.capacity()
    }
}

/// As few views as taking members in their order gives.
pub(super) fn split(verdicts: &[Vec<u8>], wide: &Codes) -> Vec<Narrow> {
    let classes = verdicts.first().map_or(0, Vec::len);
    let mut views = Vec::new();
    let mut code_of = vec![0; classes];
    let mut first = 0;
    for (member, verdicts_of) in verdicts.iter().enumerate() {
        if let Some(finer) = refined(&code_of, verdicts_of) {
            code_of = finer;
        } else {
            views.push(view(verdicts, first..member, code_of, wide));
            // One member tells three classes apart.
            code_of = refined(&vec![0; classes], verdicts_of).unwrap_or_default();
            first = member;
        }
    }
    views.push(view(verdicts, first..verdicts.len(), code_of, wide));
    views
}

fn view(verdicts: &[Vec<u8>], members: Range<usize>, code_of: Vec<u8>, wide: &Codes) -> Narrow {
    let entries = verdicts[members.clone()].iter().map(|verdicts| {
        let mut entries = [0; ENTRIES];
        for (code, verdict) in code_of.iter().zip(verdicts) {
            entries[usize::from(*code)] = *verdict;
        }
        entries
    });
    let codes = (0..wide.len()).map(|row| code_of[wide.get(row) as usize]);
    Narrow { codes: codes.collect(), entries: entries.collect(), members, code_of }
}

/// Codes that also tell apart what one more member does; `None` where a byte does not hold them.
fn refined(code_of: &[u8], verdicts: &[u8]) -> Option<Vec<u8>> {
    let mut known = [None; 4 * ENTRIES];
    let mut next = 0_u16;
    let finer = code_of.iter().zip(verdicts).map(|(code, verdict)| {
        let code = known[4 * usize::from(*code) + usize::from(verdict & 3)].get_or_insert_with(|| {
            next += 1;
            next - 1
        });
        u8::try_from(*code).ok()
    });
    finer.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_says_of_every_row_what_the_wide_classes_say() {
        // 1,500 classes, 40 members that split them at random.
        let verdicts: Vec<Vec<u8>> = (0..40_u64)
            .map(|member| {
                (0..1_500_u64).map(|class| u8::try_from(((class * 2_654_435_761) >> member) % 3).unwrap()).collect()
            })
            .collect();
        let mut wide = Codes::default();
        (0..1_500).rev().for_each(|class| wide.push(class));
        let mut views = split(&verdicts, &wide);
        assert!(views.len() > 1, "one byte would do");
        assert_eq!(views.iter().map(|view| view.members.len()).sum::<usize>(), 40);
        wide.set(7, 3);
        wide.push(1_499);
        for view in &mut views {
            view.follow(&wide, 7);
        }
        for view in &views {
            for (entries, verdicts) in view.entries.iter().zip(&verdicts[view.members.clone()]) {
                for (row, code) in view.codes.iter().enumerate() {
                    assert_eq!(entries[usize::from(*code)], verdicts[wide.get(row) as usize], "row {row}");
                }
            }
        }
    }
}
