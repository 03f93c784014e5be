//! Lines under headings, what is urgent first. Pure.

use chrono::NaiveDate;
use domain::{Reason, Window};

use crate::digest::Line;

/// Headings in the order of the letter; the first one a line fits is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// Something told before is no longer so: read this first.
    Changed,
    Within3Days,
    Within14Days,
    Within30Days,
    Later,
    Rolling,
    Upcoming,
    Known,
}

impl Group {
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Changed => "更正与废止",
            Self::Within3Days => "3 天内截止",
            Self::Within14Days => "14 天内截止",
            Self::Within30Days => "30 天内截止",
            Self::Later => "30 天后截止",
            Self::Rolling => "常年受理，随时可办",
            Self::Upcoming => "即将开放",
            Self::Known => "先了解，时间待公布",
        }
    }

    /// Whether the heading deserves the colour of urgency.
    pub(crate) fn is_urgent(self) -> bool {
        self <= Self::Within3Days
    }
}

/// Non-empty groups in order; within a group the earlier deadline first, else the planner's order.
pub(crate) fn group(lines: &[Line], as_of: NaiveDate) -> Vec<(Group, Vec<&Line>)> {
    let mut placed: Vec<(Group, &Line)> = lines.iter().map(|line| (group_of(line, as_of), line)).collect();
    placed.sort_by_key(|(group, line)| (*group, line.window.urgency()));
    let mut groups: Vec<(Group, Vec<&Line>)> = Vec::new();
    for (group, line) in placed {
        match groups.last_mut() {
            Some((last, members)) if *last == group => members.push(line),
            _ => groups.push((group, vec![line])),
        }
    }
    groups
}

fn group_of(line: &Line, as_of: NaiveDate) -> Group {
    if matches!(line.reason, Reason::Corrected | Reason::Repealed) {
        return Group::Changed;
    }
    match &line.window {
        Window::Open { closes_on: Some(day), .. } => match (*day - as_of).num_days() {
            ..=3 => Group::Within3Days,
            4..=14 => Group::Within14Days,
            15..=30 => Group::Within30Days,
            _ => Group::Later,
        },
        Window::Open { closes_on: None, .. } | Window::Rolling => Group::Rolling,
        Window::Upcoming { .. } | Window::Expected { .. } => Group::Upcoming,
        Window::Closed { .. } | Window::Unannounced | Window::Ended => Group::Known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    fn open_until(day: NaiveDate) -> Line {
        let mut line = Digest::sample().lines.remove(0);
        line.reason = Reason::NewlyMatched;
        line.window = Window::Open { batch: "1".into(), closes_on: Some(day) };
        line
    }

    #[test]
    fn a_line_moves_to_the_next_heading_one_day_after_each_boundary() {
        let as_of: NaiveDate = "2026-11-23".parse().unwrap();
        let check = |days: i64, expected| {
            assert_eq!(group_of(&open_until(as_of + chrono::Duration::days(days)), as_of), expected, "{days} days");
        };
        check(0, Group::Within3Days);
        check(3, Group::Within3Days);
        check(4, Group::Within14Days);
        check(14, Group::Within14Days);
        check(15, Group::Within30Days);
        check(30, Group::Within30Days);
        check(31, Group::Later);
    }

    #[test]
    fn a_correction_stands_first_whatever_its_window() {
        let as_of: NaiveDate = "2026-11-23".parse().unwrap();
        let urgent = open_until(as_of);
        let corrected = Line { reason: Reason::Corrected, window: Window::Rolling, ..urgent.clone() };
        let lines = [urgent, corrected];
        let groups = group(&lines, as_of);
        let headings: Vec<_> = groups.iter().map(|(group, _)| *group).collect();
        assert_eq!(headings, [Group::Changed, Group::Within3Days]);
    }

    #[test]
    fn no_line_is_lost_by_grouping() {
        let digest = Digest::sample();
        let grouped: usize = group(&digest.lines, digest.as_of).iter().map(|(_, lines)| lines.len()).sum();
        assert_eq!(grouped, digest.lines.len());
    }
}
