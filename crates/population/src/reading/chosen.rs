//! Which packed entries of a fact count: judged once per tag, not once per entry.

use rules::bulk::{Asked, Candidate, prevail};

use crate::archive::{Facts, Kind, Parts, Reader, Tag, end_of, period};

/// What was found out about the entries of a tag.
#[derive(Clone, Copy, Debug)]
enum Judged {
    NotYet,
    Never,
    /// Their time is that of the tag.
    Always(Weight),
    /// Each has its own time.
    Dated(Weight),
}

#[derive(Clone, Copy, Debug)]
struct Weight {
    rank: usize,
    /// The first tag of the same origin.
    source: usize,
    from: i64,
}

/// Chooses the entries of one fact for one question.
pub(crate) struct Chooser<'a> {
    facts: Option<&'a Facts>,
    asked: Option<Asked<'a>>,
    judged: Vec<Judged>,
    chosen: Vec<Chosen>,
}

pub(crate) type Chosen = Candidate<usize, i64, (Kind, u64)>;

impl<'a> Chooser<'a> {
    /// Without a question nothing is chosen: the catalogue does not know the fact.
    pub(crate) fn new(facts: Option<&'a Facts>, asked: Option<Asked<'a>>) -> Self {
        let tags = facts.map_or(0, |facts| facts.tags.len());
        Self { facts, asked, judged: vec![Judged::NotYet; tags], chosen: Vec::new() }
    }

    pub(crate) fn asked(&self) -> Option<Asked<'a>> {
        self.asked
    }

    /// The parts of rows from one on.
    pub(crate) fn parts(&self, row: usize) -> Parts<'a> {
        self.facts.map_or_else(Parts::none, |facts| facts.store.parts(row))
    }

    /// The entries of one row that count.
    pub(crate) fn choose(&mut self, part: &[u8]) -> &[Chosen] {
        self.chosen.clear();
        let (Some(facts), Some(asked)) = (self.facts, self.asked) else { return &self.chosen };
        let mut part = Reader(part);
        while let Some((tag, packed)) = facts.next(&mut part) {
            let judged = &mut self.judged[packed.tag];
            if let Judged::NotYet = judged {
                *judged = judge(facts, tag, &asked);
            }
            let weight = match *judged {
                Judged::Always(weight) => weight,
                Judged::Dated(weight) if asked.is_in_time(period(packed.ends)) => {
                    Weight { from: end_of(packed.ends.0).unwrap_or(i64::MIN), ..weight }
                }
                Judged::Dated(_) | Judged::Never | Judged::NotYet => continue,
            };
            let Weight { rank, source, from } = weight;
            self.chosen.push(Candidate { rank, source, from, entry: (tag.kind, packed.number) });
        }
        prevail(&mut self.chosen);
        &self.chosen
    }
}

fn judge(facts: &Facts, tag: &Tag, asked: &Asked<'_>) -> Judged {
    let Some(rank) = asked.rank(&tag.source) else { return Judged::Never };
    let source = facts.tags.iter().position(|other| other.source == tag.source).unwrap_or_default();
    match tag.period {
        None => Judged::Dated(Weight { rank, source, from: i64::MIN }),
        Some(period) if asked.is_in_time(period) => {
            let from = period.from.map_or(i64::MIN, |day| i64::from(chrono::Datelike::num_days_from_ce(&day)));
            Judged::Always(Weight { rank, source, from })
        }
        Some(_) => Judged::Never,
    }
}
