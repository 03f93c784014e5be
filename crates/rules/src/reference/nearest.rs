//! "Did you mean": the closest known name, if it is close enough to be the one meant.

/// The candidate with the smallest edit distance, at most a third of its length (at least one edit).
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    candidates
        .into_iter()
        .map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().collect();
            let allowed = (letters.len().max(wanted.len()) / 3).max(1);
            (distance(&wanted, &letters), allowed, candidate)
        })
        .filter(|(distance, allowed, _)| distance <= allowed)
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., candidate)| candidate)
}

/// Levenshtein distance, one row at a time.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_meant_and_nonsense_finds_none() {
        let names = ["revenue", "rd_expense", "研发费用", "营业收入"];
        assert_eq!(nearest("revenu", names), Some("revenue"));
        assert_eq!(nearest("研发费", names), Some("研发费用"));
        assert_eq!(nearest("营业总收入", names), Some("营业收入"));
        assert_eq!(nearest("weather", names), None);
    }
}
