//! The leaves of a plan, read from the packed profiles of one segment, span by span.

mod chosen;
mod said;
mod whole;

use std::ops::Range as Rows;

use rules::Context;
use rules::bulk::{Asked, Claim, Stated};

use self::chosen::Chooser;
pub(crate) use self::said::SaidReader;
use self::whole::WholeReader;
use crate::archive::{Kind, Segment};
use crate::column::{Column, Numbers};
use crate::leaf::{FOUNDED, Leaf, Leaves};

/// Reads columns. What one enterprise needs several times is looked at once.
pub(crate) struct Reading<'a> {
    /// By leaf; those that need more than entries of one fact are read whole.
    numbers: Vec<Option<Chooser<'a>>>,
    whole: WholeReader<'a>,
}

/// The columns of a span, by leaf.
pub(crate) type Columns = Vec<Column>;

impl<'a> Reading<'a> {
    pub(crate) fn new(leaves: &'a Leaves, segment: &'a Segment, context: &'a Context<'a>) -> Self {
        let numbers = leaves.all.iter().map(|leaf| match leaf {
            Leaf::Number { fact, when, source } => {
                let asked = Asked::number(fact, *when, source.as_deref(), context);
                Some(Chooser::new(segment.facts(fact), asked))
            }
            _ => None,
        });
        Self { numbers: numbers.collect(), whole: WholeReader::new(leaves, segment, context) }
    }

    /// The columns of consecutive rows of the segment.
    pub(crate) fn columns(&mut self, rows: Rows<usize>) -> Columns {
        let mut columns = self.whole.columns(rows.clone());
        let founded = match self.numbers.get_mut(FOUNDED) {
            Some(Some(chooser)) => stated(chooser, rows.clone(), &Numbers::default()),
            _ => Numbers::default(),
        };
        for (leaf, chooser) in self.numbers.iter_mut().enumerate().skip(1) {
            if let Some(chooser) = chooser {
                columns[leaf] = Column::Numbers(stated(chooser, rows.clone(), &founded));
            }
        }
        columns[FOUNDED] = Column::Numbers(founded);
        columns
    }
}

fn stated(chooser: &mut Chooser<'_>, rows: Rows<usize>, founded: &Numbers) -> Numbers {
    let mut numbers = Numbers::default();
    let Some(asked) = chooser.asked() else {
        rows.for_each(|_| numbers.push(Stated::Contradicting));
        return numbers;
    };
    let mut parts = chooser.parts(rows.start);
    for row in 0..rows.len() {
        let chosen = chooser.choose(parts.part());
        let claims = chosen.iter().map(|candidate| claim(candidate.entry));
        numbers.push(asked.stated(claims, || founded.known(row)));
    }
    numbers
}

fn claim((kind, number): (Kind, u64)) -> Claim {
    match kind {
        Kind::NotApplicable => Claim::NotApplicable,
        Kind::Number => Claim::Number(crate::archive::unzigzag(number)),
        Kind::Date => Claim::Date(crate::archive::unzigzag(number)),
        _ => Claim::Other,
    }
}
