//! The turn of the year alone never causes a push.
//!
//! On 1 January 上年度, 近三年 and 当年 mean other years, though nothing has happened to anybody: a penalty of four years
//! ago leaves the window, the running year's figures become last year's. What that alone brings about is held until the
//! figures of the last year are due (30 June); until then the old year is what notices are judged on in practice. What
//! really happens in the meantime is told at once: a figure that is filed, a birthday, a certificate, a call that opens,
//! an item or a rule that is new.
//!
//! The question is asked of the profile as it stood on the eve: if the new year's windows change what it was told under
//! the old year's, with ages and validity as of today in both, then it was the turn.

use chrono::{Datelike, NaiveDate};
use rules::{Profile, Reference};

use crate::matching::Entry;
use crate::standing::Standing;

/// What a standing lets one say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Match,
    Notice,
    Silence,
}

impl Voice {
    fn of(standing: Standing) -> Self {
        match standing {
            _ if standing.is_match() => Self::Match,
            Standing::NotFullyRecorded => Self::Notice,
            _ => Self::Silence,
        }
    }
}

/// The first day of the year, while what its turn alone brings is held.
pub fn turned_on(day: NaiveDate) -> Option<NaiveDate> {
    let due = rules::figures_due(day.year())?;
    NaiveDate::from_ymd_opt(day.year(), 1, 1).filter(|_| day < due)
}

/// Whether only the turn of the year makes the item what it is on `day` for an enterprise whose profile on the eve
/// `was`.
pub fn is_brought_by(entry: &Entry, was: &Profile, reference: &Reference, day: NaiveDate) -> bool {
    let Some(eve) = turned_on(day).and_then(|first| first.pred_opt()) else { return false };
    // With a date of its own the call looks back from there, whatever the day.
    if entry.as_of(day) != day {
        return false;
    }
    let now = Voice::of(entry.explain(was, reference, day).standing);
    let before = Voice::of(entry.explain_in_year(was, reference, day, eve.year()).standing);
    // Where nothing could be handed in on the eve and now it can, the call is the news.
    let is_opened_since = now != Voice::Silence && entry.window(day).is_open() && !entry.window(eve).is_open();
    now != before && !is_opened_since
}

#[cfg(test)]
mod tests;
